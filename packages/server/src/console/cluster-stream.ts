import type { ServerResponse } from "node:http";
import type { Environment, Timer } from "@quorate/host";
import { errorJson, httpStatusOf } from "../gateway/errors.ts";
import { GatewayCall } from "../gateway/gateway-call.ts";
import { type HttpRoute, sendJson } from "../http/router.ts";
import { PeerCallError } from "../peer/peer-calls.ts";
import type { PeerQuestions, ViewOfMember } from "../peer/peer-routes.ts";
import { RpcError } from "../rpc/status.ts";
import { answerOf, type StoreAccess } from "../services/store-access.ts";
import type { MemberView } from "./member-view.ts";

/** How often the page hears of everybody. */
const INTERVAL_MS = 500;
/** A decision of this member is told after this time, so that those of one moment go together. */
const SOON_MS = 25;
/** A member that has not answered by then counts as silent, until it answers. */
const ANSWER_TIMEOUT_MS = 450;
/** Pages open at one member; each costs it a question to every other member twice a second. */
const STREAMS_MAX = 16;
/** What may wait for a slow reader; it is skipped then, and hears the next one. */
const UNSENT_BYTES_MAX = 1024 * 1024;

/** Decisions of one member that wait to be told. */
const UNTOLD_MAX = 300;

export interface ClusterStreamOptions {
  readonly view: MemberView;
  readonly selfId: number;
  readonly store: StoreAccess;
  readonly questions: PeerQuestions;
  readonly environment: Environment;
}

/**
 * `/console/api/cluster`: how all members stand, as one line of JSON each time something is to be told.
 * `/console/api/flight`: what this member decided lately, as one document.
 */
export class ClusterStreams {
  readonly #options: ClusterStreamOptions;
  readonly #open: Set<ClusterStream> = new Set();

  constructor(options: ClusterStreamOptions) {
    this.#options = options;
  }

