import { type Client, ClientError } from "@quorate/client";
import { AlarmAction, AlarmType, KVService, MaintenanceService } from "@quorate/protocol";
import { type Cli, type CommonOptions, examples } from "./cli.ts";
import { withClient } from "./connection.ts";
import { EXIT } from "./exit-code.ts";
import { leaseId as idOf } from "./print.ts";
import { wholeNumber } from "./read-words.ts";
import { say, showTable } from "./show.ts";

const ALARM_NAMES: Readonly<Record<number, string>> = {
  [AlarmType.NOSPACE]: "NOSPACE",
  [AlarmType.CORRUPT]: "CORRUPT",
};

/** `endpoint`, `alarm`, `compact` and `defrag`. */
export function addMaintenanceCommands(cli: Cli): void {
  addEndpoint(cli);
  addAlarm(cli);
  addCompact(cli);
  addDefrag(cli);
}

function addEndpoint(cli: Cli): void {
  const endpoint = cli.program
    .command("endpoint")
    .summary("health and data of each endpoint")
    .description("Asks every endpoint for itself. See also quorate status.");
  addHealth(cli, endpoint);
  addHash(cli, endpoint);
}

function addHealth({ terminal, end }: Cli, endpoint: Cli["program"]): void {
  endpoint
    .command("health")
    .summary("try a linearizable read at each endpoint")
    .description(
      "Reads through every endpoint, which needs a leader and a majority. Ends with 3 when one is not healthy.",
    )
    .addHelpText("after", examples("quorate endpoint health --output json"))
    .action(async (_: unknown, command) => {
      const options: CommonOptions = command.optsWithGlobals();
      const reports = await withClient(options, (client) =>
        Promise.all(client.endpoints.map((at) => healthOf(client, at))),
      );
      showTable(
        terminal,
        options.output,
        reports,
        ["ENDPOINT", "HEALTH", "TOOK", "PROBLEM"],
        reports.map(({ endpoint: at, healthy, tookMs, problem }) => [
          at,
          healthy ? "healthy" : "unhealthy",
          `${tookMs} ms`,
          problem ?? "",
        ]),
      );
      if (reports.some(({ healthy }) => !healthy)) end(EXIT.unavailable);
    });
}

interface HealthReport {
  readonly endpoint: string;
  readonly healthy: boolean;
  readonly tookMs: number;
  readonly problem?: string;
}

/** A refusal for lack of permission is an answer of a healthy member, too. */
async function healthOf(client: Client, endpoint: string): Promise<HealthReport> {
  const startedMs = performance.now();
  const took = (): number => Math.round(performance.now() - startedMs);
  try {
    const request = { key: new TextEncoder().encode("health") };
    await client.call(KVService.range, request, "read", { at: endpoint });
    return { endpoint, healthy: true, tookMs: took() };
  } catch (error) {
    if (!(error instanceof ClientError)) throw error;
    if (error.message.endsWith("permission denied")) {
      return { endpoint, healthy: true, tookMs: took() };
    }
    return { endpoint, healthy: false, tookMs: took(), problem: error.message };
  }
}

function addHash({ terminal, end }: Cli, endpoint: Cli["program"]): void {
  endpoint
    .command("hashkv")
    .summary("compare the members' data")
    .description(
      "Hashes the history of keys at the same revision on every endpoint. Ends with 1 when two differ.",
    )
    .action(async (_: unknown, command) => {
      const options: CommonOptions = command.optsWithGlobals();
      const hashes = await withClient(options, async (client) => {
        const { header } = await client.get("hash", { countOnly: true });
        const revision = header?.revision ?? 0;
        return Promise.all(
          client.endpoints.map(async (at) => {
            // A linearizable read first: a member that lags cannot hash what it has not got.
            await client.call(KVService.range, { key: Uint8Array.of(0) }, "read", { at });
            const found = await client.call(MaintenanceService.hashKv, { revision }, "read", {
              at,
            });
            return {
              endpoint: at,
              hash: found.hash,
              hashRevision: found.hashRevision,
              compactRevision: found.compactRevision,
            };
          }),
        );
      });
      showTable(
        terminal,
        options.output,
        hashes,
        ["ENDPOINT", "HASH", "REVISION", "COMPACTED"],
        hashes.map((one) => [
          one.endpoint,
          String(one.hash),
          String(one.hashRevision),
          String(one.compactRevision),
        ]),
      );
      const kinds = new Set(
        hashes.map(({ hash, compactRevision }) => `${hash} ${compactRevision}`),
      );
      if (kinds.size > 1) {
        terminal.error(
          "The members' data differ: compare again, and if it stays, replace the odd one out.\n",
        );
        end(EXIT.failed);
      }
    });
}

