export type { NodeEnvironmentOptions } from "./node-environment.ts";
export { nodeEnvironment } from "./node-environment.ts";
export type { NetworkOptions } from "./node-network.ts";
export { serveMachine } from "./serve-machine.ts";
export type { TlsOptions } from "./tls-material.ts";
export type { WorkerMachineOptions } from "./worker-machine.ts";
export { workerMachine } from "./worker-machine.ts";
