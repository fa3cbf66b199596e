export { ENGINES, type Engine, hunt, type Quarry } from "./hunt/hunter.ts";
export { drawPlan, LONG_PROFILE } from "./plan/draw-plan.ts";
export { runPlan } from "./plan/run-plan.ts";
