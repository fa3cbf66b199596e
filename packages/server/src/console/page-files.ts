import { readdirSync, readFileSync } from "node:fs";
import { extname, join, sep } from "node:path";
import { gzipSync } from "node:zlib";
import { type HttpRoute, sendText } from "../http/router.ts";
import { packageFolder } from "../package-folder.ts";

/** Where the build puts the page: beside the compiled server. */
const FOLDER = join(packageFolder(), "dist", "page");

const PAGE_PATH = "/console/";

const TYPES: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".svg": "image/svg+xml",
};

/** Nothing from elsewhere, and no script that is not a file of ours; pictures are drawn by the page itself. */
const POLICY =
  "default-src 'self'; img-src 'self' data: blob:; style-src 'self' 'unsafe-inline'; object-src 'none'; base-uri 'none'; form-action 'none'";

interface PageFile {
  readonly type: string;
  readonly plain: Buffer;
  readonly gzipped: Buffer;
  /** Its name changes with its content. */
  readonly isHashed: boolean;
}

/** The page's files, read once: only what was there is ever served. */
function readPage(folder: string): ReadonlyMap<string, PageFile> {
  const files = new Map<string, PageFile>();
  let names: readonly string[];
  try {
    names = readdirSync(folder, { recursive: true, encoding: "utf8" });
  } catch {
    return files;
  }
  for (const name of names) {
    const type = TYPES[extname(name)];
    if (type === undefined) continue;
    const plain = readFileSync(join(folder, name));
    const path = name.split(sep).join("/");
    const isHashed = path.startsWith("assets/");
    files.set(path, { type, plain, gzipped: gzipSync(plain), isHashed });
  }
  return files;
}

const NOT_FOUND = "404 page not found\n";
const NOT_BUILT = "The page is not built. In a checkout of Quorate, npm run build does that.\n";

/** The page at `/console/`, and the way there from `/`. */
export function pageRoutes(folder: string = FOLDER): readonly HttpRoute[] {
  let files: ReadonlyMap<string, PageFile> | undefined;
  const toPage: HttpRoute["handle"] = (_, response) => {
    response.writeHead(302, { Location: PAGE_PATH }).end();
  };
  return [
    { path: "/console", methods: ["GET"], handle: toPage },
    {
      path: PAGE_PATH,
      methods: ["GET", "HEAD"],
      handle: ({ method, path, message }, response) => {
        files ??= readPage(folder);
        const name = path === PAGE_PATH ? "index.html" : path.slice(PAGE_PATH.length);
        const file = files.get(name);
        if (file === undefined) {
          sendText(response, 404, files.size === 0 ? NOT_BUILT : NOT_FOUND);
          return;
        }
        const zips = /\bgzip\b/.test(message.headers["accept-encoding"] ?? "");
        const body = zips ? file.gzipped : file.plain;
        response.writeHead(200, {
          "Content-Type": file.type,
          "Content-Length": body.length,
          ...(zips ? { "Content-Encoding": "gzip" } : {}),
          "Cache-Control": file.isHashed ? "public, max-age=31536000, immutable" : "no-cache",
          "Content-Security-Policy": POLICY,
          "X-Content-Type-Options": "nosniff",
          "Referrer-Policy": "no-referrer",
          Vary: "Accept-Encoding",
        });
        response.end(method === "HEAD" ? undefined : body);
      },
    },
    {
      // Everything that nobody else serves comes here; only the root itself leads to the page.
      path: "/",
      methods: ["GET", "HEAD"],
      handle: (request, response) => {
        if (request.path === "/") return toPage(request, response);
        sendText(response, 404, NOT_FOUND);
      },
      refuseMethod: (response) => sendText(response, 404, NOT_FOUND),
    },
  ];
}
