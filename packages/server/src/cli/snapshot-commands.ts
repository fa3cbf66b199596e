import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { type FileHandle, open, rename, rm } from "node:fs/promises";
import type { Client } from "@quorate/client";
import { KvMachine, MemoryStore } from "@quorate/kv";
import { MaintenanceService } from "@quorate/protocol";
import { ConfigError } from "../config/config-error.ts";
import { loadSettings } from "../config/load.ts";
import { withoutDirectory } from "../directory/snapshot-front.ts";
import { ImageFile } from "../snapshot/image-file.ts";
import { IMAGE_CHECKSUM_BYTES } from "../snapshot/image-format.ts";
import { restoreMember } from "../snapshot/restore-member.ts";
import { type Cli, type CommonOptions, examples } from "./cli.ts";
import { withClient } from "./connection.ts";
import { cannotWrite } from "./file-failure.ts";
import { say, showTable } from "./show.ts";

type Group = Cli["program"];

/** `snapshot`: save, restore, status. */
export function addSnapshotCommands(cli: Cli): void {
  const snapshot = cli.program
    .command("snapshot")
    .summary("save the whole state, and begin a cluster with it")
    .description(
      "Saves everything the cluster holds into a file, checks such files, and makes data folders from them.",
    );
  addSave(cli, snapshot);
  addStatus(cli, snapshot);
  addRestore(cli, snapshot);
}

function addSave({ terminal }: Cli, snapshot: Group): void {
  snapshot
    .command("save <file>")
    .summary("save the whole state into a file")
    .description(
      "Saves the state of the member that answers, at one revision, while it goes on serving. The file appears under its name only when it is complete and checked.",
    )
    .addHelpText("after", examples("quorate snapshot save backup.db"))
    .action(async (path: string, _: unknown, command: Group) => {
      const options: CommonOptions = command.optsWithGlobals();
      const part = `${path}.part`;
      const file = await create(part);
      try {
        await withClient(options, (client) => receive(client, file));
        await file.sync();
      } catch (error) {
        await file.close();
        await rm(part, { force: true });
        throw error;
      }
      await file.close();
      await rename(part, path);
      const { head, sizeBytes } = await ImageFile.open(path);
      const sentence = `saved revision ${head.revision} to ${path} (${sizeBytes} bytes)`;
      say(terminal, options.output, sentence, { file: path, revision: head.revision, sizeBytes });
    });
}

async function create(path: string): Promise<FileHandle> {
  try {
    return await open(path, "w", 0o600);
  } catch (cause) {
    throw cannotWrite(path, cause);
  }
}

async function receive(client: Client, file: FileHandle): Promise<void> {
  const stream = await client.openStream(MaintenanceService.snapshot, {});
  const hash = createHash("sha256");
  let held: Buffer = Buffer.alloc(0);
  for await (const { blob } of stream) {
    // The last bytes of all are the checksum of those before.
    const bytes = Buffer.concat([held, blob]);
    const end = Math.max(0, bytes.length - IMAGE_CHECKSUM_BYTES);
    hash.update(bytes.subarray(0, end));
    held = bytes.subarray(end);
    await file.writeFile(blob);
  }
  if (hash.digest().equals(held)) return;
  throw new Error("What arrived does not have the checksum it should have: save it again.");
}

function addStatus({ terminal }: Cli, snapshot: Group): void {
  snapshot
    .command("status <file>")
    .summary("check a saved state and say what is in it")
    .description(
      "Reads a saved state from end to end as a restoring member would, and says what is in it. Ends with 1 when it is damaged.",
    )
    .action(async (path: string, _: unknown, command: Group) => {
      const options: CommonOptions = command.optsWithGlobals();
      checkExists(path);
      const image = await ImageFile.open(path);
      const found = await contentOf(image);
      const cluster = BigInt(image.head.clusterId).toString(16);
      showTable(
        terminal,
        options.output,
        { file: path, sizeBytes: image.sizeBytes, cluster, ...found },
        ["REVISION", "KEYS", "LEASES", "SIZE", "CLUSTER"],
        [
          [
            String(found.revision),
            String(found.keys),
            String(found.leases),
            String(image.sizeBytes),
            cluster,
          ],
        ],
      );
    });
}

async function contentOf(image: ImageFile): Promise<{
  readonly revision: number;
  readonly keys: number;
  readonly leases: number;
}> {
  const machine = new KvMachine({ store: new MemoryStore(), defer: (run) => setImmediate(run) });
  const nobody = { voters: [], outgoing: [], learners: [], learnersNext: [], autoLeave: false };
  const info = { index: 1, term: 1, membership: nobody, id: "status", bytes: 0 };
  await machine.restore(info, withoutDirectory(image.chunks()), new Uint8Array(0));
  const { revision, keys, leases } = machine.status();
  await machine.close();
  return { revision, keys, leases };
}

interface RestoreFlags {
  readonly dataDir?: string;
  readonly name?: string;
  readonly initialCluster?: string;
  readonly initialAdvertisePeerUrls?: string;
  readonly initialClusterToken?: string;
}

function addRestore({ terminal }: Cli, snapshot: Group): void {
  snapshot
    .command("restore <file>")
    .summary("make a member's data folder from a saved state")
    .description(
      "Makes the data folder of one member of a new cluster that begins with the saved state. Run it for every member with the same file and the same --initial-cluster, then start them with the same settings.",
    )
    .option("--data-dir <folder>", "folder to make; it must not exist")
    .option("--name <name>", "name of the member")
    .option("--initial-cluster <list>", "all members of the new cluster, as name=url,name=url")
    .option("--initial-advertise-peer-urls <list>", "where the others will reach this member")
    .option("--initial-cluster-token <text>", "names the new cluster")
    .addHelpText(
      "after",
      examples(
        "quorate snapshot restore backup.db --data-dir /var/lib/quorate",
        "quorate snapshot restore backup.db --name n1 --data-dir n1 \\",
        "  --initial-cluster n1=http://10.0.0.1:2380,n2=http://10.0.0.2:2380 \\",
        "  --initial-advertise-peer-urls http://10.0.0.1:2380",
      ),
    )
    .action(async (path: string, flags: RestoreFlags, command: Group) => {
      const options: CommonOptions = command.optsWithGlobals();
      checkExists(path);
      const words = [
        ["data-dir", flags.dataDir],
        ["name", flags.name],
        ["initial-cluster", flags.initialCluster],
        ["initial-advertise-peer-urls", flags.initialAdvertisePeerUrls],
        ["initial-cluster-token", flags.initialClusterToken],
      ].flatMap(([name, value]) => (value === undefined ? [] : [`--${name}=${value}`]));
      const request = loadSettings(words, terminal.variables);
      if (request.wants !== "serve") throw new ConfigError("The settings cannot be read.");
      const { settings } = request;
      const image = await ImageFile.open(path);
      await restoreMember(image, settings);
      const { revision } = image.head;
      const { dataDir, name } = settings;
      const sentence = `restored revision ${revision} into ${dataDir} for member ${name}`;
      say(terminal, options.output, sentence, { dataDir, name, revision });
    });
}

function checkExists(path: string): void {
  if (!existsSync(path)) throw new ConfigError(`There is no file ${path}.`);
}
