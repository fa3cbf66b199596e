import { idText } from "../directory/member-ids.ts";
import {
  type MemberRecovery,
  previewMemberRecovery,
  recoverMember,
} from "../member/recover-member.ts";
import { type Cli, type CommonOptions, examples } from "./cli.ts";
import { show } from "./show.ts";

type Group = Cli["program"];
type Flags = CommonOptions & { readonly yesIAcceptDataLoss?: boolean };

/** `unsafe-recover`: for a survivor of a majority that is gone for good. Asks no cluster. */
export function addUnsafeRecoverCommand({ program, terminal }: Cli): void {
  program
    .command("unsafe-recover <data-dir>")
    .summary("go on with one member after the majority was lost for good")
    .description(
      "Makes the stopped member in this folder the only one of a new cluster, after most disks of the old one were lost. Without --yes-i-accept-data-loss it only says what would be kept, and what may be lost. Refuses while a process uses the folder, and when its log is damaged. Run it first without the option on every member that is left, and recover the one that keeps most; delete the data of all others, which come back as new members (quorate member add).",
    )
    .option(
      "--yes-i-accept-data-loss",
      "do it: whatever only the lost members had is gone, and nothing brings it back",
    )
    .addHelpText(
      "after",
      examples(
        "quorate unsafe-recover /var/lib/quorate",
        "quorate unsafe-recover /var/lib/quorate --yes-i-accept-data-loss",
      ),
    )
    .action(async (dataDir: string, _: unknown, command: Group) => {
      const { output, yesIAcceptDataLoss = false }: Flags = command.optsWithGlobals();
      const recovery = await (yesIAcceptDataLoss
        ? recoverMember(dataDir)
        : previewMemberRecovery(dataDir));
      const text = (): string =>
        recoveryLines(recovery, dataDir, yesIAcceptDataLoss)
          .map((line) => `${line}\n`)
          .join("");
      show(terminal, output, {
        json: recoveryJson(recovery, yesIAcceptDataLoss),
        table: text,
        plain: text,
      });
    });
}

function recoveryLines(
  { identity, report }: MemberRecovery,
  dataDir: string,
  isDone: boolean,
): readonly string[] {
  const { keptThrough, applied, knownCommitted, before, after, isIncomplete } = report;
  const uncertain = Math.max(0, keptThrough.index - knownCommitted);
  return [
    `${isDone ? "recovered" : "would recover"} member ${identity.name} (number ${identity.id})`,
    `  kept: all entries through ${keptThrough.index}, term ${keptThrough.term}; applied durably through ${applied}`,
    `  known to be committed: through ${knownCommitted}; ${uncertain === 0 ? "none is" : `${uncertain} after it are`} kept without that being known`,
    `  may be lost: whatever the lost members acknowledged after entry ${keptThrough.index}`,
    ...(isIncomplete
      ? [
          "  this member was still getting back entries that it had lost: it may lack committed ones that another member has",
        ]
      : []),
    `  members by number: voters ${listed(before.voters)}${learnersOf(before.learners)} ${isDone ? "became" : "become"} voters ${listed(after.voters)}`,
    ...(isDone
      ? [
          `  cluster ${idText(identity.clusterId)} from now on: members of the old one are turned away`,
          "  next: start this member as before, delete the data of all others, and add new ones (quorate member add)",
        ]
      : [
          `this was only a look; to do it: quorate unsafe-recover ${dataDir} --yes-i-accept-data-loss`,
        ]),
  ];
}

function recoveryJson(
  { identity, report }: MemberRecovery,
  isDone: boolean,
): Readonly<Record<string, unknown>> {
  const { keptThrough, applied, knownCommitted, before, after, isIncomplete } = report;
  return {
    done: isDone,
    member: identity.name,
    number: identity.id,
    cluster: isDone ? idText(identity.clusterId) : undefined,
    keptThrough,
    applied,
    knownCommitted,
    isIncomplete,
    before,
    after,
  };
}

function listed(members: readonly number[]): string {
  return [...members].sort((one, other) => one - other).join(" ");
}

function learnersOf(learners: readonly number[]): string {
  return learners.length === 0 ? "" : ` and learners ${listed(learners)}`;
}
