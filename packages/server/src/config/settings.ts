import type { Url } from "./url.ts";

/** Settings of a member, each valid by itself and together with the others. */
export interface Settings {
  readonly name: string;
  readonly dataDir: string;
  readonly listenClientUrls: readonly Url[];
  /** Addresses where clients find HTTP and no gRPC. */
  readonly listenClientHttpUrls: readonly Url[];
  readonly listenPeerUrls: readonly Url[];
  readonly allowPublicPlaintext: boolean;
  readonly advertiseClientUrls: readonly Url[];
  readonly initialAdvertisePeerUrls: readonly Url[];
  readonly initialCluster: readonly ClusterEntry[];
  /** Peer URLs of members that are asked to add this one. Empty: it has been added, or is a founder. */
  readonly join: readonly Url[];
  readonly initialClusterState: "new" | "existing";
  readonly initialClusterToken: string;
  readonly strictReconfigCheck: boolean;
  readonly maxLearners: number;
  readonly heartbeatIntervalMs: number;
  readonly electionTimeoutMs: number;
  readonly preVote: boolean;
  readonly snapshotCount: number;
  readonly snapshotCatchupEntries: number;
  readonly clientTls: TlsSettings;
  readonly peerTls: TlsSettings;
  readonly authToken: string;
  readonly authTokenTtlSeconds: number;
  readonly bcryptCost: number;
  readonly corsOrigins: readonly string[];
  readonly hostWhitelist: readonly string[];
  /** 0 or less: no limit. */
  readonly quotaBackendBytes: number;
  readonly maxRequestBytes: number;
  readonly maxTxnOps: number;
  readonly maxWatchesPerStream: number;
  readonly maxConcurrentStreams: number;
  readonly autoCompaction: AutoCompaction;
  readonly watchProgressNotifyIntervalMs: number;
  readonly leaseCheckpointIntervalMs: number;
  readonly listenMetricsUrls: readonly Url[];
  readonly metrics: "basic" | "extensive";
  readonly log: LogSettings;
}

/** A member as the initial cluster names it. */
export interface ClusterEntry {
  readonly name: string;
  readonly urls: readonly Url[];
}

/** How one side of the member (clients or peers) uses certificates. */
export interface TlsSettings {
  readonly certFile: string | undefined;
  readonly keyFile: string | undefined;
  readonly trustedCaFile: string | undefined;
  /** The other side must show a certificate from a trusted authority. */
  readonly clientCertAuth: boolean;
  readonly crlFile: string | undefined;
  /** Make a self-signed certificate when none is given. */
  readonly auto: boolean;
  readonly allowedNames: readonly string[];
  readonly allowedHostnames: readonly string[];
  readonly cipherSuites: readonly string[];
  readonly minVersion: TlsVersion;
  readonly maxVersion: TlsVersion;
}

/** Empty: the platform's own choice. */
export type TlsVersion = "" | "TLS1.2" | "TLS1.3";

/** What of the history is dropped without being asked. */
export type AutoCompaction =
  | { readonly mode: "off" }
  | { readonly mode: "periodic"; readonly retentionMs: number }
  | { readonly mode: "revision"; readonly retainedRevisions: number };

export interface LogSettings {
  readonly level: LogLevel;
  readonly format: "json" | "console";
  readonly outputs: readonly string[];
}

export type LogLevel = "debug" | "info" | "warn" | "error" | "fatal";
