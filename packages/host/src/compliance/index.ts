export type { ComplianceRunner } from "./compliance-runner.ts";
export type { LogStoreUnderTest, OpenLogStore } from "./log-store-compliance.ts";
export { logStoreCompliance } from "./log-store-compliance.ts";
export type { SnapshotStoreUnderTest } from "./snapshot-store-compliance.ts";
export { snapshotStoreCompliance } from "./snapshot-store-compliance.ts";
export type { StateMachineUnderTest } from "./state-machine-compliance.ts";
export { stateMachineCompliance } from "./state-machine-compliance.ts";
export type { TransportNetwork, TransportUnderTest } from "./transport-case.ts";
export { transportCompliance } from "./transport-compliance.ts";
