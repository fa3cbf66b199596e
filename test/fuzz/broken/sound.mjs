export default {
  what: "Does what it should.",
  covers: ["test/fuzz/broken/sound"],
  input: (random) => random.bytes(4).toString("hex"),
  run: (input) => input,
};
