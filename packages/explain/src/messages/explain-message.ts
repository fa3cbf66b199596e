import type { PeerMessage, PeerMessageType } from "@quorate/core";
import { type ExplainOptions, type Explanation, type Telling, tell } from "../explanation.ts";
import { ELECTION_MESSAGES } from "./election-messages.ts";
import { LOG_MESSAGES } from "./log-messages.ts";
import type { MessageTellings } from "./message-telling.ts";
import { READ_MESSAGES } from "./read-messages.ts";

/** A new kind of message does not compile until it is told. */
const TELLINGS: MessageTellings<PeerMessageType> = {
  ...LOG_MESSAGES,
  ...ELECTION_MESSAGES,
  ...READ_MESSAGES,
};

/** One plain sentence for a message on its way between two members, and the rule it belongs to. */
export function explainMessage(message: PeerMessage, options: ExplainOptions): Explanation {
  // Type and message belong together; the compiler loses that when it joins the tellings of all types.
  const telling = TELLINGS[message.type] as Telling<PeerMessage>;
  return tell(telling, message, options);
}
