import type { ServerResponse } from "node:http";
import { z } from "zod";
import type { Directory, DirectoryMember } from "../directory/directory.ts";
import { idText, type PublicId } from "../directory/member-ids.ts";
import { readJsonBody } from "../http/body.ts";
import { type HttpRoute, sendJson } from "../http/router.ts";
import { RpcError } from "../rpc/status.ts";
import type { LeaseTimeToLive } from "../services/lease-service.ts";
import { PeerCallError, type PeerCalls } from "./peer-calls.ts";

// What members ask each other: who belongs to the cluster (before they can take part), and about leases, whose
// clocks run on the leader only.

/** A member as `/members` shows it to one that wants to join. */
export interface PeerMember {
  readonly number: number;
  readonly id: PublicId;
  readonly name: string;
  readonly peerUrls: readonly string[];
  readonly clientUrls: readonly string[];
  readonly isLearner: boolean;
}

export interface PeerCluster {
  readonly clusterId: PublicId;
  readonly members: readonly PeerMember[];
}

/** The leader's lease clock, as other members ask it. */
export interface LeaseAnswers {
  /** Granted seconds per lease, 0 for one that is gone; undefined when this member does not lead. */
  renewAll(ids: readonly bigint[]): Promise<readonly number[] | undefined>;
  timeToLive(id: bigint, keys: boolean): Promise<LeaseTimeToLive | undefined>;
}

/** How a member stands, as the page reads it; only what the way there needs is named. */
export interface ViewOfMember {
  readonly id: number;
  readonly decisions: readonly { readonly sequence: number }[];
  readonly [fact: string]: unknown;
}

/** Lets a member in that asks for it. Rejects with `RpcError`. */
export type Admit = (peerUrls: readonly string[]) => Promise<void>;

const ID = z.string().regex(/^-?\d+$/);

const membersSchema = z.object({
  clusterId: ID,
  members: z.array(
    z.object({
      number: z.number().int().positive(),
      id: ID,
      name: z.string(),
      peerURLs: z.array(z.string()),
      clientURLs: z.array(z.string()),
      isLearner: z.boolean(),
    }),
  ),
});
const joinSchema = z.object({ peerURLs: z.array(z.string().max(1024)).min(1).max(16) });
const viewQuestionSchema = z.object({ after: z.number().int().nonnegative() });
const viewSchema = z.looseObject({
  id: z.number().int().positive(),
  decisions: z.array(z.looseObject({ sequence: z.number().int() })),
});
const renewSchema = z.object({ ids: z.array(ID).max(10_000) });
const renewedSchema = z.object({ ttls: z.array(z.number()) });
const timeToLiveSchema = z.object({ id: ID, keys: z.boolean() });
const foundSchema = z.object({
  revision: z.number(),
  ttlSeconds: z.number(),
  grantedTtlSeconds: z.number(),
  keys: z.array(z.string()),
});

const BODY_BYTES_MAX = 1024 * 1024;
/** Misdirected: the asked member does not lead. */
const NOT_LEADER_STATUS = 421;

export interface PeerRoutesOptions {
  readonly clusterId: PublicId;
  readonly directory: Directory;
  readonly leases: LeaseAnswers;
  readonly admit: Admit;
  /** What the member shows of itself on the page, with its decisions after a place in their order. */
  readonly view: (after: number) => ViewOfMember;
}

export function peerRoutes(options: PeerRoutesOptions): readonly HttpRoute[] {
  const { clusterId, directory, leases, admit, view } = options;
  const sendMembers = (response: ServerResponse): void => {
    const members = directory.members().map(shownMember);
    sendJson(response, 200, JSON.stringify({ clusterId: String(clusterId), members }));
  };
  return [
    { path: "/members", methods: ["GET"], handle: (_, response) => sendMembers(response) },
    {
      path: "/view",
      methods: ["POST"],
      handle: async ({ message }, response) => {
        const question = viewQuestionSchema.safeParse(await readJsonBody(message, BODY_BYTES_MAX));
        if (!question.success) return sendJson(response, 400, "{}");
        sendJson(response, 200, JSON.stringify(view(question.data.after)));
      },
    },
    {
      path: "/members/join",
      methods: ["POST"],
      handle: async ({ message }, response) => {
        const question = joinSchema.safeParse(await readJsonBody(message, BODY_BYTES_MAX));
        if (!question.success) return sendJson(response, 400, "{}");
        try {
          await admit(question.data.peerURLs);
        } catch (error) {
          if (!(error instanceof RpcError)) throw error;
          return sendJson(response, 409, JSON.stringify({ error: error.message }));
        }
        sendMembers(response);
      },
    },
    {
      path: "/leases/renew",
      methods: ["POST"],
      handle: async ({ message }, response) => {
        const question = renewSchema.safeParse(await readJsonBody(message, BODY_BYTES_MAX));
        if (!question.success) return sendJson(response, 400, "{}");
        const ttls = await leases.renewAll(question.data.ids.map(BigInt));
        if (ttls === undefined) return sendJson(response, NOT_LEADER_STATUS, "{}");
        sendJson(response, 200, JSON.stringify({ ttls }));
      },
    },
    {
      path: "/leases/timetolive",
      methods: ["POST"],
      handle: async ({ message }, response) => {
        const question = timeToLiveSchema.safeParse(await readJsonBody(message, BODY_BYTES_MAX));
        if (!question.success) return sendJson(response, 400, "{}");
        const found = await leases.timeToLive(BigInt(question.data.id), question.data.keys);
        if (found === undefined) return sendJson(response, NOT_LEADER_STATUS, "{}");
        sendJson(response, 200, shownTimeToLive(found));
      },
    },
  ];
}

