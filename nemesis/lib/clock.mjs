// The wall clock of one process, by libfaketime. The monotonic clock stays as it is: no machine's ever jumps.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { FAKETIME_LIBRARY } from "./means.mjs";

/** How often the process looks whether its clock has been moved. */
const LOOK_SECONDS = "1";

export class MovableClock {
  #path;

  constructor(folder, name) {
    this.#path = join(folder, `${name}.clock`);
    this.set(0);
    this.library = FAKETIME_LIBRARY;
    this.env = {
      FAKETIME_TIMESTAMP_FILE: this.#path,
      FAKETIME_DONT_FAKE_MONOTONIC: "1",
      FAKETIME_CACHE_DURATION: LOOK_SECONDS,
      NO_FAKE_STAT: "1",
    };
  }

  /** Seconds ahead of the true time; negative: behind. */
  set(seconds) {
    writeFileSync(this.#path, `${seconds < 0 ? "" : "+"}${seconds}`);
  }
}
