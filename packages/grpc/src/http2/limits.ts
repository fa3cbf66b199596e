/** A budget of frames that cost the server more than the client: `burst` at once, then `perSecond`. */
export interface FrameBudget {
  readonly burst: number;
  readonly perSecond: number;
}

/** What one HTTP/2 connection may make the server hold or do. */
export interface Http2Limits {
  /** Calls open at the same time (`SETTINGS_MAX_CONCURRENT_STREAMS`). More are refused, unharmed, for the client to repeat. */
  readonly maxConcurrentStreams: number;
  /** One decoded header list, octets as HTTP/2 counts them (`SETTINGS_MAX_HEADER_LIST_SIZE`). More ends the call with RESOURCE_EXHAUSTED. */
  readonly maxHeaderListBytes: number;
  /** One header block before decoding, over all its CONTINUATION frames. More ends the connection. */
  readonly maxHeaderBlockBytes: number;
  /** CONTINUATION frames of one block. More ends the connection, even when they are empty (CVE-2024-27316 and its kin). */
  readonly maxContinuationFrames: number;
  /** Bytes a client may have under way on one stream before it hears from us: covers a large request in one go. */
  readonly streamWindowBytes: number;
  /** The same over all streams of the connection. */
  readonly connectionWindowBytes: number;
  /** Received bytes held for incomplete messages and paused streams, per connection. More fails the stream that asks for it. */
  readonly maxReceivedBytesHeld: number;
  /** Unsent answer bytes of one stream above which `write` says to wait. */
  readonly streamHighWaterBytes: number;
  /** Unsent answer bytes of one stream, besides the first message, above which the call fails: the service ignored `write`'s answer. */
  readonly maxStreamQueuedBytes: number;
  /** Unsent answer bytes of one connection above which it is closed: the client asks faster than it reads. One message alone never counts. */
  readonly maxConnectionQueuedBytes: number;
  /** Frames waiting for a socket that does not drain above which the client is not read from. */
  readonly pauseReadingAboveBytes: number;
  /** Streams reset within a second of their opening, by the client or by us for its mistakes (CVE-2023-44487, CVE-2025-8671). */
  readonly rapidResets: FrameBudget;
  /** SETTINGS frames: each costs an acknowledgement and may touch every stream (CVE-2019-9515). */
  readonly settings: FrameBudget;
  /** PING frames, besides those that our own DATA frames earn: each costs an answer (CVE-2019-9512). */
  readonly pings: FrameBudget;
  /** PRIORITY and unknown frames and resets of closed streams: no use to anybody (CVE-2019-9513). */
  readonly uselessFrames: FrameBudget;
  /** WINDOW_UPDATE frames, besides those that our own DATA frames earn. */
  readonly windowUpdates: FrameBudget;
  /** DATA frames without data that do not end the stream (CVE-2019-9518). */
  readonly emptyData: FrameBudget;
}

const KIB = 1024;
const MIB = 1024 * 1024;

/** The limits of a connection where nothing else is said. */
export const DEFAULT_HTTP2_LIMITS: Http2Limits = {
  // One client library puts hundreds of watches on one connection and expects no limit; an open
  // stream costs about 1 KiB, so ten thousand are 10 MiB.
  maxConcurrentStreams: 10_000,
  // Tokens of some KiB are common, 64 KiB of metadata is not.
  maxHeaderListBytes: 64 * KIB,
  // A block is not larger than its list, save for a peer that sends Huffman code of rare octets.
  maxHeaderBlockBytes: 128 * KIB,
  // 128 KiB in full frames are 8.
  maxContinuationFrames: 16,
  streamWindowBytes: MIB,
  connectionWindowBytes: 4 * MIB,
  // 32 requests of the largest usual size (2 MiB) half received.
  maxReceivedBytesHeld: 64 * MIB,
  streamHighWaterBytes: 64 * KIB,
  maxStreamQueuedBytes: 16 * MIB,
  // Two or three lists of 100 MiB, as large clusters have, may wait for one client.
  maxConnectionQueuedBytes: 256 * MIB,
  pauseReadingAboveBytes: MIB,
  // A client whose calls all time out at once resets a few hundred young streams, now and then.
  rapidResets: { burst: 1000, perSecond: 50 },
  // Real clients send one, and one more when they change their windows.
  settings: { burst: 100, perSecond: 2 },
  // Bandwidth probes come once per burst of data, up to one per round trip, and are earned by the data.
  pings: { burst: 1000, perSecond: 100 },
  uselessFrames: { burst: 1000, perSecond: 100 },
  windowUpdates: { burst: 10_000, perSecond: 1000 },
  emptyData: { burst: 1000, perSecond: 100 },
};

/** How long the server waits for things that a working client does at once. Milliseconds. */
export interface ConnectionTimeouts {
  /** From the accepted socket to the end of the client's preface, or its first bytes of HTTP/1. */
  readonly prefaceMs: number;
  /** From the first octet of a frame or header block to its last. */
  readonly frameMs: number;
  /** How long a socket may refuse to take what is to be sent before it is closed. */
  readonly writeStallMs: number;
  /** From GOAWAY after an error to closing the socket under the client's feet. */
  readonly closeMs: number;
}

/** The time limits of a connection where nothing else is said. */
export const DEFAULT_TIMEOUTS: ConnectionTimeouts = {
  prefaceMs: 10_000,
  frameMs: 30_000,
  writeStallMs: 60_000,
  closeMs: 2_000,
};
