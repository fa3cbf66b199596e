export default {
  what: "Throws for one input in three.",
  covers: ["test/fuzz/broken/crashes"],
  input: (random) => random.below(3),
  run(input) {
    if (input === 2) throw new TypeError("not foreseen");
    return "read";
  },
};
