import type { Client, Member } from "@quorate/client";
import { ClusterService, MaintenanceService } from "@quorate/protocol";
import { ConfigError } from "../config/config-error.ts";
import { parseUrl } from "../config/url.ts";
import { type Cli, type CommonOptions, examples } from "./cli.ts";
import { withClient } from "./connection.ts";
import { leaseId as idOf } from "./print.ts";
import { hexId } from "./read-words.ts";
import { say, show, showTable } from "./show.ts";
import { table } from "./table.ts";

type Group = Cli["program"];

/** `member` and `move-leader`. */
export function addMemberCommands(cli: Cli): void {
  const member = cli.program
    .command("member")
    .summary("who belongs to the cluster, and changes of that")
    .description(
      "Lists, adds, promotes, updates and removes members. Members are named by their ids.",
    );
  addList(cli, member);
  addAdd(cli, member);
  addPromote(cli, member);
  addRemove(cli, member);
  addUpdate(cli, member);
  addMoveLeader(cli);
}

function addList({ terminal }: Cli, member: Group): void {
  member
    .command("list")
    .summary("show all members")
    .description("Shows every member with its id, name and addresses.")
    .action(async (_: unknown, command: Group) => {
      const options: CommonOptions = command.optsWithGlobals();
      const { members } = await withClient(options, (client) => client.members());
      showTable(
        terminal,
        options.output,
        { members: members.map(memberJson) },
        ["ID", "STATUS", "NAME", "PEER URLS", "CLIENT URLS", "ROLE"],
        members.map(({ id, name, peerUrls, clientUrls, isLearner }) => [
          idOf(id),
          name === "" ? "unstarted" : "started",
          name,
          peerUrls.join(","),
          clientUrls.join(","),
          isLearner ? "learner" : "voter",
        ]),
      );
    });
}

function addAdd({ terminal }: Cli, member: Group): void {
  member
    .command("add <name>")
    .summary("make room for a new member")
    .description(
      "Adds a member that is about to start, and prints the settings to start it with. It gets its vote by itself as soon as it has caught up. A member can also add itself: see quorate serve --join.",
    )
    .requiredOption(
      "--peer-urls <list>",
      "where the other members will reach it, separated by commas",
    )
    .option("--learner", "it stays without a vote until it is promoted")
    .addHelpText("after", examples("quorate member add n4 --peer-urls http://10.0.0.4:2380"))
    .action(
      async (
        name: string,
        flags: { readonly peerUrls: string; readonly learner?: boolean },
        command: Group,
      ) => {
        const options: CommonOptions = command.optsWithGlobals();
        const peerUrls = urlsOf(flags.peerUrls);
        const { member: added, members } = await withClient(options, (client) =>
          client.call(ClusterService.memberAdd, { peerUrls, isLearner: flags.learner }, "write"),
        );
        const id = added?.id ?? 0n;
        const cluster = members.flatMap((known) =>
          known.peerUrls.map((url) => `${known.id === id ? name : known.name}=${url}`),
        );
        const settings = {
          QUORATE_NAME: name,
          QUORATE_INITIAL_CLUSTER: cluster.join(","),
          QUORATE_INITIAL_ADVERTISE_PEER_URLS: peerUrls.join(","),
          QUORATE_INITIAL_CLUSTER_STATE: "existing",
        };
        const lines = Object.entries(settings).map(([variable, value]) => `${variable}="${value}"`);
        show(terminal, options.output, {
          json: { id: idOf(id), settings },
          table: () => table(["SETTING", "VALUE"], Object.entries(settings)),
          plain: () => `member ${idOf(id)} added; start it with\n\n${lines.join("\n")}\n`,
        });
      },
    );
}

function addPromote({ terminal }: Cli, member: Group): void {
  member
    .command("promote <id>")
    .summary("give a learner its vote")
    .description("Gives a learner its vote; refused while it has not caught up.")
    .action(async (text: string, _: unknown, command: Group) => {
      const options: CommonOptions = command.optsWithGlobals();
      const id = hexId("<id>", text);
      await withClient(options, (client) =>
        client.call(ClusterService.memberPromote, { id }, "write"),
      );
      say(terminal, options.output, `member ${idOf(id)} votes now`, {
        id: idOf(id),
        role: "voter",
      });
    });
}

function addRemove({ terminal }: Cli, member: Group): void {
  member
    .command("remove <id>")
    .summary("remove a member")
    .description(
      "Removes a member. Its process ends by itself; its data must not be used again. Refused when the rest would have no majority.",
    )
    .action(async (text: string, _: unknown, command: Group) => {
      const options: CommonOptions = command.optsWithGlobals();
      const id = hexId("<id>", text);
      await withClient(options, (client) =>
        client.call(ClusterService.memberRemove, { id }, "write"),
      );
      say(terminal, options.output, `member ${idOf(id)} removed`, { id: idOf(id), removed: true });
    });
}

function addUpdate({ terminal }: Cli, member: Group): void {
  member
    .command("update <id>")
    .summary("change where a member is reached")
    .description("Changes the addresses at which the other members reach this one.")
    .requiredOption("--peer-urls <list>", "its new addresses, separated by commas")
    .action(async (text: string, flags: { readonly peerUrls: string }, command: Group) => {
      const options: CommonOptions = command.optsWithGlobals();
      const id = hexId("<id>", text);
      const peerUrls = urlsOf(flags.peerUrls);
      await withClient(options, (client) =>
        client.call(ClusterService.memberUpdate, { id, peerUrls }, "write"),
      );
      const sentence = `member ${idOf(id)} is reached at ${peerUrls.join(", ")} now`;
      say(terminal, options.output, sentence, { id: idOf(id), peerUrls });
    });
}

function addMoveLeader({ program, terminal }: Cli): void {
  program
    .command("move-leader <id>")
    .summary("hand leadership to another member")
    .description(
      "Hands leadership to a voting member; the leader is found among the endpoints and the member list.",
    )
    .action(async (text: string, _: unknown, command: Group) => {
      const options: CommonOptions = command.optsWithGlobals();
      const targetId = hexId("<id>", text);
      await withClient(options, async (client) => {
        const at = await leaderEndpoint(client);
        await client.call(MaintenanceService.moveLeader, { targetId }, "write", { at });
      });
      say(terminal, options.output, `member ${idOf(targetId)} leads now`, {
        leader: idOf(targetId),
      });
    });
}

/** The endpoint whose member leads. */
export async function leaderEndpoint(client: Client): Promise<string> {
  const asked = await Promise.allSettled(
    client.endpoints.map(async (endpoint) => ({ endpoint, status: await client.status(endpoint) })),
  );
  for (const answer of asked) {
    if (answer.status !== "fulfilled") continue;
    const { endpoint, status } = answer.value;
    if (status.leader !== 0n && status.leader === status.header?.memberId) return endpoint;
  }
  throw new ConfigError(
    "None of the endpoints is the leader: name the endpoints of all members with --endpoints.",
  );
}

function urlsOf(text: string): readonly string[] {
  const urls = text.split(",").filter((part) => part !== "");
  for (const url of urls) {
    const parsed = parseUrl(url);
    if ("problem" in parsed) throw new ConfigError(`--peer-urls: ${parsed.problem}.`);
  }
  return urls;
}

function memberJson({ id, name, peerUrls, clientUrls, isLearner }: Member): unknown {
  return { id: idOf(id), name, peerUrls, clientUrls, isLearner, started: name !== "" };
}
