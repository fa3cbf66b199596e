// node bench/put.mjs: puts per second through unmodified gRPC, Quorate beside etcd.
import { askLoadQuestion } from "./lib/load-question.mjs";

await askLoadQuestion({
  name: "put",
  question: "Puts through unmodified gRPC",
  operations: { put: "put" },
});
