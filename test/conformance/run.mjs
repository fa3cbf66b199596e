// Runs conformance tests: node test/conformance/run.mjs <folder or file>…
import { fileURLToPath } from "node:url";
import { runnerImport } from "vite";

const { module } = await runnerImport(fileURLToPath(new URL("./run.ts", import.meta.url)), {
  configFile: false,
  logLevel: "error",
});
process.exitCode = module.main(process.argv.slice(2));
