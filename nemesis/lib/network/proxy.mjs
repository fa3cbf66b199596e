// The driver's end of the proxy process: which weather is between whom, as the sum of what all faults of the moment want.
import { fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import { CALM } from "./weather.mjs";

const PROGRAM = fileURLToPath(new URL("proxy-process.mjs", import.meta.url));

/** The worse of both in every respect. */
function worse(one, other) {
  const sum = { ...one };
  for (const [name, value] of Object.entries(other)) {
    sum[name] = typeof value === "boolean" ? one[name] || value : Math.max(one[name], value);
  }
  return sum;
}

export class LinkProxy {
  #child;
  #calls = new Map();
  #numbers = 0;
  #wishes = new Set();
  counts = new Map();

  async open({ seed, doors }) {
    this.#child = fork(PROGRAM, { stdio: ["ignore", "ignore", "inherit", "ipc"] });
    this.#child.on("message", ({ id, error, counts }) => {
      if (counts !== undefined) this.counts = new Map(counts);
      const call = this.#calls.get(id);
      this.#calls.delete(id);
      if (error === undefined) call?.resolve();
      else call?.reject(new Error(`The proxy: ${error}`));
    });
    this.#child.once("exit", () => {
      for (const { reject } of this.#calls.values()) reject(new Error("The proxy ended."));
      this.#calls.clear();
    });
    await this.#ask({ type: "open", seed, doors });
  }

  #ask(question) {
    this.#numbers += 1;
    const id = this.#numbers;
    return new Promise((resolve, reject) => {
      this.#calls.set(id, { resolve, reject });
      this.#child.send({ id, ...question });
    });
  }

  /** Weather on the ways `[from, to]`, until the function that comes back is called. */
  async begin(ways, weather) {
    const wish = { ways, weather };
    this.#wishes.add(wish);
    await this.#tell();
    return async () => {
      this.#wishes.delete(wish);
      await this.#tell();
    };
  }

  #tell() {
    const links = new Map();
    for (const { ways, weather } of this.#wishes) {
      for (const [from, to] of ways) {
        const key = `${from}>${to}`;
        links.set(key, worse(links.get(key) ?? CALM, weather));
      }
    }
    return this.#ask({ type: "weather", links: [...links] });
  }

  /** Brings `counts` up to date. */
  refresh() {
    return this.#tell();
  }

  close() {
    this.#child?.disconnect();
  }
}
