export type { NodeEnvironmentOptions } from "./node-environment.ts";
export { nodeEnvironment } from "./node-environment.ts";
export type { NetworkOptions } from "./node-network.ts";
export type { TlsOptions } from "./tls-material.ts";
