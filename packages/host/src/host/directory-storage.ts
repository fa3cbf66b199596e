import { makeDurableDirectory } from "../environment/durable-directory.ts";
import type { Environment } from "../environment/environment.ts";
import { writeSmallFile } from "../environment/small-file.ts";
import type { GroupStorage } from "../group/recovery.ts";
import { groupDirectories } from "../identity/data-layout.ts";
import type { GroupVerb } from "../identity/group-rules.ts";
import { judgeGroup, rulingError } from "../identity/group-rules.ts";
import type { IdentityFile } from "../identity/identity-file.ts";
import type { LogEvent } from "../log/log-event.ts";
import type { LogSettings } from "../log/log-options.ts";
import type { LogBatch } from "../log/log-store.ts";
import type { OpenedLog } from "../log/open-log.ts";
import { createLog, logPresence, openLog } from "../log/open-log.ts";
import { RecoveryError } from "../log/recovery-error.ts";
import { withStorageErrors } from "../log/storage-error.ts";
import { RefillFolder } from "../refill/refill.ts";
import { openSnapshots } from "../snapshot/directory-snapshot-store.ts";
import type { GroupId } from "../transport/transport.ts";
import type { HostStorage } from "./host-storage.ts";

/** In a group's folder while the group is being made: without it in the identity, nothing in the folder counts. */
const UNFINISHED_NAME = "unfinished";

/** Groups as folders, each with its log and its snapshots; the identity says which of them must be there. */
export class DirectoryStorage implements HostStorage {
  readonly #environment: Environment;
  readonly #directory: string;
  readonly #identity: IdentityFile;
  readonly #segmentBytes: number | undefined;
  readonly #refills: boolean;

  /** `refills`: a damaged log whose newest vote is certain is given up for what the other members have. */
  constructor(
    environment: Environment,
    directory: string,
    identity: IdentityFile,
    segmentBytes?: number,
    refills = false,
  ) {
    this.#environment = environment;
    this.#directory = directory;
    this.#identity = identity;
    this.#segmentBytes = segmentBytes;
    this.#refills = refills;
  }

  async exists(group: GroupId): Promise<boolean> {
    return this.#isListed(group);
  }

  create(groupId: GroupId, first: LogBatch | undefined): Promise<void> {
    return withStorageErrors(this.#directory, () => this.#create(groupId, first));
  }

  async #create(groupId: GroupId, first: LogBatch | undefined): Promise<void> {
    const { files } = this.#environment;
    const { group, log, snapshots } = groupDirectories(this.#directory, groupId);
    const unfinished = `${group}/${UNFINISHED_NAME}`;
    if (!this.#isListed(groupId) && (await files.exists(unfinished))) await files.removeTree(group);
    await this.#judge(groupId, "begin");
    await this.#identity.finishRemovals();
    await makeDurableDirectory(files, group);
    await writeSmallFile(files, unfinished, new Uint8Array(0));
    await files.syncDirectory(group);
    const { store } = await createLog(this.#environment, log, this.#logSettings(groupId));
    if (first !== undefined) await store.append(first);
    await store.close();
    await openSnapshots(this.#environment, snapshots);
    await this.#identity.addGroup(groupId);
    await files.remove(unfinished);
  }

  open(groupId: GroupId, onEvent: (event: LogEvent) => void): Promise<GroupStorage> {
    return withStorageErrors(this.#directory, () => this.#open(groupId, onEvent));
  }

  async #open(groupId: GroupId, onEvent: (event: LogEvent) => void): Promise<GroupStorage> {
    const directories = groupDirectories(this.#directory, groupId);
    const folder = new RefillFolder(this.#environment, directories);
    await folder.finishExchange();
    await this.#judge(groupId, "open");
    const snapshots = await openSnapshots(this.#environment, directories.snapshots);
    const settings: LogSettings = { ...this.#logSettings(groupId), snapshots, onEvent };
    if (this.#refills && (await folder.isWanted())) await folder.begin(settings);
    const { opened, damage } = await this.#openLog(directories.log, settings, folder);
    const { store, recovered } = opened;
    try {
      const running = await folder.running(recovered.last.term);
      const refill = running && { ...running, damage };
      const wantRefill = async (): Promise<boolean> => this.#refills && folder.want(settings);
      return { log: store, recovered, snapshots, refill, wantRefill };
    } catch (error) {
      await store.close();
      throw error;
    }
  }

  async #openLog(
    path: string,
    settings: LogSettings,
    folder: RefillFolder,
  ): Promise<{ readonly opened: OpenedLog; readonly damage: RecoveryError | undefined }> {
    try {
      const opened = await openLog(this.#environment, path, settings);
      return { opened, damage: undefined };
    } catch (error) {
      if (!(error instanceof RecoveryError) || !this.#refills) throw error;
      const obstacle = await folder.begin(settings);
      if (obstacle === undefined) {
        return { opened: await openLog(this.#environment, path, settings), damage: error };
      }
      const more = `What it lost cannot be fetched from other members: ${obstacle}. `;
      throw new RecoveryError(error.code, error.finding, path, more);
    }
  }

  async remove(group: GroupId): Promise<void> {
    if (!this.#isListed(group)) return;
    await withStorageErrors(this.#directory, () => this.#identity.removeGroup(group));
  }

  #isListed(groupId: GroupId): boolean {
    const { groups } = this.#identity.identity;
    return groups.some((group) => group.groupId === groupId && group.state === "active");
  }

  async #judge(groupId: GroupId, verb: GroupVerb): Promise<void> {
    const { log } = groupDirectories(this.#directory, groupId);
    const presence = await logPresence(this.#environment, log);
    const error = rulingError(judgeGroup(this.#identity.identity, groupId, presence, verb));
    if (error !== undefined) throw error;
  }

  #logSettings(groupId: GroupId): LogSettings {
    const { foundedAs: clusterId, hostId } = this.#identity.identity;
    const segmentBytes = this.#segmentBytes;
    return { clusterId, groupId, memberId: hostId, segmentBytes };
  }
}
