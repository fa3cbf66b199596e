import { majority } from "@quorate/core";
import { type Host, type MembershipStep, QuorateError } from "@quorate/host";
import type { MemberInit } from "@quorate/protocol";
import { hostAndPort, parseUrl, type Url } from "../config/url.ts";
import type { Directory, DirectoryMember } from "../directory/directory.ts";
import { idText, memberIdOf, type PublicId } from "../directory/member-ids.ts";
import type { Logger } from "../log/logger.ts";
import { RpcError, STATUS } from "../rpc/status.ts";
import type { ClusterMembers } from "../services/cluster-service.ts";
import { failure, requestFailure } from "../services/failure.ts";
import type { MemberReplica, ReplicatedStore } from "./replicated-store.ts";
import type { Standing } from "./standing.ts";

/** A learner that has not caught up within this time is not in sync. */
const PROMOTION_TIMEOUT_MS = 2000;

export interface ClusterAdminOptions {
  readonly host: Host;
  readonly replica: MemberReplica;
  readonly directory: Directory;
  readonly store: ReplicatedStore;
  readonly standing: Standing;
  /** Members the cluster began with: what is shown until they are known here. */
  readonly founders: readonly DirectoryMember[];
  readonly clusterToken: string;
  readonly maxLearners: number;
  readonly strictReconfigCheck: boolean;
  readonly requestTimeoutMs: number;
  readonly wallClockMs: () => number;
  readonly logger: Pick<Logger, "warn">;
}

/** Changes of membership as etcd's clients ask for them. */
export class ClusterAdmin implements ClusterMembers {
  readonly #options: ClusterAdminOptions;

  constructor(options: ClusterAdminOptions) {
    this.#options = options;
  }

