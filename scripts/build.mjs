import { prepare, say } from "./prepare.mjs";

prepare();
say("Built: every package's dist is up to date.");
