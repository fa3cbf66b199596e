// A network of our own: each member in its own namespace, all on one bridge, the proxy and the clients at the bridge. Lives in
// the namespaces of this process and ends with them.
import { spawnSync } from "node:child_process";
import { mkdirSync } from "node:fs";
import { LinkProxy } from "./proxy.mjs";

/** 198.18.0.0/15 is set aside for tests of network devices: nobody on any network has such an address. */
const HUB = "198.18.0.1";
const CLIENT_PORT = 2379;
const PEER_PORT = 2380;
/** A member's own address; the hub's address at which the others find it; the hub's address when it speaks for it. */
const own = (place) => `198.18.1.${place}`;
const door = (place) => `198.18.2.${place}`;
const voice = (place) => `198.18.3.${place}`;

function run(command, args, input) {
  const { error, status, stderr } = spawnSync(command, args, { input, encoding: "utf8" });
  if (error !== undefined) throw error;
  if (status !== 0) throw new Error(`${command} ${args.join(" ")}: ${stderr.trim()}`);
}

const ip = (...args) => run("ip", args);

export class NamespaceNetwork {
  kind = "namespaces";
  #proxy = new LinkProxy();
  #cuts = new Set();

  constructor(places) {
    this.places = places;
  }

  async open(seed) {
    mkdirSync("/run/netns", { recursive: true });
    run("mount", ["-t", "tmpfs", "none", "/run/netns"]);
    ip("link", "set", "lo", "up");
    ip("link", "add", "name", "hub", "type", "bridge");
    ip("link", "set", "hub", "up");
    ip("addr", "add", `${HUB}/16`, "dev", "hub");
    for (const place of this.places) {
      const name = this.#namespace(place);
      ip("netns", "add", name);
      ip(
        "link",
        "add",
        "name",
        `veth${place}`,
        "type",
        "veth",
        "peer",
        "name",
        "eth0",
        "netns",
        name,
      );
      ip("link", "set", `veth${place}`, "master", "hub", "up");
      ip("addr", "add", `${door(place)}/32`, "dev", "hub");
      ip("addr", "add", `${voice(place)}/32`, "dev", "hub");
      for (const args of [
        ["link", "set", "lo", "up"],
        ["link", "set", "eth0", "up"],
        ["addr", "add", `${own(place)}/16`, "dev", "eth0"],
      ]) {
        ip("-n", name, ...args);
      }
    }
    run(
      "nft",
      ["-f", "-"],
      `table ip nemesis {
        set cut { type ipv4_addr . ipv4_addr; }
        chain input { type filter hook input priority 0; ip saddr . ip daddr @cut drop; }
        chain output { type filter hook output priority 0; ip saddr . ip daddr @cut drop; }
      }`,
    );
    const doors = this.places.map((place) => ({
      place,
      sourceHost: own(place),
      viaHost: voice(place),
      door: { host: door(place), port: PEER_PORT },
      target: { host: own(place), port: PEER_PORT },
    }));
    await this.#proxy.open({ seed, doors });
  }

  #namespace(place) {
    return `member${place}`;
  }

  /** Where a member listens, where the others find it, and how its process is put there. */
  addressesOf(place) {
    return {
      enter: ["nsenter", `--net=/run/netns/${this.#namespace(place)}`, "--"],
      clientUrl: `http://${own(place)}:${CLIENT_PORT}`,
      endpoint: `${own(place)}:${CLIENT_PORT}`,
      listenPeerUrl: `http://${own(place)}:${PEER_PORT}`,
      peerUrl: `http://${door(place)}:${PEER_PORT}`,
    };
  }

  /** Packets on the ways `[from, to]` vanish until the function that comes back is called. */
  async cut(ways) {
    // What a member sends goes to another's door, or in answer to the voice of one that dialed it.
    return this.#drop(
      ways.flatMap(([from, to]) => [
        [own(from), door(to)],
        [own(from), voice(to)],
      ]),
    );
  }

  /** Packets between the clients and a member vanish, both ways. */
  async cutClients(place) {
    return this.#drop([
      [own(place), HUB],
      [HUB, own(place)],
    ]);
  }

  #drop(pairs) {
    const wish = { pairs };
    this.#cuts.add(wish);
    this.#apply();
    return async () => {
      this.#cuts.delete(wish);
      this.#apply();
    };
  }

  /** All cuts of the moment in one transaction. */
  #apply() {
    const pairs = new Set();
    for (const wish of this.#cuts) for (const [a, b] of wish.pairs) pairs.add(`${a} . ${b}`);
    const lines = ["flush set ip nemesis cut"];
    if (pairs.size > 0) lines.push(`add element ip nemesis cut { ${[...pairs].join(", ")} }`);
    run("nft", ["-f", "-"], `${lines.join("\n")}\n`);
  }

  weather(ways, weather) {
    return this.#proxy.begin(ways, weather);
  }

  async counts() {
    await this.#proxy.refresh();
    return this.#proxy.counts;
  }

  close() {
    this.#proxy.close();
  }
}
