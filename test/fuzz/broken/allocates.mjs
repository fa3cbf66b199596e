export default {
  what: "Believes a length that somebody announces.",
  covers: ["test/fuzz/broken/allocates"],
  input: () => 1 << 29,
  run: (length) => (new Uint8Array(length).length === length ? "read" : "refused"),
};
