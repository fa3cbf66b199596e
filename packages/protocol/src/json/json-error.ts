/** JSON that is not the message: malformed text, or a value of the wrong kind. */
export class JsonError extends Error {
  override readonly name: string = "JsonError";
}
