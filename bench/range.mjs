// node bench/range.mjs: reads of one key per second, linearizable and serializable.
import { askLoadQuestion } from "./lib/load-question.mjs";

await askLoadQuestion({
  name: "range",
  question: "Reads of one key",
  operations: { linearizable: "range", serializable: "serializable" },
});
