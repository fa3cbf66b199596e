// The proxy between the members, in a process of its own so that clients and checkers do not slow it down. It listens in each
// member's place; who dialed is known from the source address, or on the loopback from the first frame.
import { connect, createServer } from "node:net";
import { seededRandom } from "../../../drills/lib/report.mjs";
import { carry } from "./link-carrier.mjs";
import { CALM } from "./weather.mjs";

const counts = new Map();
const count = (name, by = 1) => counts.set(name, (counts.get(name) ?? 0) + by);
const connections = new Set();
/** `from>to` to weather; absent: calm. */
let weathers = new Map();
let random = seededRandom(1);

const weatherBetween = (from, to) => weathers.get(`${from}>${to}`) ?? CALM;

/** `doors`: per member its place, where the others find it, where it really is. */
function open({ seed, doors }) {
  random = seededRandom(seed);
  const placeOf = new Map();
  for (const { place, sourceHost, door } of doors) {
    if (sourceHost !== undefined) placeOf.set(sourceHost, place);
    placeOf.set(`${door.host}:${door.port}`, place);
  }
  const listening = doors.map(
    (to) =>
      new Promise((resolve, reject) => {
        const server = createServer((inbound) => accept(inbound, to, placeOf, doors));
        server.once("error", reject);
        server.listen({ host: to.door.host, port: to.door.port }, resolve);
      }),
  );
  return Promise.all(listening);
}

function accept(inbound, to, placeOf, doors) {
  let from = placeOf.get(inbound.remoteAddress);
  const { viaHost } = doors.find(({ place }) => place === from) ?? {};
  const outbound = connect({ ...to.target, localAddress: viaHost, noDelay: true });
  const connection = {
    to: to.place,
    get from() {
      return from;
    },
    ...carry(inbound, outbound, {
      forth: () => weatherBetween(from, to.place),
      back: () => weatherBetween(to.place, from),
      random,
      count,
      onHello: ({ address }) => {
        from ??= placeOf.get(address);
      },
    }),
  };
  connections.add(connection);
  inbound.on("close", () => connections.delete(connection));
}

/** A stream with a hole in it is no stream: it ends when the silence does. */
function endHoles(before) {
  for (const connection of [...connections]) {
    const ways = [`${connection.from}>${connection.to}`, `${connection.to}>${connection.from}`];
    const healed = ways.some(
      (way) => before.get(way)?.silent === true && weathers.get(way)?.silent !== true,
    );
    if (healed) connection.end();
  }
}

process.on("message", async ({ id, type, ...rest }) => {
  try {
    if (type === "open") await open(rest);
    if (type === "weather") {
      const before = weathers;
      weathers = new Map(rest.links);
      endHoles(before);
    }
    process.send({ id, counts: [...counts] });
  } catch (error) {
    process.send({ id, error: error.message });
  }
});
process.on("disconnect", () => process.exit(0));
