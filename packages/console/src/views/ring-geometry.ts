import type { MemberId } from "@quorate/core";
import { isNarrow } from "../page/preferences.ts";
import type { Flight } from "../recording/flight-log.ts";

export interface Point {
  readonly x: number;
  readonly y: number;
}

export const RING_HEIGHT = 510;
export const MEMBER_RADIUS = 41;
const WIDTH = 680;
const NARROW_WIDTH = 440;
/** Messages of the two directions of a wire keep to their own side of it. */
const LANE_OFFSET = 9;
/** A message just sent or about to arrive stays off the members, so that it can be seen and taken. */
const WIRE_MARGIN = 0.17;
/** A message held back waits here on its wire. */
const HELD_PLACE = 0.3;

/** Width of the drawing; on a phone the ring is narrower, so that its words stay readable. */
export function ringWidth(): number {
  return isNarrow.value ? NARROW_WIDTH : WIDTH;
}

/** Members stand on an ellipse, the first at the top, clockwise. */
export function placeOf(place: number, count: number): Point {
  const angle = -Math.PI / 2 + (2 * Math.PI * place) / Math.max(count, 1);
  const width = ringWidth();
  const rx = width / 2 - (isNarrow.value ? 68 : 115);
  const ry = 172;
  return { x: width / 2 + rx * Math.cos(angle), y: RING_HEIGHT / 2 - 12 + ry * Math.sin(angle) };
}

export function placesOf(ids: readonly MemberId[]): ReadonlyMap<MemberId, Point> {
  return new Map(ids.map((id, at) => [id, placeOf(at, ids.length)]));
}

/** How much of its way a message has made, from 0 to 1. */
export function progressOf({ sentMs, arrivesMs }: Flight, nowMs: number): number {
  if (arrivesMs === undefined) return HELD_PLACE;
  const wayMs = arrivesMs - sentMs;
  if (wayMs <= 0) return 0.5;
  return Math.max(0, Math.min(1, (nowMs - sentMs) / wayMs));
}

/** Where a message that made this much of its way is drawn. */
export function pointBetween(from: Point, to: Point, progress: number): Point {
  const part = WIRE_MARGIN + progress * (1 - 2 * WIRE_MARGIN);
  const length = Math.hypot(to.x - from.x, to.y - from.y) || 1;
  const nx = (-(to.y - from.y) / length) * LANE_OFFSET;
  const ny = ((to.x - from.x) / length) * LANE_OFFSET;
  return { x: from.x + (to.x - from.x) * part + nx, y: from.y + (to.y - from.y) * part + ny };
}

/** Do the two stretches cross? */
export function crosses(a: Point, b: Point, c: Point, d: Point): boolean {
  const side = (p: Point, q: Point, r: Point): number =>
    Math.sign((q.x - p.x) * (r.y - p.y) - (q.y - p.y) * (r.x - p.x));
  return side(a, b, c) !== side(a, b, d) && side(c, d, a) !== side(c, d, b);
}

/** Whether `point` lies left of the way from `a` to `b`. */
export function isLeftOf(point: Point, a: Point, b: Point): boolean {
  return (b.x - a.x) * (point.y - a.y) - (b.y - a.y) * (point.x - a.x) < 0;
}

/** An arc around a point, from the top clockwise; `part` from 0 to 1. */
export function arc({ x, y }: Point, radius: number, part: number): string {
  if (part <= 0) return "";
  const whole = Math.min(part, 0.9999);
  const angle = -Math.PI / 2 + 2 * Math.PI * whole;
  const endX = x + radius * Math.cos(angle);
  const endY = y + radius * Math.sin(angle);
  return `M ${x} ${y - radius} A ${radius} ${radius} 0 ${whole > 0.5 ? 1 : 0} 1 ${endX.toFixed(2)} ${endY.toFixed(2)}`;
}
