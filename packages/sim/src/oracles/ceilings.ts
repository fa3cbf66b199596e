import type { CoreStatus } from "@quorate/core";
import type { NodeLife } from "../world/sim-node.ts";

/** One command more than a limit may be on its way when the limit is reached; nobody sends larger ones here. */
const ONE_MORE_BYTES = 64 << 10;

/** Limits of a node, as far as they were set. */
export interface Ceilings {
  readonly inflightMessagesMax: number;
  readonly inflightBytesMax: number;
  readonly uncommittedBytesMax: number;
  readonly appendBytesMax: number;
  readonly queueBytesMax: number;
}

export const CEILINGS_CHECKER = "limits are kept";

/** What of a node is beyond its limits now, in words. */
export function beyondCeilings(
  life: NodeLife,
  core: CoreStatus,
  limits: Ceilings,
): readonly string[] {
  const found: string[] = [];
  const expect = (what: string, value: number, most: number): void => {
    if (value > most) found.push(`${what} is ${value}, the limit ${most}`);
  };
  expect("uncommitted bytes", core.uncommittedBytes, limits.uncommittedBytesMax + ONE_MORE_BYTES);
  const inflightBytesMax = limits.inflightBytesMax + limits.appendBytesMax + ONE_MORE_BYTES;
  for (const [member, progress] of core.progress) {
    if (member === core.id) continue;
    const to = `on the way to ${member}`;
    expect(`messages ${to}`, progress.inflightMessages, limits.inflightMessagesMax);
    expect(`bytes ${to}`, progress.inflightBytes, inflightBytesMax);
  }
  for (const { peer, queuedBytes } of life.host.peers()) {
    expect(`bytes queued for ${peer}`, queuedBytes, limits.queueBytesMax + 2 * ONE_MORE_BYTES);
  }
  return found;
}
