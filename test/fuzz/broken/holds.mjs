const kept = [];

export default {
  what: "Keeps a megabyte per input.",
  covers: ["test/fuzz/broken/holds"],
  input: () => undefined,
  run() {
    kept.push(new Uint8Array(1 << 20));
    return "read";
  },
};
