import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { type AddressInfo, createServer, type Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { pageRoutes } from "../../src/console/page-files.ts";
import { HttpRouter } from "../../src/http/router.ts";

let folder: string;
const servers: Server[] = [];
let url: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "quorate-page-"));
  mkdirSync(join(folder, "page", "assets"), { recursive: true });
  writeFileSync(join(folder, "secret.html"), "not part of the page");
  writeFileSync(join(folder, "page", "index.html"), "<!doctype html><p>the page</p>");
  writeFileSync(join(folder, "page", "assets", "index-1.js"), "let page = 1;");
  writeFileSync(join(folder, "page", "notes.txt"), "no type that is served");
  const router = new HttpRouter({
    routes: pageRoutes(join(folder, "page")),
    corsOrigins: [],
    onDefect: (path, defect) => {
      throw new Error(`${path}: ${String(defect)}`);
    },
  });
  url = await serve(router);
});
afterAll(async () => {
  for (const server of servers) server.close();
  rmSync(folder, { recursive: true, force: true });
});

async function serve(router: HttpRouter): Promise<string> {
  const server = createServer((connection) => router.serve(connection));
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", () => resolve()));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const get = (path: string, method = "GET"): Promise<Response> =>
  fetch(`${url}${path}`, { method, redirect: "manual", signal: AbortSignal.timeout(5000) });

test("the root leads to the page, and nothing else does", async () => {
  const root = await get("/");
  expect([root.status, root.headers.get("location")]).toEqual([302, "/console/"]);
  expect((await get("/console")).status).toBe(302);
  expect((await get("/nowhere")).status).toBe(404);
  expect((await get("/nowhere", "POST")).status).toBe(404);
});

test("files come with their types, and only files of the page come", async () => {
  const page = await get("/console/");
  expect(page.status).toBe(200);
  expect(page.headers.get("content-type")).toBe("text/html; charset=utf-8");
  expect(page.headers.get("content-security-policy")).toContain("default-src 'self'");
  expect(page.headers.get("cache-control")).toBe("no-cache");
  expect(await page.text()).toContain("the page");
  const script = await get("/console/assets/index-1.js");
  expect(script.headers.get("cache-control")).toContain("immutable");
  expect(await script.text()).toBe("let page = 1;");
  expect((await get("/console/notes.txt")).status).toBe(404);
  expect((await get("/console/%2e%2e/secret.html")).status).toBe(404);
  expect((await get("/console/assets/../../secret.html")).status).toBe(404);
});

test("a page that was not built says how to build it", async () => {
  const router = new HttpRouter({
    routes: pageRoutes(join(folder, "nothing")),
    corsOrigins: [],
    onDefect: () => {},
  });
  const answer = await fetch(`${await serve(router)}/console/`);
  expect(answer.status).toBe(404);
  expect(await answer.text()).toContain("npm run build");
});
