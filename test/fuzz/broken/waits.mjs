export default {
  what: "Waits for something that nobody will do.",
  covers: ["test/fuzz/broken/waits"],
  input: () => undefined,
  run: () => new Promise(() => {}),
};
