// CPU per trivial unary call on the server's side: this layer, @grpc/grpc-js and bare node:http2,
// one after the other, several times, with h2load (Debian: nghttp2-client) as the generator.
//
//   npx tsc -b packages/grpc && node packages/grpc/bench/unary.mjs [rounds] [calls]
//
// The servers are processes of their own; their CPU is read from /proc, so this runs on Linux.

import { execFileSync, fork } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const REQUEST_BYTES = 256;
const ANSWER = Buffer.alloc(30, "a");
const PATHS = { now: "/bench.Echo/Now", later: "/bench.Echo/Later" };

const SERVERS = {
  own: async () => {
    const { GrpcServer, SharedPort } = await import("@quorate/grpc");
    const grpc = new GrpcServer({
      methods: [
        { kind: "unary", path: PATHS.now, handle: () => ANSWER },
        { kind: "unary", path: PATHS.later, handle: async () => ANSWER },
      ],
    });
    return (await SharedPort.listen({ grpc, host: "127.0.0.1", port: 0 })).port;
  },
  "grpc-js": async () => {
    const { Server, ServerCredentials } = await import("@grpc/grpc-js");
    const server = new Server();
    const same = (bytes) => bytes;
    const method = (path) => ({
      path,
      requestStream: false,
      responseStream: false,
      requestSerialize: same,
      requestDeserialize: same,
      responseSerialize: same,
      responseDeserialize: same,
    });
    server.addService(
      { Now: method(PATHS.now), Later: method(PATHS.later) },
      {
        Now: (_call, done) => done(null, ANSWER),
        Later: (_call, done) => Promise.resolve().then(() => done(null, ANSWER)),
      },
    );
    return new Promise((resolve, reject) =>
      server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, port) =>
        error === null ? resolve(port) : reject(error),
      ),
    );
  },
  "node:http2": async () => {
    const { createServer } = await import("node:http2");
    const server = createServer();
    const answer = Buffer.concat([Buffer.from([0, 0, 0, 0, ANSWER.length]), ANSWER]);
    server.on("stream", (stream) => {
      stream.on("data", () => {});
      stream.on("end", () => {
        stream.respond(
          { ":status": 200, "content-type": "application/grpc" },
          { waitForTrailers: true },
        );
        stream.on("wantTrailers", () => stream.sendTrailers({ "grpc-status": "0" }));
        stream.end(answer);
      });
    });
    return new Promise((resolve) =>
      server.listen(0, "127.0.0.1", () => resolve(server.address().port)),
    );
  },
};

const LOADS = [
  { name: "1/1", connections: 1, streams: 1, share: 0.1, path: PATHS.now },
  { name: "100/10", connections: 10, streams: 10, share: 1, path: PATHS.now },
  { name: "100/10 later", connections: 10, streams: 10, share: 1, path: PATHS.later },
  { name: "1000/10", connections: 10, streams: 100, share: 1, path: PATHS.now },
  { name: "1000/100", connections: 100, streams: 10, share: 1, path: PATHS.now },
];

/** The slower servers get fewer calls, so that each takes about as long. */
const CALL_SHARE = { own: 1, "grpc-js": 0.1, "node:http2": 0.15 };

const TICKS_PER_SECOND = 100;

function cpuMicroseconds(pid) {
  const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return ((Number(fields[11]) + Number(fields[12])) * 1e6) / TICKS_PER_SECOND;
}

function start(name) {
  const child = fork(fileURLToPath(import.meta.url), ["--serve", name]);
  return new Promise((resolve) => child.once("message", (port) => resolve({ child, port })));
}

function load(port, { connections, streams, path }, calls, bodyFile) {
  const output = execFileSync("h2load", [
    ...["-n", `${calls}`, "-c", `${connections}`, "-m", `${streams}`, "-d", bodyFile],
    ...["-H", "content-type: application/grpc", "-H", "te: trailers"],
    `http://127.0.0.1:${port}${path}`,
  ]).toString();
  if (!output.includes(`${calls} succeeded`)) throw new Error(output);
  return Number(/([\d.]+) req\/s/.exec(output)[1]);
}

const median = (values) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];

async function main(rounds, calls) {
  const folder = mkdtempSync(join(tmpdir(), "unary-"));
  const bodyFile = join(folder, "body");
  writeFileSync(
    bodyFile,
    Buffer.concat([Buffer.from([0, 0, 0, 1, 0]), Buffer.alloc(REQUEST_BYTES, "r")]),
  );
  const servers = {};
  for (const name of Object.keys(SERVERS)) servers[name] = await start(name);
  const results = {};
  for (const spec of LOADS) {
    const samples = Object.fromEntries(Object.keys(SERVERS).map((name) => [name, []]));
    for (let round = -1; round < rounds; round++) {
      for (const [name, { child, port }] of Object.entries(servers)) {
        const count = Math.round(calls * spec.share * CALL_SHARE[name]);
        const before = cpuMicroseconds(child.pid);
        const perSecond = load(port, spec, count, bodyFile);
        const cpu = (cpuMicroseconds(child.pid) - before) / count;
        // The first round warms up.
        if (round >= 0) samples[name].push({ perSecond, cpu });
      }
    }
    results[spec.name] = samples;
    print(spec.name, samples);
  }
  for (const { child } of Object.values(servers)) child.kill();
  rmSync(folder, { recursive: true });
  return results;
}

function print(name, samples) {
  const own = median(samples.own.map(({ cpu }) => cpu));
  for (const [server, list] of Object.entries(samples)) {
    const cpu = median(list.map((sample) => sample.cpu));
    const range = list.map((sample) => sample.cpu.toFixed(1)).sort((a, b) => a - b);
    const perSecond = Math.round(median(list.map((sample) => sample.perSecond)));
    console.log(
      `${name.padEnd(13)} ${server.padEnd(11)} ${String(perSecond).padStart(7)} calls/s ` +
        `${cpu.toFixed(1).padStart(6)} µs CPU/call (${range[0]}–${range.at(-1)})  ` +
        `× ${(cpu / own).toFixed(1)}`,
    );
  }
}

if (process.argv[2] === "--serve") {
  process.send(await SERVERS[process.argv[3]]());
} else {
  await main(Number(process.argv[2] ?? 3), Number(process.argv[3] ?? 200_000));
}
