import type { PeerMessage, PeerMessageType } from "@quorate/core";
import type { Telling } from "../explanation.ts";

/** Every message by its type. */
export type MessageByType = { readonly [M in PeerMessage as M["type"]]: M };

/** How messages of the types `T` are told: a type without its telling does not compile. */
export type MessageTellings<T extends PeerMessageType> = {
  readonly [K in T]: Telling<MessageByType[K]>;
};
