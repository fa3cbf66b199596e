import { CLOCK_FAULTS } from "./clock-faults.ts";
import { DISK_FAULTS } from "./disk-faults.ts";
import type { NodeFault } from "./fault-scene.ts";
import { GROUP_FAULTS } from "./group-faults.ts";
import { NETWORK_FAULTS } from "./network-faults.ts";
import { PROCESS_FAULTS } from "./process-faults.ts";

/** All kinds of faults but those that change who belongs to the group or destroy data for good. */
export const NODE_FAULTS: readonly NodeFault[] = [
  ...PROCESS_FAULTS,
  ...NETWORK_FAULTS,
  ...DISK_FAULTS,
  ...CLOCK_FAULTS,
  ...GROUP_FAULTS,
];
