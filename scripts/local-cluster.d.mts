/** Types of `local-cluster.mjs` for tests. */
export interface LocalMember {
  readonly name: string;
  readonly clientPort: number;
  readonly peerPort: number;
  readonly clientUrl: string;
  readonly peerUrl: string;
  readonly endpoint: string;
  readonly dataDir: string;
}

export declare const QUORATE_PROGRAM: readonly string[];

export declare class LocalCluster {
  constructor(options: {
    readonly program?: readonly string[];
    readonly folder: string;
    readonly basePort: number;
    readonly size?: number;
    readonly token?: string;
    readonly extraFlags?: readonly string[];
    readonly env?: Readonly<Record<string, string>>;
    readonly onLine?: (member: LocalMember, line: string) => void;
    readonly onExit?: (
      member: LocalMember,
      code: number | null,
      signal: string | null,
      lastLines: readonly string[],
    ) => void;
    readonly onWaiting?: (member: LocalMember, lastLines: readonly string[]) => void;
  });
  members: readonly LocalMember[];
  /** One more place, for a member that joins those of `known`, which have been told of it. */
  addMember(known: readonly LocalMember[]): LocalMember;
  itsEnd(member: LocalMember): Promise<{
    readonly code: number | null;
    readonly signal: string | null;
    readonly lastLines: readonly string[];
  }>;
  readonly endpoints: readonly string[];
  takenPort(): Promise<number | undefined>;
  start(member: LocalMember): void;
  startAll(): void;
  pidOf(member: LocalMember): number | undefined;
  isRunning(member: LocalMember): boolean;
  ready(member: LocalMember, timeoutMs?: number): Promise<void>;
  allReady(timeoutMs?: number): Promise<void>;
  kill(member: LocalMember, signal?: NodeJS.Signals): Promise<void>;
  stop(): Promise<void>;
}
