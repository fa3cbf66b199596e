import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { credentials, Client as GrpcClient, Metadata } from "@grpc/grpc-js";
import * as protocol from "@quorate/protocol";
import { root } from "../../scripts/prepare.mjs";
import { mutated } from "../lib/mutate.mjs";

const load = (path) => import(join(root, "packages/server/dist", path));
const { loadSettings, Member } = await load("index.js");
const { GATEWAY_PATHS } = await load("gateway/paths.js");

/** What would change who may ask, or end the member's usefulness to later inputs on purpose. */
const LEFT_OUT = /Alarm$|AuthEnable$|MemberRemove$/;
const METHODS = Object.values(protocol)
  .flatMap((service) =>
    typeof service === "object" && service !== null ? Object.values(service) : [],
  )
  .filter(
    (method) => typeof method?.path === "string" && typeof method.request?.decode === "function",
  )
  .filter(({ path }) => path in GATEWAY_PATHS && !LEFT_OUT.test(path));
const HTTP_STATUSES = new Set([
  200, 400, 401, 403, 404, 408, 409, 412, 413, 429, 431, 499, 500, 501, 503, 504,
]);
const GRPC_CODES_MAX = 16;

/** Fields with small numbers, as requests have them: what is decoded from it has something in many of its fields. */
function fields(random, depth) {
  const parts = [];
  for (let left = random.below(7); left > 0; left -= 1) {
    const number = 1 + random.below(9);
    if (random.chance(0.5))
      parts.push(Buffer.of(number * 8, random.below(random.chance(0.8) ? 4 : 128)));
    else {
      const inner = depth > 0 && random.chance(0.6) ? fields(random, depth - 1) : word(random);
      if (inner.length < 128) parts.push(Buffer.of(number * 8 + 2, inner.length), inner);
    }
  }
  return Buffer.concat(parts);
}

function word(random) {
  return Buffer.from(random.pick(["a", "b", "a/1", "\0", "", "http://h:1", "root", "1.2"]));
}

function body(random) {
  const bytes = fields(random, 4);
  return random.chance(0.3) ? mutated(bytes, random) : bytes;
}

/** The message in JSON, if the bytes are one, often with mistakes. */
function jsonBody(method, random) {
  let text = "{}";
  try {
    text = method.request.toJson(method.request.decode(new Uint8Array(fields(random, 4))));
  } catch (error) {
    if (!(error instanceof protocol.WireError)) throw error;
  }
  return random.chance(0.4) ? mutated(Buffer.from(text), random) : Buffer.from(text);
}

async function freePorts(count) {
  const servers = Array.from({ length: count }, () => createServer().listen(0, "127.0.0.1"));
  await Promise.all(servers.map((server) => once(server, "listening")));
  const ports = servers.map((server) => server.address().port);
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
}

/** The member of all inputs of a run: what earlier ones wrote is there for later ones. */
let folder;
let member;
let client;
let url;
const defects = [];
const quiet = () => {};
const logger = {
  level: "error",
  debug: quiet,
  info: quiet,
  warn: quiet,
  error: (text, more) => defects.push(`${text} ${JSON.stringify(more)}`),
};

/** Any call over gRPC: its status code. */
function ask(path, bytes, metadata = {}) {
  const call = client.makeBidiStreamRequest(
    path,
    Buffer.from,
    (answer) => answer,
    toMetadata(metadata),
  );
  const status = new Promise((resolve) => {
    call.on("data", quiet);
    call.on("error", quiet);
    call.on("status", ({ code }) => resolve(code));
  });
  call.write(bytes);
  call.end();
  return { status, cancel: () => call.cancel() };
}

function toMetadata(entries) {
  const metadata = new Metadata();
  for (const [name, value] of Object.entries(entries)) metadata.set(name, value);
  return metadata;
}

/** The member still serves: also the sign that it has taken what came before on other connections. */
async function probe() {
  const { path, request } = protocol.KVService.put;
  const bytes = request.encode({ key: Uint8Array.of(1), value: Uint8Array.of(2) });
  const code = await ask(path, bytes).status;
  if (code !== 0) throw new Error(`the member answers an honest put with ${code}`);
}

async function overGrpc({ path, bytes, metadata }) {
  const { status, cancel } = ask(path, bytes, metadata);
  // Some calls wait for what never comes, rightly.
  const code = await Promise.race([status, probe().then(() => -1)]);
  cancel();
  if (code > GRPC_CODES_MAX) throw new Error(`${path} ends with ${code}`);
  return code === -1 ? "waits" : `gRPC ${code}`;
}

async function overHttp({ page, text, headers }) {
  const ended = new AbortController();
  const answer = fetch(`${url}${page}`, {
    method: "POST",
    body: text,
    headers,
    signal: ended.signal,
  })
    .then(({ status }) => status)
    .catch((error) => (error.name === "AbortError" ? -1 : Promise.reject(error)));
  const status = await Promise.race([answer, probe().then(() => -1)]);
  ended.abort();
  if (status !== -1 && !HTTP_STATUSES.has(status)) throw new Error(`${page} answers ${status}`);
  return status === -1 ? "waits" : `HTTP ${status}`;
}

export default {
  what: "Requests to a running member, over gRPC and over the JSON gateway: it answers each, and an honest one after it.",
  covers: [
    "packages/server/dist/services/",
    "packages/server/dist/gateway/",
    "packages/server/dist/rpc/",
  ],
  async prepare() {
    folder = mkdtempSync(join(tmpdir(), "quorate-fuzz-"));
    const [clientPort, peerPort] = await freePorts(2);
    const peerUrl = `http://127.0.0.1:${peerPort}`;
    url = `http://127.0.0.1:${clientPort}`;
    const { settings } = loadSettings(
      [
        "--name=solo",
        `--data-dir=${join(folder, "data")}`,
        `--listen-client-urls=${url}`,
        `--listen-peer-urls=${peerUrl}`,
        `--initial-advertise-peer-urls=${peerUrl}`,
      ],
      {},
    );
    member = await Member.start(settings, logger, quiet);
    client = new GrpcClient(`127.0.0.1:${clientPort}`, credentials.createInsecure());
    await probe();
  },
  async finish() {
    client.close();
    await member.close();
    rmSync(folder, { recursive: true, force: true });
  },
  input(random) {
    const method = random.pick(METHODS);
    const token = random.chance(0.05) ? { token: "nobody.1" } : {};
    if (random.chance(0.6)) {
      const bytes = body(random);
      return { kind: "grpc", path: method.path, bytes, metadata: token };
    }
    const [page] = GATEWAY_PATHS[method.path];
    const authorization = random.chance(0.05) ? { authorization: "nobody" } : {};
    return { kind: "http", page, text: jsonBody(method, random), headers: authorization };
  },
  async run(input) {
    const outcome = await (input.kind === "grpc" ? overGrpc(input) : overHttp(input));
    await probe();
    if (defects.length > 0) throw new Error(defects[0]);
    return outcome;
  },
};
