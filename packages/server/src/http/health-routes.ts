import type { HttpRoute } from "./router.ts";
import { sendJson, sendText } from "./router.ts";

/** What the health pages ask the member. */
export interface HealthSource {
  /** Alarms that stand, by their names in the API. */
  alarms(): readonly string[];
  readonly hasLeader: boolean;
  readonly isLearner: boolean;
  /** A read as a client would do it; rejects with what went wrong. */
  read(serializable: boolean): Promise<void>;
}

/** How often `/health` was asked and what it said, for monitoring. */
export interface HealthCounts {
  successes: number;
  failures: number;
}

type Check = (source: HealthSource) => Promise<void>;

const CHECKS: Readonly<Record<string, Check>> = {
  data_corruption: async (source) => {
    if (source.alarms().includes("CORRUPT")) throw new Error("alarm activated: CORRUPT");
  },
  serializable_read: (source) => source.read(true),
  linearizable_read: (source) => source.read(false),
  non_learner: async (source) => {
    if (source.isLearner) throw new Error("not supported for learner");
  },
};

const LIVENESS: readonly string[] = ["serializable_read"];
const READINESS: readonly string[] = [
  "data_corruption",
  "serializable_read",
  "linearizable_read",
  "non_learner",
];

/** `/health`, and `/livez` and `/readyz` with a page per check. */
export function healthRoutes(source: HealthSource, counts: HealthCounts): readonly HttpRoute[] {
  return [
    {
      path: "/health",
      methods: ["GET"],
      handle: async ({ query }, response) => {
        const excluded = query.getAll("exclude");
        const reason = await unhealthyReason(
          source,
          excluded,
          query.get("serializable") === "true",
        );
        if (reason === "") counts.successes += 1;
        else counts.failures += 1;
        const body = JSON.stringify({ health: reason === "" ? "true" : "false", reason });
        sendText(response, reason === "" ? 200 : 503, body);
      },
    },
    ...checkRoutes("/livez", LIVENESS, source),
    ...checkRoutes("/readyz", READINESS, source),
  ];
}

/** Empty when all is well. */
async function unhealthyReason(
  source: HealthSource,
  excluded: readonly string[],
  serializable: boolean,
): Promise<string> {
  const alarm = source.alarms().find((name) => !excluded.includes(name));
  if (alarm !== undefined) return `ALARM ${alarm}`;
  if (!serializable && !source.hasLeader) return "RAFT NO LEADER";
  try {
    await source.read(serializable);
    return "";
  } catch (error) {
    return `RANGE ERROR:${error instanceof Error ? error.message : String(error)}`;
  }
}

function checkRoutes(
  path: string,
  names: readonly string[],
  source: HealthSource,
): readonly HttpRoute[] {
  const page = (checks: readonly string[]): HttpRoute["handle"] => {
    return async ({ query }, response) => {
      const excluded = query.getAll("exclude");
      const asked = checks.filter((name) => !excluded.includes(name));
      const lines = await Promise.all(asked.map((name) => runCheck(name, source)));
      const isWell = lines.every((line) => line.startsWith("[+]"));
      const verbose = query.has("verbose") || !isWell;
      const text = verbose ? `${lines.join("\n")}\n${isWell ? "ok" : "failed"}\n` : "ok\n";
      sendText(response, isWell ? 200 : 503, text);
    };
  };
  return [
    { path, methods: ["GET"], handle: page(names) },
    ...names.map((name) => ({ path: `${path}/${name}`, methods: ["GET"], handle: page([name]) })),
  ];
}

async function runCheck(name: string, source: HealthSource): Promise<string> {
  try {
    await CHECKS[name]?.(source);
    return `[+]${name} ok`;
  } catch (error) {
    return `[-]${name} failed: ${error instanceof Error ? error.message : String(error)}`;
  }
}

/** `/version`, as etcd's clients read it. */
export function versionRoute(server: string, cluster: string): HttpRoute {
  const body = JSON.stringify({ etcdserver: server, etcdcluster: cluster, storage: cluster });
  return {
    path: "/version",
    methods: ["GET"],
    handle: (_, response) => sendJson(response, 200, body),
  };
}

/** `/metrics`, in Prometheus' text format. */
export function metricsRoute(metrics: {
  readonly contentType: string;
  text(): Promise<string>;
}): HttpRoute {
  return {
    path: "/metrics",
    methods: ["GET"],
    handle: async (_, response) => {
      const text = await metrics.text();
      response.setHeader("Content-Type", metrics.contentType);
      response.writeHead(200).end(text);
    },
  };
}
