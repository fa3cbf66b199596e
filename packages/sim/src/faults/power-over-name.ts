import type { SimNode } from "../world/sim-node.ts";
import type { FaultScene } from "./fault-scene.ts";

/** Whether the power has gone is seen at such intervals, so many times. */
const LOOK_MS = 400;
const LOOKS_MAX = 20;

/** The power goes soon after the node's next change of a name; somebody starts it again. */
export function losePowerOverName(scene: FaultScene, node: SimNode): void {
  if (node.power !== "up") return;
  node.disk.bring("powerFailsAfterNameChange");
  const look = (looksLeft: number): void => {
    if (node.power === "down") node.start();
    else if (looksLeft > 0) scene.later(LOOK_MS, () => look(looksLeft - 1));
  };
  scene.later(LOOK_MS, () => look(LOOKS_MAX));
}
