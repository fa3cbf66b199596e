import {
  ConnectionError,
  ErrorCode,
  MAX_FRAME_PAYLOAD_BYTES,
  MAX_WINDOW_BYTES,
  Setting,
} from "./protocol.ts";

/** Octets of one setting in a SETTINGS frame (RFC 9113 §6.5.1). */
const SETTING_BYTES = 6;
const LARGEST_FRAME_SIZE = 0xffffff;

/**
 * Visits the settings of a frame's payload in order, each checked against the range of §6.5.2.
 * @throws ConnectionError for a payload that is no list of settings, or a value out of range.
 */
export function forEachSetting(
  bytes: Buffer,
  start: number,
  end: number,
  visit: (id: number, value: number) => void,
): void {
  if ((end - start) % SETTING_BYTES !== 0) {
    throw new ConnectionError(ErrorCode.frameSizeError, "SETTINGS of odd length");
  }
  for (let at = start; at < end; at += SETTING_BYTES) {
    const id = bytes.readUInt16BE(at);
    const value = bytes.readUInt32BE(at + 2);
    check(id, value);
    visit(id, value);
  }
}

function check(id: number, value: number): void {
  switch (id) {
    case Setting.enablePush:
      if (value > 1) throw new ConnectionError(ErrorCode.protocolError, "ENABLE_PUSH above 1");
      return;
    case Setting.initialWindowSize:
      if (value > MAX_WINDOW_BYTES) {
        throw new ConnectionError(ErrorCode.flowControlError, "INITIAL_WINDOW_SIZE above 2^31-1");
      }
      return;
    case Setting.maxFrameSize:
      if (value < MAX_FRAME_PAYLOAD_BYTES || value > LARGEST_FRAME_SIZE) {
        throw new ConnectionError(ErrorCode.protocolError, "MAX_FRAME_SIZE out of range");
      }
      return;
    default:
  }
}
