import type { Environment, Host } from "@quorate/host";
import type { KvMachine } from "@quorate/kv";
import { SYSTEM_CALLER } from "@quorate/kv";
import type { Directory, DirectoryMember } from "../directory/directory.ts";
import { idText } from "../directory/member-ids.ts";
import type { Identity } from "../member/identity.ts";
import type { MemberReplica } from "../member/replicated-store.ts";
import type { ViewOfMember } from "../peer/peer-routes.ts";
import { DecisionFeed } from "./decision-feed.ts";
import { RequestTimes } from "./request-times.ts";

export interface MemberViewOptions {
  readonly identity: Identity;
  readonly name: string;
  readonly host: Host;
  readonly replica: MemberReplica;
  readonly kv: KvMachine;
  readonly directory: Directory;
  readonly founders: readonly DirectoryMember[];
  readonly environment: Environment;
  /** What people should look at. */
  readonly warnings: () => readonly string[];
}

/** What a member shows of itself on the page; also what it tells the other members for theirs. */
export class MemberView {
  readonly times: RequestTimes;
  readonly feed: DecisionFeed;
  readonly #options: MemberViewOptions;
  readonly #startedMs: number;
  readonly #stopHearing: () => void;

  constructor(options: MemberViewOptions) {
    const { environment, replica } = options;
    this.#options = options;
    this.#startedMs = environment.nowMs();
    this.times = new RequestTimes(() => environment.nowMs());
    this.feed = new DecisionFeed(() => environment.wallClockMs());
    for (const { decision } of replica.decisions()) this.feed.add(decision);
    this.#stopHearing = replica.onDecision(({ decision }) => this.feed.add(decision));
  }

  /** As JSON that the page reads, with the decisions after `sequence`. */
  view(sequence: number): ViewOfMember {
    const { identity, name, host, replica, environment, warnings } = this.#options;
    const status = replica.status();
    const { core } = status;
    const { membership } = core;
    return {
      id: core.id,
      name,
      publicId: idText(identity.publicId),
      role: core.role,
      term: core.term,
      leader: core.leader,
      vote: core.vote,
      commit: core.commit,
      applied: core.applied,
      durable: core.durable,
      first: status.firstIndex,
      last: core.last.index,
      snapshot: status.newestSnapshot?.index ?? 0,
      condition: status.condition,
      warnings: warnings(),
      membership: {
        voters: membership.voters,
        outgoing: membership.outgoing,
        learners: membership.learners,
      },
      progress: [...core.progress].map(([member, { state, match, next, active }]) => {
        return { member, state, match, next, active };
      }),
      peers: host.peers().map(({ peer, connected, roundTripMs, queuedBytes }) => {
        return { peer, connected, roundTripMs, queuedBytes };
      }),
      logBytes: status.logBytes,
      pendingProposals: status.pendingProposals,
      pendingReads: status.pendingReads,
      sessions: status.userSessions,
      metrics: replica.metrics(),
      store: this.#store(),
      times: this.times.summary(),
      process: process.pid,
      upMs: environment.nowMs() - this.#startedMs,
      wallClockMs: environment.wallClockMs(),
      decisions: this.feed.after(sequence),
    };
  }

  /** Who belongs to the cluster, those that do not run included. */
  members(): readonly DirectoryMember[] {
    const known = this.#options.directory.members();
    return known.length > 0 ? known : this.#options.founders;
  }

  close(): void {
    this.#stopHearing();
  }

  #store(): unknown {
    const { kv } = this.#options;
    const { compactRevision, dbSizeBytes, dbSizeInUseBytes, alarms } = kv.status();
    const leases = kv.query({ type: "leases", caller: SYSTEM_CALLER });
    return {
      revision: kv.revision,
      compactRevision,
      sizeBytes: dbSizeBytes,
      sizeInUseBytes: dbSizeInUseBytes,
      alarms: alarms.map(({ alarm }) => alarm),
      leases: "ids" in leases ? leases.ids.length : 0,
      watchers: kv.watch.stats.watchers,
      watchStreams: kv.watch.stats.streams,
    };
  }
}
