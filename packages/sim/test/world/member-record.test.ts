import type { Effects, Entry, HardState, Membership, RaftCore } from "@quorate/core";
import type { CoreOrigin } from "@quorate/host";
import { expect, test } from "vitest";
import { ClusterLedger } from "../../src/invariants/cluster-ledger.ts";
import { MemberRecord } from "../../src/world/member-record.ts";

const MEMBERSHIP: Membership = {
  voters: [1, 2, 3],
  outgoing: [],
  learners: [],
  learnersNext: [],
  autoLeave: false,
};

/** A core that finds nothing wrong with itself. */
const CORE = { checkInvariants: () => undefined } as unknown as RaftCore;

function entries(from: number, to: number, term: number): Entry[] {
  const made: Entry[] = [];
  for (let index = from; index <= to; index += 1) {
    made.push({ index, term, kind: "command", payload: Uint8Array.of(index, term) });
  }
  return made;
}

function originOf(hardState: HardState, log: readonly Entry[], applied = 1): CoreOrigin {
  const last = log.at(-1) ?? { index: 0, term: 0 };
  return {
    groupId: 1,
    membership: MEMBERSHIP,
    applied: { index: applied, term: 1 },
    storage: {
      recovered: {
        hardState,
        firstIndex: 1,
        last: { index: last.index, term: last.term },
        snapshots: [],
        truncatedBytes: 0,
      },
      log: { term: (index: number) => log[index - 1]?.term ?? "unavailable" },
    },
  } as unknown as CoreOrigin;
}

function append(id: number, written: readonly Entry[], hardState?: HardState): Effects {
  return {
    send: [],
    append: {
      id,
      hardState,
      entries: written,
      installSnapshot: undefined,
      mustSync: true,
      afterDurable: [],
    },
    apply: undefined,
    reads: [],
    role: undefined,
  };
}

const FIRST = { term: 1, vote: 0, commit: 1 };

/** A member that has entries 1 to 4 on its disk and 5 to 6 on the way there. */
function member(): { readonly ledger: ClusterLedger; readonly record: MemberRecord } {
  const ledger = new ClusterLedger();
  const record = new MemberRecord(2, ledger);
  record.begin(CORE, originOf(FIRST, entries(1, 1, 1)), entries(1, 1, 1));
  record.taken(append(1, entries(2, 4, 1)));
  record.appendDone(1);
  record.taken(append(2, entries(5, 5, 1)));
  record.taken(append(3, entries(6, 6, 1)));
  record.end();
  return { ledger, record };
}

test("accepts any number of the writes that were under way, in their order", () => {
  for (const last of [4, 5, 6]) {
    const { ledger, record } = member();
    record.begin(CORE, originOf(FIRST, entries(1, last, 1)), []);
    expect(ledger.violations, `${last} entries`).toEqual([]);
    expect(record.durablePrints.last).toBe(last);
  }
});

test("reports that acknowledged entries are gone, or others than were written", () => {
  const short = member();
  short.record.begin(CORE, originOf(FIRST, entries(1, 3, 1)), []);
  expect(short.ledger.violations[0]?.checker).toBe("what was durable is there after a restart");
  const other = member();
  const replaced = [...entries(1, 3, 1), ...entries(4, 4, 2)];
  other.record.begin(CORE, originOf(FIRST, replaced), []);
  expect(other.ledger.violations[0]?.checker).toBe("what was durable is there after a restart");
});

test("reports that a vote is forgotten over a restart", () => {
  const ledger = new ClusterLedger();
  const record = new MemberRecord(2, ledger);
  record.begin(CORE, originOf(FIRST, entries(1, 1, 1)), entries(1, 1, 1));
  record.taken(append(1, [], { term: 2, vote: 3, commit: 1 }));
  record.appendDone(1);
  record.end();
  record.begin(CORE, originOf({ term: 2, vote: 0, commit: 1 }, entries(1, 1, 1)), []);
  expect(ledger.violations[0]?.checker).toBe("what was durable is there after a restart");
});

test("a member that lost its disk elects nobody, and counts again when it was given a log", () => {
  const { ledger, record } = member();
  record.wiped();
  record.begin(CORE, originOf({ term: 0, vote: 0, commit: 0 }, [], 0), []);
  expect(ledger.violations).toEqual([]);
  const vote = append(1, [], { term: 7, vote: 3, commit: 0 });
  const granted = { type: "voteReply", from: 2, to: 3, term: 7, granted: true } as const;
  const work = vote.append as NonNullable<Effects["append"]>;
  record.taken({ ...vote, append: { ...work, afterDurable: [granted] } });
  record.appendDone(1);
  expect(ledger.violations[0]?.checker).toBe("members without their data elect nobody");
  record.taken(append(2, entries(1, 3, 1)));
  expect(record.isGhost).toBe(false);
});