function shownTimeToLive({
  revision,
  ttlSeconds,
  grantedTtlSeconds,
  keys,
}: LeaseTimeToLive): string {
  const shownKeys = keys.map((key) => Buffer.from(key).toString("base64"));
  return JSON.stringify({ revision, ttlSeconds, grantedTtlSeconds, keys: shownKeys });
}

function shownMember(member: DirectoryMember): unknown {
  return {
    number: member.id,
    id: String(member.publicId),
    hex: idText(member.publicId),
    name: member.name,
    peerURLs: member.peerUrls,
    clientURLs: member.clientUrls,
    isLearner: member.isLearner,
  };
}

/** The same questions from the asking side. All reject with `PeerCallError`. */
export class PeerQuestions {
  readonly #calls: PeerCalls;

  constructor(calls: PeerCalls) {
    this.#calls = calls;
  }

  async members(peerUrl: string, timeoutMs: number): Promise<PeerCluster> {
    const answer = await this.#calls.ask(peerUrl, "/members", undefined, timeoutMs);
    return this.#cluster(answer, peerUrl);
  }

  /** Asks to be added. A member that has been added already is told the same. */
  async join(peerUrl: string, ownUrls: readonly string[], timeoutMs: number): Promise<PeerCluster> {
    const question = { peerURLs: ownUrls };
    const answer = await this.#calls.ask(peerUrl, "/members/join", question, timeoutMs);
    return this.#cluster(answer, peerUrl);
  }

  #cluster(answer: unknown, peerUrl: string): PeerCluster {
    const { clusterId, members } = understood(membersSchema, answer, peerUrl);
    return {
      clusterId: BigInt(clusterId),
      members: members.map((member) => ({
        number: member.number,
        id: BigInt(member.id),
        name: member.name,
        peerUrls: member.peerURLs,
        clientUrls: member.clientURLs,
        isLearner: member.isLearner,
      })),
    };
  }

  /** How a member stands, for a page that somebody looks at. */
  async view(peerUrl: string, after: number, timeoutMs: number): Promise<ViewOfMember> {
    const answer = await this.#calls.ask(peerUrl, "/view", { after }, timeoutMs);
    return understood(viewSchema, answer, peerUrl);
  }

  async renewLeases(
    peerUrl: string,
    ids: readonly bigint[],
    timeoutMs: number,
  ): Promise<readonly number[]> {
    const question = { ids: ids.map(String) };
    const answer = await this.#calls.ask(peerUrl, "/leases/renew", question, timeoutMs);
    return understood(renewedSchema, answer, peerUrl).ttls;
  }

  async timeToLive(
    peerUrl: string,
    id: bigint,
    keys: boolean,
    timeoutMs: number,
  ): Promise<LeaseTimeToLive> {
    const question = { id: String(id), keys };
    const answer = await this.#calls.ask(peerUrl, "/leases/timetolive", question, timeoutMs);
    const found = understood(foundSchema, answer, peerUrl);
    return { ...found, keys: found.keys.map((key) => new Uint8Array(Buffer.from(key, "base64"))) };
  }
}

function understood<Answer>(schema: z.ZodType<Answer>, answer: unknown, peerUrl: string): Answer {
  const parsed = schema.safeParse(answer);
  if (parsed.success) return parsed.data;
  throw new PeerCallError(`${peerUrl} answered something that no member of this version answers`);
}