function addAlarm({ program, terminal }: Cli): void {
  const alarm = program
    .command("alarm")
    .summary("what keeps the cluster from writing")
    .description(
      "A NOSPACE alarm goes by itself once there is space again; it can also be cleared by hand.",
    );
  const shown = (
    options: CommonOptions,
    alarms: readonly { readonly memberId: bigint; readonly alarm: number }[],
  ): void => {
    const rows = alarms.map((one) => [
      idOf(one.memberId),
      ALARM_NAMES[one.alarm] ?? String(one.alarm),
    ]);
    const json = { alarms: rows.map(([member, kind]) => ({ member, alarm: kind })) };
    showTable(terminal, options.output, json, ["MEMBER", "ALARM"], rows);
  };
  alarm
    .command("list")
    .summary("show all alarms")
    .description("Shows which members have raised which alarms.")
    .action(async (_: unknown, command) => {
      const options: CommonOptions = command.optsWithGlobals();
      const { alarms } = await withClient(options, (client) =>
        client.call(MaintenanceService.alarm, { action: AlarmAction.GET }, "read"),
      );
      shown(options, alarms);
    });
  alarm
    .command("disarm")
    .summary("clear all alarms")
    .description("Clears all alarms. Free space first, or they come back.")
    .action(async (_: unknown, command) => {
      const options: CommonOptions = command.optsWithGlobals();
      const cleared = await withClient(options, async (client) => {
        const { alarms } = await client.call(
          MaintenanceService.alarm,
          { action: AlarmAction.GET },
          "read",
        );
        for (const one of alarms) {
          await client.call(
            MaintenanceService.alarm,
            { action: AlarmAction.DEACTIVATE, ...one },
            "write",
          );
        }
        return alarms;
      });
      shown(options, cleared);
    });
}

function addCompact({ program, terminal }: Cli): void {
  program
    .command("compact <revision>")
    .summary("forget history")
    .description(
      "Forgets all history below a revision; reads and watches from there on go on working.",
    )
    .option("--physical", "wait until the space is really free")
    .addHelpText(
      "after",
      examples('quorate compact "$(quorate get x --output json | jq .revision)"'),
    )
    .action(async (text: string, flags: { readonly physical?: boolean }, command) => {
      const options: CommonOptions = command.optsWithGlobals();
      const revision = wholeNumber("<revision>", text);
      await withClient(options, (client) =>
        client.call(KVService.compact, { revision, physical: flags.physical }, "write"),
      );
      say(terminal, options.output, `compacted revision ${revision}`, {
        compactRevision: revision,
      });
    });
}

function addDefrag({ program, terminal }: Cli): void {
  program
    .command("defrag")
    .summary("not needed here")
    .description(
      "Does nothing: freed space is used again without help. For scripts written for etcd.",
    )
    .action(async (_: unknown, command) => {
      const options: CommonOptions = command.optsWithGlobals();
      await withClient(options, (client) =>
        Promise.all(
          client.endpoints.map((at) =>
            client.call(MaintenanceService.defragment, {}, "read", { at }),
          ),
        ),
      );
      say(terminal, options.output, "nothing to do: freed space is used again without help", {
        needed: false,
      });
    });
}
