import {
  ClusterService,
  type Member,
  type MemberAddResponse,
  type MemberListResponse,
} from "@quorate/protocol";
import type { CallOptions, Requests } from "../requests.ts";

/** Who belongs to the cluster, and changes of that. Changes are never repeated when their outcome is unknown: look first. */
export class ClusterAdministration {
  readonly #requests: Requests;

  /** @internal */
  constructor(requests: Requests) {
    this.#requests = requests;
  }

  /** The members. */
  list(options: CallOptions = {}): Promise<MemberListResponse> {
    return this.#requests.call(ClusterService.memberList, { linearizable: true }, "read", options);
  }

  /** Adds a member before it is started. A learner gets the log and has no vote. */
  add(
    peerUrls: readonly string[],
    options: CallOptions & { readonly isLearner?: boolean | undefined } = {},
  ): Promise<MemberAddResponse> {
    const request = { peerUrls, isLearner: options.isLearner };
    return this.#requests.call(ClusterService.memberAdd, request, "write", options);
  }

  /** Removes a member. */
  async remove(id: bigint, options: CallOptions = {}): Promise<readonly Member[]> {
    const request = { id };
    return (await this.#requests.call(ClusterService.memberRemove, request, "write", options))
      .members;
  }

  /** Gives a member other addresses. */
  async update(
    id: bigint,
    peerUrls: readonly string[],
    options: CallOptions = {},
  ): Promise<readonly Member[]> {
    const request = { id, peerUrls };
    return (await this.#requests.call(ClusterService.memberUpdate, request, "write", options))
      .members;
  }

  /** Gives a learner that has caught up its vote. */
  async promote(id: bigint, options: CallOptions = {}): Promise<readonly Member[]> {
    const request = { id };
    return (await this.#requests.call(ClusterService.memberPromote, request, "write", options))
      .members;
  }
}
