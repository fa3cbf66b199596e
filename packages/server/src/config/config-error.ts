/** Something is wrong with what the operator asked for. The message is one sentence that says what and where. */
export class ConfigError extends Error {
  override readonly name: string = "ConfigError";
}
