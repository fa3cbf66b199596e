/** What an object and its numbers count, however few bytes they have. */
const OBJECT_BYTES = 64;

/** About how many bytes a message keeps in memory: its bytes and texts, and something for every object. */
export function answerBytes(message: unknown): number {
  if (typeof message === "string") return message.length;
  if (typeof message !== "object" || message === null) return 0;
  if (message instanceof Uint8Array) return message.length;
  let total = OBJECT_BYTES;
  if (Array.isArray(message)) for (const each of message) total += answerBytes(each);
  else for (const name in message) total += answerBytes(message[name as keyof typeof message]);
  return total;
}
