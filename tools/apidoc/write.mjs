// `npm run docs:api`: builds, then writes docs/api anew.
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { build, root, say } from "../../scripts/prepare.mjs";
import { apiPage, PACKAGES } from "./pages.mjs";

build();
const folder = join(root, "docs", "api");
mkdirSync(folder, { recursive: true });
for (const name of PACKAGES) writeFileSync(join(folder, `${name}.md`), apiPage(root, name));
say(`docs/api: ${PACKAGES.length} pages`);
