export default {
  what: "Comes to no end for its fourth input.",
  covers: ["test/fuzz/broken/hangs"],
  inputs: 0,
  input() {
    this.inputs += 1;
    return this.inputs;
  },
  run(input) {
    while (input === 4);
    return "read";
  },
};