  routes(): readonly HttpRoute[] {
    return [
      {
        path: "/console/api/flight",
        methods: ["GET"],
        handle: async ({ path, message }, response) => {
          const call = new GatewayCall(path, message, response);
          if (await this.#admits(call, response)) sendJson(response, 200, this.#flight());
        },
      },
      {
        path: "/console/api/cluster",
        methods: ["GET"],
        handle: async ({ path, message }, response) => {
          const call = new GatewayCall(path, message, response);
          if (!(await this.#admits(call, response))) return;
          if (this.#open.size >= STREAMS_MAX) {
            sendJson(response, 503, JSON.stringify({ error: "too many pages are open here" }));
            return;
          }
          const mayChange = await this.#authorize("root", call).then(
            () => true,
            () => false,
          );
          if (call.cancelled) return;
          const stream = new ClusterStream(this.#options, response, mayChange);
          this.#open.add(stream);
          call.onCancel(() => this.#end(stream));
        },
      },
    ];
  }

  close(): void {
    for (const stream of [...this.#open]) this.#end(stream);
  }

  /** Whoever may use the API; everybody else is told why not. */
  async #admits(call: GatewayCall, response: ServerResponse): Promise<boolean> {
    try {
      await this.#authorize("user", call);
      return true;
    } catch (error) {
      if (!(error instanceof RpcError)) throw error;
      sendJson(response, httpStatusOf(error.code), errorJson(error));
      return false;
    }
  }

  /** What this member decided lately and why, as a file that the page opens. */
  #flight(): string {
    const { view, selfId, environment } = this.#options;
    const members = view.members().map(({ id, name }) => ({ id, name }));
    const decisions = view.feed.after(0).map((item) => ({ ...item, member: selfId }));
    const savedAtMs = environment.wallClockMs();
    return JSON.stringify({ format: "quorate-flight", version: 1, savedAtMs, members, decisions });
  }

  async #authorize(need: "user" | "root", call: GatewayCall): Promise<void> {
    const answer = await this.#options.store.query({ type: "authorize", need }, "local", call);
    answerOf(answer, "authorize");
  }

  #end(stream: ClusterStream): void {
    this.#open.delete(stream);
    stream.close();
  }
}

/** One page that looks. */
class ClusterStream {
  readonly #options: ClusterStreamOptions;
  readonly #response: ServerResponse;
  readonly #mayChange: boolean;
  /** By member, the newest decision that the page knows. */
  readonly #known: Map<number, number> = new Map();
  /** What other members last said; those that are silent are missing. */
  readonly #others: Map<number, ViewOfMember> = new Map();
  readonly #asking: Set<number> = new Set();
  readonly #stopHearing: () => void;
  #timer: Timer | undefined;
  #soon: Timer | undefined;
  #isClosed = false;

  constructor(options: ClusterStreamOptions, response: ServerResponse, mayChange: boolean) {
    this.#options = options;
    this.#response = response;
    this.#mayChange = mayChange;
    response.writeHead(200, {
      "Content-Type": "application/x-ndjson",
      "Cache-Control": "no-store",
      "X-Content-Type-Options": "nosniff",
    });
    this.#stopHearing = options.view.feed.onChange(() => this.#tellSoon());
    this.#look();
  }

  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#stopHearing();
    this.#timer?.cancel();
    this.#soon?.cancel();
    this.#response.end();
  }

  #look(): void {
    if (this.#isClosed) return;
    const { view, selfId } = this.#options;
    const asked = view.members().map(({ id, peerUrls: [url] }) => {
      return id === selfId || url === undefined ? undefined : this.#ask(id, url);
    });
    if (this.#others.size === 0) this.#tell();
    // What all say of one moment is told together: else a follower seems to be behind by what happened meanwhile.
    void Promise.all(asked).then(() => this.#tell());
    this.#timer = this.#options.environment.setTimer(INTERVAL_MS, () => this.#look());
  }

  async #ask(id: number, url: string): Promise<void> {
    if (this.#asking.has(id)) return;
    this.#asking.add(id);
    try {
      const known = this.#known.get(id) ?? 0;
      const answer = await this.#options.questions.view(url, known, ANSWER_TIMEOUT_MS);
      const before = this.#others.get(id);
      // What the page was not told yet stays, for a reader that is slow.
      const decisions = [...(before?.decisions ?? []), ...answer.decisions].slice(-UNTOLD_MAX);
      this.#others.set(id, { ...answer, decisions });
      if (this.#noteDecisions(id, answer) || before === undefined) this.#tellSoon();
    } catch (error) {
      if (!(error instanceof PeerCallError)) throw error;
      if (this.#others.delete(id)) this.#tellSoon();
    } finally {
      this.#asking.delete(id);
    }
  }

  /** Remembers how far the page knows or will be told; true when there is something new. */
  #noteDecisions(id: number, { decisions }: ViewOfMember): boolean {
    const newest = decisions.at(-1)?.sequence;
    if (newest !== undefined) this.#known.set(id, newest);
    return newest !== undefined;
  }

  #tellSoon(): void {
    if (this.#soon !== undefined || this.#isClosed) return;
    this.#soon = this.#options.environment.setTimer(SOON_MS, () => {
      this.#soon = undefined;
      this.#tell();
    });
  }

  #tell(): void {
    if (this.#isClosed || this.#response.writableLength > UNSENT_BYTES_MAX) return;
    const { view, selfId } = this.#options;
    const own = view.view(this.#known.get(selfId) ?? 0);
    this.#noteDecisions(selfId, own);
    const members = view.members().map(({ id, publicId, name, clientUrls, isLearner }) => ({
      id,
      publicId: String(publicId),
      name,
      clientUrls,
      isLearner,
      view: id === selfId ? own : this.#take(id),
    }));
    const line = { self: selfId, mayChange: this.#mayChange, members };
    this.#response.write(`${JSON.stringify(line)}\n`);
  }

  /** What a member last said; null for a silent one. Its decisions are told once. */
  #take(id: number): ViewOfMember | null {
    const view = this.#others.get(id);
    if (view === undefined) return null;
    this.#others.set(id, { ...view, decisions: [] });
    return view;
  }
}
