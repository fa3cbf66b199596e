// node bench/mixed.mjs: half puts, half linearizable reads.
import { askLoadQuestion } from "./lib/load-question.mjs";

await askLoadQuestion({
  name: "mixed",
  question: "Half puts, half linearizable reads",
  operations: { mixed: "mixed" },
  defaults: { load: "10/1,100/10,1000/100" },
});
