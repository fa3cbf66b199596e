import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { loadSettings } from "../../src/config/load.ts";
import { SILENT } from "../../src/log/logger.ts";
import { Member } from "../../src/member/member.ts";
import { freePorts } from "../processes/member-process.ts";
import { Api } from "./api.ts";

/** A member on its own within this process, with a client of it. */
export class OneMember {
  readonly endpoint: string;
  readonly url: string;
  readonly api: Api;
  readonly #member: Member;
  readonly #folder: string;

  private constructor(endpoint: string, member: Member, folder: string) {
    this.endpoint = endpoint;
    this.url = `http://${endpoint}`;
    this.api = new Api(endpoint);
    this.#member = member;
    this.#folder = folder;
  }

  static async start(flags: readonly string[] = []): Promise<OneMember> {
    const folder = mkdtempSync(join(tmpdir(), "quorate-member-"));
    const [client, peer] = await freePorts(2);
    const request = loadSettings(
      [
        "--name=solo",
        `--data-dir=${join(folder, "data")}`,
        `--listen-client-urls=http://127.0.0.1:${client}`,
        `--listen-peer-urls=http://127.0.0.1:${peer}`,
        `--initial-advertise-peer-urls=http://127.0.0.1:${peer}`,
        ...flags,
      ],
      {},
    );
    if (request.wants !== "serve") throw new Error("these are no settings of a member");
    const member = await Member.start(request.settings, SILENT, () => {});
    return new OneMember(`127.0.0.1:${client}`, member, folder);
  }

  /** POSTs JSON to the gateway. */
  async post(
    path: string,
    body: unknown,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<{ readonly status: number; readonly text: string }> {
    const answer = await fetch(`${this.url}${path}`, {
      method: "POST",
      body: typeof body === "string" ? body : JSON.stringify(body),
      headers,
    });
    return { status: answer.status, text: await answer.text() };
  }

  async stop(): Promise<void> {
    this.api.close();
    await this.#member.close();
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
