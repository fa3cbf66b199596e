import type { StageAction, StagePlan } from "../stage/stage-action.ts";
import { fromBase64Url, toBase64Url } from "./base64url.ts";
import { drawnShape, endless } from "./drawn-shape.ts";
import { pack, unpack } from "./packing.ts";
import { ACTIONS } from "./plan-shape.ts";
import { list, oneOf, optional, record, recordOf, type Shape, whole, wrong } from "./shape.ts";
import { ShareError } from "./share-error.ts";
import { fromAscii, toAscii } from "./shared-run.ts";

/** Names the format in links, and its version. */
const LINK_PREFIX = "n1";
const FILE_FORMAT = "quorate-node-run";
const FILE_LENGTH_MAX = 16 * 1024 * 1024;
const ACTIONS_MAX = 100_000;
const MEMBERS_MAX = 9;
const EVENTS_MAX = 10_000_000;

/** What the written file needs; this package itself needs no module of Node. */
const IMPORTED = [
  ["assert", "node:assert/strict"],
  ["{ test }", "node:test"],
  ["{ decodeStage, replayStage }", "@quorate/sim"],
] as const;

const DISK_FAULT = {
  member: whole(1, 1_000_000),
  fault: oneOf("tearNextWrite", "failNextWrite", "failNextSync", "flipBit", "fill", "free"),
} as const;

/** Every action that whole nodes understand: a new one does not compile until it stands here. */
const KINDS: Readonly<Record<StageAction["type"], true>> = {
  ask: true,
  campaign: true,
  changeMembership: true,
  clockRate: true,
  crash: true,
  crashAll: true,
  cut: true,
  delayMessage: true,
  diskFault: true,
  dropMessage: true,
  duplicateMessage: true,
  mend: true,
  mendAll: true,
  partition: true,
  pause: true,
  restart: true,
  restartAll: true,
  resume: true,
  slowDisk: true,
  slowLink: true,
  snapshot: true,
  transfer: true,
  wipe: true,
};

const stageAction: Shape<StageAction> = (value, place) => {
  const type = recordOf(value, place)["type"];
  if (typeof type !== "string" || !Object.hasOwn(KINDS, type)) {
    throw wrong(`${place}.type`, "is no action of whole nodes");
  }
  const kind = type as StageAction["type"];
  const fields = kind === "diskFault" ? DISK_FAULT : ACTIONS[kind];
  return { type, ...record(fields)(value, place) } as StageAction;
};

const stagePlan: Shape<StagePlan> = record({
  seed: whole(0, Number.MAX_SAFE_INTEGER),
  members: whole(1, MEMBERS_MAX),
  actions: list(ACTIONS_MAX, record({ afterEvents: whole(0, EVENTS_MAX), action: stageAction })),
  events: whole(0, EVENTS_MAX),
  drawn: optional(drawnShape),
});

/** A run of whole nodes as text for the fragment of a link. */
export function encodeStage(plan: StagePlan): string {
  return `${LINK_PREFIX}.${toBase64Url(pack(toAscii(JSON.stringify(plan, endless))))}`;
}

/** @throws ShareError when the text is no run of whole nodes; nothing else, whatever the text is. */
export function decodeStage(fragment: string): StagePlan {
  const [prefix, body, ...rest] = fragment.replace(/^#/, "").split(".");
  if (prefix !== LINK_PREFIX) throw new ShareError("notARun", "this is no link to a run");
  if (body === undefined || rest.length > 0) {
    throw new ShareError("damaged", "the link is incomplete or was changed on the way");
  }
  return stagePlan(parsed(fromAscii(unpack(fromBase64Url(body)))), "run");
}

/** As the text of a file, which people can read and change. */
export function stageToFile(plan: StagePlan): string {
  return `${JSON.stringify({ format: FILE_FORMAT, version: 1, plan }, endless, 1)}\n`;
}

/** Undefined when the file is something else. @throws ShareError when it is a run of whole nodes, and not whole. */
export function stageFromFile(content: string): StagePlan | undefined {
  if (content.length > FILE_LENGTH_MAX || !content.includes(FILE_FORMAT)) return undefined;
  const head = recordOf(parsed(content), "file");
  if (head["format"] !== FILE_FORMAT) return undefined;
  if (head["version"] !== 1) {
    throw new ShareError("newerVersion", "a newer version of this program made the file");
  }
  return stagePlan(head["plan"], "plan");
}

/** A test for `node --test` that repeats the run: it fails where the run violates something, and passes where it does not. */
export function testFileForStage(plan: StagePlan): string {
  const imports = IMPORTED.map(([what, where]) => `import ${what} from "${where}";`).join("\n");
  return `${imports}

// Everything that was done to the nodes, and the seed of all chance. Open it in the playground as #<text>.
const RUN =
  ${JSON.stringify(encodeStage(plan))};

test("a run of whole nodes", async () => {
  const { violations } = await replayStage(decodeStage(RUN));
  assert.deepEqual(violations, []);
});
`;
}

function parsed(content: string): unknown {
  try {
    return JSON.parse(content);
  } catch {
    throw new ShareError("damaged", "the content is no JSON");
  }
}
