import type { KvMachine } from "@quorate/kv";
import { SYSTEM_CALLER } from "@quorate/kv";
import type { HealthSource } from "../http/health-routes.ts";
import type { ReplicatedStore } from "./replicated-store.ts";
import type { Standing } from "./standing.ts";

/** Any key will do: what matters is that the answer comes. */
const PROBED_KEY = new TextEncoder().encode("health");

/** Asks on nobody's behalf: health is not a secret, whoever may read keys. */
export function healthSource(
  store: ReplicatedStore,
  standing: Standing,
  kv: KvMachine,
): HealthSource {
  return {
    alarms: () => kv.status().alarms.map(({ alarm }) => alarm.toUpperCase()),
    get hasLeader() {
      return standing.hasLeader;
    },
    get isLearner() {
      return standing.isLearner;
    },
    async read(serializable) {
      const query = { type: "range", key: PROBED_KEY, limit: 1, caller: SYSTEM_CALLER } as const;
      await store.queryAsSystem(query, serializable ? "local" : "linearizable");
    },
  };
}
