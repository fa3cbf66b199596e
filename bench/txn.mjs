// node bench/txn.mjs: transactions with a comparison and a put.
import { askLoadQuestion } from "./lib/load-question.mjs";

await askLoadQuestion({
  name: "txn",
  question: "Transactions: compare a version, then put",
  operations: { txn: "txn" },
  defaults: { load: "10/1,100/10,1000/100" },
});