  async list(linearizable: boolean): Promise<readonly MemberInit[]> {
    const { replica, requestTimeoutMs } = this.#options;
    if (linearizable) {
      try {
        await replica.readBarrier({ timeoutMs: requestTimeoutMs });
      } catch (error) {
        throw requestFailure(error, "read");
      }
    }
    return [...this.#members()].sort((a, b) => (a.publicId < b.publicId ? -1 : 1)).map(shown);
  }

  async add(peerUrls: readonly string[], isLearner: boolean): Promise<MemberInit> {
    const { store, wallClockMs, clusterToken } = this.#options;
    const [url] = readUrls(peerUrls);
    this.#checkUrlsFree(peerUrls, undefined);
    if (isLearner) this.#checkLearners();
    else this.#checkMayAdd();
    const second = Math.floor(wallClockMs() / 1000);
    const publicId = memberIdOf(peerUrls, clusterToken, String(second));
    const member = await store.proposeDirectory({
      type: "memberAdd",
      publicId,
      peerUrls,
      isLearner,
    });
    try {
      // Everybody starts as a learner; who is to vote gets the vote once caught up, so that a member that never
      // comes does not count towards any majority.
      const name = idText(publicId);
      await this.#change({ action: "learner", member: member.id, address: hostAndPort(url), name });
    } catch (error) {
      await this.#forget(member);
      throw error;
    }
    return shown(member);
  }

  /** What could not be taken back stays in the list of members until somebody removes it: that must be said. */
  async #forget({ id, publicId }: DirectoryMember): Promise<void> {
    try {
      await this.#options.store.proposeDirectory({ type: "memberRemove", id });
    } catch (error) {
      this.#options.logger.warn(
        "a member that could not be added is still listed: remove it (quorate member remove)",
        { id: idText(publicId), error: String(error) },
      );
    }
  }

  /** A member asks to be one. Asking again changes nothing. */
  async admit(peerUrls: readonly string[]): Promise<void> {
    const isKnown = this.#members().some((member) => sameUrls(member.peerUrls, peerUrls));
    if (!isKnown) await this.add(peerUrls, false);
  }

  async remove(id: PublicId): Promise<void> {
    const member = this.#find(id);
    this.#checkMayRemove(member);
    await this.#change({ action: "remove", member: member.id });
    await this.#options.store.proposeDirectory({ type: "memberRemove", id: member.id });
  }

  async update(id: PublicId, peerUrls: readonly string[]): Promise<void> {
    const [url] = readUrls(peerUrls);
    const member = this.#find(id);
    this.#checkUrlsFree(peerUrls, member.id);
    await this.#options.store.proposeDirectory({ type: "memberUpdate", id: member.id, peerUrls });
    await this.#change({ action: "update", member: member.id, address: hostAndPort(url) });
  }

  async promote(id: PublicId): Promise<void> {
    const member = this.#find(id);
    if (!member.isLearner) throw refused("can only promote a learner member");
    try {
      await this.#options.replica.changeMembership([{ action: "voter", member: member.id }], {
        timeoutMs: PROMOTION_TIMEOUT_MS,
      });
    } catch (error) {
      // A learner that has never been heard of could not vote either: the group refuses rather than lose its majority.
      const isBehind =
        error instanceof QuorateError &&
        (error.code === "TIMEOUT" || error.code === "MEMBERSHIP_REFUSED");
      if (isBehind) {
        throw refused("can only promote a learner member which is in sync with leader");
      }
      throw membershipFailure(error);
    }
    await this.#options.store.proposeDirectory({ type: "memberPromote", id: member.id });
  }

  async moveLeader(id: PublicId): Promise<void> {
    const { standing, replica, directory, requestTimeoutMs } = this.#options;
    if (!standing.isLeader) throw refused("not leader");
    const target = directory.withPublicId(id);
    const { voters } = replica.status().core.membership;
    if (target === undefined || !voters.includes(target.id)) {
      throw refused("bad leader transferee");
    }
    if (target.id === replica.memberId) return;
    try {
      await replica.transferLeadership(target.id, { timeoutMs: requestTimeoutMs });
    } catch (error) {
      if (error instanceof QuorateError && error.code === "TIMEOUT") {
        throw new RpcError(
          STATUS.UNKNOWN,
          "etcdserver: request timed out, leader transfer took too long",
        );
      }
      throw requestFailure(error, "proposal");
    }
  }

  #members(): readonly DirectoryMember[] {
    const known = this.#options.directory.members();
    return known.length > 0 ? known : this.#options.founders;
  }

  #find(id: PublicId): DirectoryMember {
    const member = this.#options.directory.withPublicId(id);
    if (member === undefined) {
      throw new RpcError(STATUS.NOT_FOUND, "etcdserver: member not found");
    }
    return member;
  }

  async #change(step: MembershipStep): Promise<void> {
    const { replica, requestTimeoutMs } = this.#options;
    try {
      await replica.changeMembership([step], { timeoutMs: requestTimeoutMs });
    } catch (error) {
      throw membershipFailure(error);
    }
  }

  #checkUrlsFree(peerUrls: readonly string[], except: number | undefined): void {
    const isTaken = this.#members().some(
      (member) => member.id !== except && member.peerUrls.some((url) => peerUrls.includes(url)),
    );
    if (isTaken) throw refused("Peer URLs already exists");
  }

  #checkLearners(): void {
    const learners = this.#members().filter(({ isLearner }) => isLearner);
    if (learners.length >= this.#options.maxLearners) {
      throw refused("too many learner members in cluster");
    }
  }

  /** A voter may come when those that have started are a majority of the larger cluster, or when there is but one. */
  #checkMayAdd(): void {
    if (!this.#options.strictReconfigCheck) return;
    const voters = this.#members().filter(({ isLearner }) => !isLearner);
    const started = voters.filter(({ name }) => name !== "");
    const size = voters.length + 1;
    if (started.length === 1 && size === 2) return;
    if (started.length < majority(size)) throw notEnoughStarted();
    this.#checkConnected();
  }

  #checkMayRemove(member: DirectoryMember): void {
    if (!this.#options.strictReconfigCheck || member.isLearner) return;
    const rest = this.#members().filter(({ id, isLearner }) => id !== member.id && !isLearner);
    const started = rest.filter(({ name }) => name !== "");
    if (rest.length === 0 || started.length < majority(rest.length)) throw notEnoughStarted();
    if (member.name !== "") this.#checkConnected(member.id);
  }

  #checkConnected(except?: number): void {
    const { host, replica } = this.#options;
    const { voters } = replica.status().core.membership;
    const lost = host
      .peers()
      .some(({ peer, connected }) => !connected && peer !== except && voters.includes(peer));
    if (lost) throw new RpcError(STATUS.UNAVAILABLE, "etcdserver: unhealthy cluster");
  }
}

function shown(member: DirectoryMember): MemberInit {
  const { publicId, name, peerUrls, clientUrls, isLearner } = member;
  return { id: publicId, name, peerUrls, clientUrls, isLearner };
}

function readUrls(peerUrls: readonly string[]): readonly [Url, ...Url[]] {
  const urls = peerUrls.map(parseUrl).filter((url): url is Url => !("problem" in url));
  const [first, ...rest] = urls;
  if (first === undefined || urls.length !== peerUrls.length) {
    throw new RpcError(STATUS.INVALID_ARGUMENT, "etcdserver: given member URLs are invalid");
  }
  return [first, ...rest];
}

function sameUrls(left: readonly string[], right: readonly string[]): boolean {
  return left.length === right.length && left.every((url) => right.includes(url));
}

function refused(words: string): RpcError {
  return new RpcError(STATUS.FAILED_PRECONDITION, `etcdserver: ${words}`);
}

/** The code is the one that etcd really sends. */
function notEnoughStarted(): RpcError {
  return new RpcError(
    STATUS.UNKNOWN,
    "etcdserver: re-configuration failed due to not enough started members",
  );
}

function membershipFailure(error: unknown): RpcError {
  if (!(error instanceof QuorateError)) throw error;
  switch (error.code) {
    case "MEMBERSHIP_REFUSED":
      return notEnoughStarted();
    case "MEMBERSHIP_CHANGE_PENDING":
    case "MEMBERSHIP_CONFLICT":
      return failure("tooManyRequests");
    default:
      return requestFailure(error, "proposal");
  }
}
