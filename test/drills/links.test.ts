import { connect, createServer, type Server, type Socket } from "node:net";
import { afterEach, expect, test } from "vitest";
import { Links } from "../../drills/lib/links.mjs";

// Two members, 1 and 2: a server that stands for member 2, and what member 1 sends it over the link 1 → 2.

interface Scene {
  readonly links: Links;
  readonly server: Server;
  readonly heard: string[];
  readonly accepted: Socket[];
  dial(): Socket;
}

const scenes: Scene[] = [];

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.listen(0, "127.0.0.1", () => {
      const bound = probe.address();
      const port = typeof bound === "object" && bound !== null ? bound.port : 0;
      probe.close(() => resolve(port));
    });
  });
}

async function scene(): Promise<Scene> {
  const heard: string[] = [];
  const accepted: Socket[] = [];
  const server = createServer((socket) => {
    accepted.push(socket);
    socket.on("data", (bytes) => {
      heard.push(String(bytes));
      socket.write(`heard ${String(bytes)}`);
    });
    socket.on("error", () => undefined);
  });
  const target = await freePort();
  await new Promise<void>((resolve) => server.listen(target, "127.0.0.1", resolve));
  const links = new Links({ firstPort: await freePort(), count: 2, memberPort: () => target });
  await links.listen();
  const made: Scene = {
    links,
    server,
    heard,
    accepted,
    dial: () => connect({ port: links.port(1, 2), host: "127.0.0.1" }),
  };
  scenes.push(made);
  return made;
}

afterEach(() => {
  for (const { links, server, accepted } of scenes.splice(0)) {
    links.close();
    for (const socket of accepted) socket.destroy();
    server.close();
  }
});

const next = (socket: Socket): Promise<string> =>
  new Promise((resolve) => socket.once("data", (bytes) => resolve(String(bytes))));
const closed = (socket: Socket): Promise<void> =>
  new Promise((resolve) => {
    socket.once("error", () => undefined);
    socket.once("close", () => resolve());
  });

test("an open link carries bytes both ways", async () => {
  const { dial, heard } = await scene();
  const socket = dial();
  socket.write("one");
  expect(await next(socket)).toBe("heard one");
  expect(heard).toEqual(["one"]);
  socket.destroy();
});

test("a held link keeps bytes back and delivers them when it opens", async () => {
  const { links, dial, heard } = await scene();
  const socket = dial();
  socket.write("one");
  await next(socket);
  links.set("held", 1, 2);
  // Written while held: it must not arrive before something else has made the whole way round.
  await new Promise<void>((resolve) => socket.write("two", () => resolve()));
  links.set("open", 2, 1);
  expect(heard).toEqual(["one"]);
  const answer = next(socket);
  links.set("open", 1, 2);
  expect(await answer).toBe("heard two");
  socket.destroy();
});

test("a cut link ends connections, loses what was held, and lets nobody through", async () => {
  const { links, dial, heard } = await scene();
  const socket = dial();
  socket.write("one");
  await next(socket);
  links.set("held", 1, 2);
  await new Promise<void>((resolve) => socket.write("two", () => resolve()));
  const ended = closed(socket);
  links.set("cut", 1, 2);
  await ended;
  await closed(dial());
  links.openAll();
  const again = dial();
  again.write("three");
  expect(await next(again)).toBe("heard three");
  expect(heard).toEqual(["one", "three"]);
  again.destroy();
});

test("each direction is a link of its own", async () => {
  const { links, dial } = await scene();
  links.set("cut", 2, 1);
  const socket = dial();
  socket.write("one");
  expect(await next(socket)).toBe("heard one");
  socket.destroy();
});
