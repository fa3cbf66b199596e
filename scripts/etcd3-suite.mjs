// `npm run etcd3-suite`: the tests that npm's etcd3 was published with, unmodified, against a member of ours over TLS.
import { spawn, spawnSync } from "node:child_process";
import { cpSync, mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { numberFrom, readCommandLine } from "./command-line.mjs";
import { fail, prepare, root, run, say } from "./prepare.mjs";

/** The newest release whose package holds its tests; they are the same calls as today's. */
const CLIENT = "etcd3@1.0.2";
/** What those tests were written with. */
const TOOLS = ["chai@4", "chai-as-promised@7", "chai-subset@1", "mocha@8", "sinon@9"];

const values = readCommandLine(
  `npm run etcd3-suite -- [options]

Installs ${CLIENT} with its tests' tools into .quorate/etcd3-suite and runs them against one member over TLS. Needs the registry.

  --port <n>   where the member listens, default 25590; the next one is its peers'`,
  { port: { type: "string", default: "25590" } },
);
const port = numberFrom("port", values.port, { from: 1024, to: 65_000 });
prepare();

const folder = join(root, ".quorate", "etcd3-suite");
const suite = join(folder, "node_modules", "etcd3", "lib");
const certificates = join(suite, "src", "test", "certs");
const files = {
  authority: join(certificates, "certs", "ca.crt"),
  certificate: join(certificates, "certs", "etcd0.localhost.crt"),
  key: join(certificates, "private", "etcd0.localhost.key"),
};

function install() {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "package.json"), `${JSON.stringify({ private: true })}\n`);
  const args = ["install", "--no-audit", "--no-fund", "--silent", "--no-package-lock"];
  if (run("npm", [...args, CLIENT, ...TOOLS], { cwd: folder }) !== 0) {
    fail(`${CLIENT} could not be installed: is the registry reachable?`);
  }
  cpSync(join(suite, "..", "proto"), join(suite, "proto"), { recursive: true });
}

async function writeCertificates() {
  const source = join(root, "packages", "server", "dist", "tls", "self-signed.js");
  const { selfSigned } = await import(source);
  const names = ["127.0.0.1", "localhost", "etcd0.localhost"];
  const { certificate, key } = selfSigned(names, new Date());
  for (const part of ["certs", "private"]) mkdirSync(join(certificates, part), { recursive: true });
  writeFileSync(files.authority, certificate);
  writeFileSync(files.certificate, certificate);
  writeFileSync(files.key, key);
}

/** Resolves once the member serves clients; rejects with its last words when it ends before. */
async function startMember() {
  const data = join(folder, "data");
  rmSync(data, { recursive: true, force: true });
  const client = `https://127.0.0.1:${port}`;
  const peer = `http://127.0.0.1:${port + 1}`;
  const child = spawn(
    process.execPath,
    [
      join(root, "packages", "server", "bin", "quorate.js"),
      "serve",
      "--name=n1",
      `--data-dir=${data}`,
      `--listen-client-urls=${client}`,
      `--advertise-client-urls=${client}`,
      `--listen-peer-urls=${peer}`,
      `--initial-advertise-peer-urls=${peer}`,
      `--initial-cluster=n1=${peer}`,
      `--cert-file=${files.certificate}`,
      `--key-file=${files.key}`,
    ],
    { stdio: ["ignore", "pipe", "pipe"] },
  );
  const ended = new Promise((resolve) => child.once("exit", resolve));
  let last = "";
  await new Promise((resolve, reject) => {
    for (const stream of [child.stdout, child.stderr]) {
      createInterface({ input: stream }).on("line", (line) => {
        last = line;
        if (line.includes("ready to serve client requests")) resolve();
      });
    }
    void ended.then(() => reject(new Error(`The member did not start: ${last}`)));
  });
  return async () => {
    child.kill("SIGTERM");
    await ended;
  };
}

install();
await writeCertificates();
const stop = await startMember();
const tests = readdirSync(join(suite, "src", "test")).filter((name) => name.endsWith(".test.js"));
const result = spawnSync(
  process.execPath,
  [
    join(folder, "node_modules", "mocha", "bin", "mocha"),
    "--exit",
    `--file=${join(suite, "src", "test", "_setup.js")}`,
    "--timeout=20000",
    // Some of them are about what happens within so many milliseconds.
    "--retries=2",
    ...tests.map((name) => join(suite, "src", "test", name)),
  ],
  {
    cwd: folder,
    encoding: "utf8",
    env: { ...process.env, ETCD_ADDR: `127.0.0.1:${port}`, ETCD_VERSION: "3.6.0" },
  },
);
await stop();
process.stdout.write(result.stdout);
process.stderr.write(result.stderr);
const count = (word) => Number(new RegExp(`^ +(\\d+) ${word}`, "mu").exec(result.stdout)?.[1] ?? 0);
const failed = count("failing") + (result.status === 0 || count("failing") > 0 ? 0 : 1);
say(`${count("passing")} passed, ${failed} failed, ${count("pending")} pending`);
process.exit(failed === 0 && count("passing") > 0 ? 0 : 1);
