// A member from the single files of dist instead of from its bundle: profiles name the file that a function is in.
import { serveHere } from "../../packages/server/dist/cli/serve-here.js";

process.exit(await serveHere(process.argv.slice(2)));
