import { LeaseService } from "@quorate/protocol";
import { type Cli, type CommonOptions, examples } from "./cli.ts";
import { withClient } from "./connection.ts";
import { EXIT } from "./exit-code.ts";
import { untilInterrupted } from "./interrupt.ts";
import { leaseId, readable } from "./print.ts";
import { leaseIdOf, seconds } from "./read-words.ts";
import { say, showTable } from "./show.ts";

/** `lease`: grant, revoke, keep-alive, list, timetolive. */
export function addLeaseCommands(cli: Cli): void {
  const lease = cli.program
    .command("lease")
    .summary("time limits that keys can be attached to")
    .description(
      "Leases run out unless somebody keeps them alive; the keys attached to a lease vanish with it.",
    );
  addGrant(cli, lease);
  addRevoke(cli, lease);
  addKeepAlive(cli, lease);
  addList(cli, lease);
  addTimeToLive(cli, lease);
}

type Group = Cli["program"];

function addGrant({ terminal }: Cli, lease: Group): void {
  lease
    .command("grant <ttl>")
    .summary("make a lease")
    .description("Makes a lease that lives for so many seconds without being kept alive.")
    .option("--id <id>", "choose the id (hexadecimal); without it the cluster does")
    .addHelpText("after", examples("quorate lease grant 60", "quorate lease grant 10m --id 7b"))
    .action(async (ttlText: string, flags: { readonly id?: string }, command: Group) => {
      const options: CommonOptions = command.optsWithGlobals();
      const ttl = seconds("<ttl>", ttlText);
      const id = flags.id === undefined ? 0n : leaseIdOf("--id", flags.id);
      const granted = await withClient(options, (client) =>
        client.call(LeaseService.leaseGrant, { ttl, id }, "write"),
      );
      const shownId = leaseId(granted.id);
      const json = { id: shownId, ttlSeconds: granted.ttl };
      say(terminal, options.output, `lease ${shownId} granted with ${granted.ttl} s`, json);
    });
}

function addRevoke({ terminal }: Cli, lease: Group): void {
  lease
    .command("revoke <id>")
    .summary("end a lease now")
    .description("Ends a lease; the keys attached to it are deleted at one revision.")
    .addHelpText("after", examples("quorate lease revoke 7b"))
    .action(async (text: string, _: unknown, command: Group) => {
      const options: CommonOptions = command.optsWithGlobals();
      const id = leaseIdOf("<id>", text);
      const { header } = await withClient(options, (client) =>
        client.call(LeaseService.leaseRevoke, { id }, "write"),
      );
      const json = { id: leaseId(id), revision: header?.revision };
      say(terminal, options.output, `lease ${leaseId(id)} revoked`, json);
    });
}

function addKeepAlive({ terminal, end }: Cli, lease: Group): void {
  lease
    .command("keep-alive <id>")
    .summary("keep a lease from running out")
    .description(
      "Renews a lease again and again until it is interrupted or the lease is gone, which ends with 1.",
    )
    .option("--once", "renew it once")
    .addHelpText(
      "after",
      examples("quorate lease keep-alive 7b", "quorate lease keep-alive --once 7b"),
    )
    .action(async (text: string, flags: { readonly once?: boolean }, command: Group) => {
      const options: CommonOptions = command.optsWithGlobals();
      const id = leaseIdOf("<id>", text);
      const shownId = leaseId(id);
      await withClient(options, async (client) => {
        const interrupted = untilInterrupted(terminal);
        for (;;) {
          const stream = await client.openStream(LeaseService.leaseKeepAlive);
          stream.write({ id });
          const answer = await stream.next();
          stream.cancel();
          const ttl = answer?.ttl ?? 0;
          if (ttl === 0) {
            say(terminal, options.output, `Lease ${shownId} is gone: grant another one.`, {
              id: shownId,
              ttlSeconds: 0,
            });
            end(EXIT.failed);
            return;
          }
          const json = { id: shownId, ttlSeconds: ttl };
          say(terminal, options.output, `lease ${shownId} renewed for ${ttl} s`, json);
          if (flags.once === true || (await interrupted.within((ttl * 1000) / 3))) return;
        }
      });
    });
}

function addList({ terminal }: Cli, lease: Group): void {
  lease
    .command("list")
    .summary("show all leases")
    .description("Shows the ids of all leases that live.")
    .action(async (_: unknown, command: Group) => {
      const options: CommonOptions = command.optsWithGlobals();
      const { leases } = await withClient(options, (client) =>
        client.call(LeaseService.leaseLeases, {}, "read"),
      );
      const ids = leases.map(({ id }) => leaseId(id));
      showTable(
        terminal,
        options.output,
        { leases: ids },
        ["LEASE"],
        ids.map((id) => [id]),
      );
    });
}

function addTimeToLive({ terminal, end }: Cli, lease: Group): void {
  lease
    .command("timetolive <id>")
    .summary("show how long a lease still lives")
    .description("Shows how long a lease still lives. Ends with 1 when there is no such lease.")
    .option("--keys", "also show the keys attached to it")
    .addHelpText("after", examples("quorate lease timetolive --keys 7b"))
    .action(async (text: string, flags: { readonly keys?: boolean }, command: Group) => {
      const options: CommonOptions = command.optsWithGlobals();
      const id = leaseIdOf("<id>", text);
      const found = await withClient(options, (client) =>
        client.call(LeaseService.leaseTimeToLive, { id, keys: flags.keys }, "read"),
      );
      const shownId = leaseId(id);
      const keys = found.keys.map(readable);
      if (found.ttl < 0) {
        say(terminal, options.output, `There is no lease ${shownId}: see quorate lease list.`, {
          id: shownId,
          ttlSeconds: -1,
        });
        end(EXIT.failed);
        return;
      }
      const attached = flags.keys === true ? { keys } : {};
      say(
        terminal,
        options.output,
        [`lease ${shownId} has ${found.ttl} s of ${found.grantedTtl} s left`, ...keys].join("\n"),
        { id: shownId, ttlSeconds: found.ttl, grantedTtlSeconds: found.grantedTtl, ...attached },
      );
    });
}
