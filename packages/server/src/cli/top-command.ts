import type { Client, StatusResponse } from "@quorate/client";
import { type Cli, type CommonOptions, examples } from "./cli.ts";
import { withClient } from "./connection.ts";
import { EXIT } from "./exit-code.ts";
import { untilInterrupted } from "./interrupt.ts";
import { leaseId as idOf } from "./print.ts";
import { spanMs } from "./read-words.ts";
import { table } from "./table.ts";

const HOME_AND_CLEAR = "\u001b[H\u001b[J";

interface TopFlags {
  readonly once?: boolean;
  readonly interval: string;
}

/** One look at one endpoint. */
type Look = { readonly endpoint: string; readonly atMs: number; readonly tookMs: number } & (
  | { readonly status: StatusResponse }
  | { readonly problem: string }
);

/** `top`: a live view of all endpoints. */
export function addTopCommand({ program, terminal, end }: Cli): void {
  program
    .command("top")
    .summary("watch the cluster work")
    .description(
      "Shows every endpoint again and again: its role, how far it is, how much is written, and what is wrong. Ctrl-C ends it.",
    )
    .option("--once", "look once and end; with 3 when an endpoint did not answer")
    .option("--interval <span>", "time between looks", "1s")
    .addHelpText(
      "after",
      examples(
        "quorate --endpoints n1:2379,n2:2379,n3:2379 top",
        "quorate top --once --output json",
      ),
    )
    .action(async (flags: TopFlags, command) => {
      const options: CommonOptions = command.optsWithGlobals();
      const intervalMs = spanMs("--interval", flags.interval);
      await withClient(options, async (client) => {
        const interruption = untilInterrupted(terminal);
        let before: readonly Look[] = [];
        for (;;) {
          const looks = await Promise.all(
            client.endpoints.map((endpoint) => look(client, endpoint, intervalMs)),
          );
          const rows = rowsOf(looks, before);
          const isLive = flags.once !== true && terminal.isInteractive;
          if (options.output === "json") terminal.out(`${JSON.stringify(rows)}\n`);
          else terminal.out(`${isLive ? HOME_AND_CLEAR : ""}${viewOf(looks, rows)}`);
          before = looks;
          if (flags.once === true) {
            if (looks.some((one) => "problem" in one)) end(EXIT.unavailable);
            break;
          }
          if (await interruption.within(intervalMs)) break;
        }
        interruption.release();
      });
    });
}

async function look(client: Client, endpoint: string, timeoutMs: number): Promise<Look> {
  const atMs = performance.now();
  try {
    const status = await client.status(endpoint, { timeoutMs });
    return { endpoint, atMs, tookMs: performance.now() - atMs, status };
  } catch (error) {
    const problem = error instanceof Error ? error.message : String(error);
    return { endpoint, atMs, tookMs: performance.now() - atMs, problem };
  }
}

interface Row {
  readonly endpoint: string;
  readonly role: string;
  readonly term?: number;
  readonly index?: number;
  readonly behind?: number;
  readonly revision?: number;
  readonly entriesPerSecond?: number;
  readonly sizeBytes?: number;
  readonly answerMs: number;
  readonly problems: readonly string[];
}

function rowsOf(looks: readonly Look[], before: readonly Look[]): readonly Row[] {
  const farthest = Math.max(0, ...looks.map((one) => ("status" in one ? one.status.raftIndex : 0)));
  return looks.map((one, place): Row => {
    const { endpoint } = one;
    const answerMs = Math.round(one.tookMs * 10) / 10;
    if ("problem" in one) return { endpoint, role: "down", answerMs, problems: [one.problem] };
    const { status } = one;
    const last = before[place];
    const isLeader = status.leader !== 0n && status.leader === status.header?.memberId;
    return {
      endpoint,
      role: status.isLearner ? "learner" : isLeader ? "leader" : "follower",
      term: status.raftTerm,
      index: status.raftIndex,
      behind: farthest - status.raftAppliedIndex,
      revision: status.header?.revision ?? 0,
      ...(last !== undefined && "status" in last
        ? {
            entriesPerSecond: Math.round(
              ((status.raftIndex - last.status.raftIndex) * 1000) / (one.atMs - last.atMs),
            ),
          }
        : {}),
      sizeBytes: status.dbSize,
      answerMs,
      problems: status.errors,
    };
  });
}

function viewOf(looks: readonly Look[], rows: readonly Row[]): string {
  const answered = looks.flatMap((one) => ("status" in one ? [one.status] : []));
  const leaders = new Set(answered.map(({ leader }) => leader).filter((id) => id !== 0n));
  const [leader] = leaders;
  const cluster = answered[0]?.header?.clusterId;
  const headline = [
    cluster === undefined ? "no endpoint answers" : `cluster ${idOf(cluster)}`,
    leaders.size > 1
      ? "the endpoints disagree about the leader"
      : leader === undefined
        ? "no leader"
        : `leader ${idOf(leader)}`,
    `${answered.length} of ${looks.length} endpoints answer`,
  ].join(" · ");
  const text = (value: number | undefined): string => (value === undefined ? "" : String(value));
  const body = table(
    [
      "ENDPOINT",
      "ROLE",
      "TERM",
      "INDEX",
      "BEHIND",
      "REVISION",
      "ENTRIES/S",
      "SIZE",
      "ANSWERED IN",
      "PROBLEMS",
    ],
    rows.map((row) => [
      row.endpoint,
      row.role,
      text(row.term),
      text(row.index),
      text(row.behind),
      text(row.revision),
      text(row.entriesPerSecond),
      row.sizeBytes === undefined ? "" : `${(row.sizeBytes / 1024 / 1024).toFixed(1)} MiB`,
      `${row.answerMs} ms`,
      row.problems.join("; "),
    ]),
  );
  return `${headline}\n\n${body}`;
}
