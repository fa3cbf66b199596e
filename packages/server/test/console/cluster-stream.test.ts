import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { OneMember } from "../member/one-member.ts";

let member: OneMember;
beforeAll(async () => {
  member = await OneMember.start();
});
afterAll(() => member.stop());

interface Line {
  readonly self: number;
  readonly mayChange: boolean;
  readonly members: readonly { readonly name: string; readonly view: { readonly role: string } }[];
}

/** The status, and the first line of the stream when it is one. */
async function look(token?: string): Promise<{ status: number; line: Line | undefined }> {
  const answer = await fetch(`${member.url}/console/api/cluster`, {
    headers: token === undefined ? {} : { Authorization: token },
    signal: AbortSignal.timeout(10_000),
  });
  const reader = answer.body?.getReader();
  let text = "";
  while (answer.ok && reader !== undefined && !text.includes("\n")) {
    text += new TextDecoder().decode((await reader.read()).value);
  }
  await reader?.cancel();
  const [first = ""] = text.split("\n");
  return { status: answer.status, line: answer.ok ? (JSON.parse(first) as Line) : undefined };
}

/** The member's flight recording, undefined when it is not given. */
async function flight(token?: string): Promise<Record<string, unknown> | undefined> {
  const answer = await fetch(`${member.url}/console/api/flight`, {
    headers: token === undefined ? {} : { Authorization: token },
    signal: AbortSignal.timeout(10_000),
  });
  const content = (await answer.json()) as Record<string, unknown>;
  return answer.ok ? content : undefined;
}

async function tokenOf(name: string, password: string): Promise<string> {
  const { text } = await member.post("/v3/auth/authenticate", { name, password });
  return (JSON.parse(text) as { readonly token: string }).token;
}

describe("the stream of the page", () => {
  test("tells how every member stands, and without authentication everyone may do everything", async () => {
    const { status, line } = await look();
    expect(status).toBe(200);
    expect(line?.mayChange).toBe(true);
    expect(line?.members.map(({ name, view }) => [name, view.role])).toEqual([["solo", "leader"]]);
  });

  test("the flight recording holds how this member came to lead", async () => {
    const found = (await flight()) ?? {};
    expect(found["format"]).toBe("quorate-flight");
    const [self] = found["members"] as readonly { id: number; name: string }[];
    expect(self?.name).toBe("solo");
    const decisions = found["decisions"] as readonly {
      member: number;
      decision: { type: string };
    }[];
    expect(decisions.map(({ decision }) => decision.type)).toContain("becameLeader");
    expect(new Set(decisions.map((one) => one.member))).toEqual(new Set([self?.id]));
  });

  test("with authentication it wants a user, and only root may change the cluster", async () => {
    await member.post("/v3/auth/user/add", { name: "root", password: "secret" });
    await member.post("/v3/auth/role/add", { name: "root" });
    await member.post("/v3/auth/user/grant", { user: "root", role: "root" });
    await member.post("/v3/auth/user/add", { name: "ann", password: "known" });
    expect((await member.post("/v3/auth/enable", {})).status).toBe(200);
    expect((await look()).status).toBe(400);
    expect(await flight()).toBeUndefined();
    expect(await flight(await tokenOf("ann", "known"))).toBeDefined();
    expect((await look("nonsense")).status).toBe(401);
    expect((await look(await tokenOf("ann", "known"))).line?.mayChange).toBe(false);
    expect((await look(await tokenOf("root", "secret"))).line?.mayChange).toBe(true);
  });
});
