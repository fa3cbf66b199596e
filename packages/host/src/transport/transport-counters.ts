/** What the transport counts since it was made; one object, shared by its connections. */
export interface TransportCounters {
  framesSent: number;
  bytesSent: number;
  socketWrites: number;
  framesReceived: number;
  bytesReceived: number;
  messagesDropped: number;
  connectionsRefused: number;
  snapshotBytesSent: number;
  snapshotBytesReceived: number;
}

export function newTransportCounters(): TransportCounters {
  return {
    framesSent: 0,
    bytesSent: 0,
    socketWrites: 0,
    framesReceived: 0,
    bytesReceived: 0,
    messagesDropped: 0,
    connectionsRefused: 0,
    snapshotBytesSent: 0,
    snapshotBytesReceived: 0,
  };
}
