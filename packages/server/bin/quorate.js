#!/usr/bin/env node
// The command of the package. In a checkout it needs the build: npm run build.
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

const built = new URL("../dist/cli/main.js", import.meta.url);
if (!existsSync(fileURLToPath(built))) {
  process.stderr.write("quorate is not built yet: run npm run build first.\n");
  process.exit(1);
}
// Whoever reads our output may stop reading, as in "quorate get … | head".
process.stdout.on("error", (error) => {
  if (error.code === "EPIPE") process.exit(0);
  throw error;
});
const { main } = await import(built.href);
process.exitCode = await main(process.argv.slice(2), process.argv[1]);
