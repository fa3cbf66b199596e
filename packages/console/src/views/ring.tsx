import { type Signal, useSignal } from "@preact/signals";
import type { MemberId } from "@quorate/core";
import type { JSX } from "preact";
import { useRef } from "preact/hooks";
import { interfere } from "../control/message-controls.tsx";
import { cutWires, performAll } from "../control/network-actions.ts";
import { memberName, say } from "../language/say.ts";
import { linkName } from "../recording/track.ts";
import { flights, frame, selectedMessage } from "../studio/studio.ts";
import { RingClients } from "./ring-clients.tsx";
import {
  crosses,
  isLeftOf,
  type Point,
  placesOf,
  pointBetween,
  RING_HEIGHT,
  ringWidth,
} from "./ring-geometry.ts";
import { idsOf, RingMember } from "./ring-member.tsx";
import { RingMessage } from "./ring-message.tsx";

/** How a stroke of the mouse cuts the wires that it crosses. */
export type Knife = "off" | "both" | "oneWay";

/** How much later a message arrives that is dragged to the place for that. */
const DELAY_MS = 25;
const DRAG_STARTS_PX = 7;

interface Drag {
  readonly message: number;
  readonly from: Point;
  readonly at: Point;
  readonly isMoving: boolean;
}

interface Stroke {
  readonly from: Point;
  readonly to: Point;
}

/** The members around a ring, the wires between them, and every message under way. */
export function Ring({ knife }: { readonly knife: Signal<Knife> }): JSX.Element {
  const svg = useRef<SVGSVGElement>(null);
  const drag = useSignal<Drag | undefined>(undefined);
  const stroke = useSignal<Stroke | undefined>(undefined);
  const { members, cuts } = frame.value;
  const places = placesOf(idsOf(members));
  const toPoint = (event: PointerEvent): Point => pointIn(svg.current, event);

  const onDown = (event: PointerEvent): void => {
    if (knife.value === "off") return;
    const point = toPoint(event);
    svg.current?.setPointerCapture(event.pointerId);
    stroke.value = { from: point, to: point };
  };
  const onMove = (event: PointerEvent): void => {
    if (stroke.value !== undefined) stroke.value = { ...stroke.value, to: toPoint(event) };
    const { value } = drag;
    if (value === undefined) return;
    const at = toPoint(event);
    const far = Math.hypot(at.x - value.from.x, at.y - value.from.y) > DRAG_STARTS_PX;
    drag.value = { ...value, at, isMoving: value.isMoving || far };
  };
  const onUp = (): void => {
    if (stroke.value !== undefined) cutAlong(stroke.value, places, cuts, knife.value);
    stroke.value = undefined;
    const { value } = drag;
    drag.value = undefined;
    if (value?.isMoving === true) dropInto(value);
  };

  return (
    <svg
      ref={svg}
      viewBox={`0 0 ${ringWidth()} ${RING_HEIGHT}`}
      role="group"
      aria-label={say("The members and their messages", "成员与消息")}
      data-picture="ring"
      onPointerDown={onDown}
      onPointerMove={onMove}
      onPointerUp={onUp}
    >
      <Wires places={places} cuts={cuts} />
      {members.map((member) => (
        <RingMember key={member.id} member={member} at={places.get(member.id) ?? ORIGIN} />
      ))}
      {flights.value.map((flight) => {
        const { from, to } = flight.message;
        const [start, end] = [places.get(from), places.get(to)];
        if (start === undefined || end === undefined) return null;
        const held = drag.value;
        return (
          <RingMessage
            key={flight.id}
            flight={flight}
            from={start}
            to={end}
            dragged={held?.message === flight.id && held.isMoving ? held.at : undefined}
            onTake={(event) => {
              if (knife.value !== "off") return;
              const at = toPoint(event);
              svg.current?.setPointerCapture(event.pointerId);
              drag.value = { message: flight.id, from: at, at, isMoving: false };
            }}
          />
        );
      })}
      <RingClients places={places} />
      {drag.value?.isMoving === true && <Zones at={drag.value.at} />}
      {stroke.value !== undefined && (
        <line
          class="knife"
          x1={stroke.value.from.x}
          y1={stroke.value.from.y}
          x2={stroke.value.to.x}
          y2={stroke.value.to.y}
        />
      )}
    </svg>
  );
}

const ORIGIN: Point = { x: 0, y: 0 };

/** Every pair of members has a wire; a direction that is cut carries a bar near its sender. */
function Wires({
  places,
  cuts,
}: {
  readonly places: ReadonlyMap<MemberId, Point>;
  readonly cuts: ReadonlySet<string>;
}): JSX.Element {
  const ids = [...places.keys()];
  const pairs = ids.flatMap((one, at) => ids.slice(at + 1).map((other) => [one, other] as const));
  return (
    <g>
      {pairs.map(([one, other]) => {
        const [a, b] = [places.get(one) ?? ORIGIN, places.get(other) ?? ORIGIN];
        const there = cuts.has(linkName(one, other));
        const back = cuts.has(linkName(other, one));
        return (
          <g key={linkName(one, other)}>
            <line class={`wire ${there && back ? "cut" : ""}`} x1={a.x} y1={a.y} x2={b.x} y2={b.y}>
              <title>{wireTitle(one, other, there, back)}</title>
            </line>
            {there && <CutMark from={a} to={b} />}
            {back && <CutMark from={b} to={a} />}
          </g>
        );
      })}
    </g>
  );
}

function CutMark({ from, to }: { readonly from: Point; readonly to: Point }): JSX.Element {
  const { x, y } = pointBetween(from, to, 0.36);
  const length = Math.hypot(to.x - from.x, to.y - from.y) || 1;
  const [ux, uy] = [(to.x - from.x) / length, (to.y - from.y) / length];
  return (
    <path class="cut-mark" d={`M ${x - uy * 6} ${y + ux * 6} L ${x + uy * 6} ${y - ux * 6}`} />
  );
}

function wireTitle(one: MemberId, other: MemberId, there: boolean, back: boolean): string {
  if (there && back) {
    return say(
      `${memberName(one)} and ${memberName(other)} do not hear each other`,
      `${memberName(one)}和${memberName(other)}互相听不到`,
    );
  }
  if (!there && !back) return `${memberName(one)} – ${memberName(other)}`;
  const [deaf, mute] = there ? [other, one] : [one, other];
  return say(
    `${memberName(deaf)} does not hear ${memberName(mute)}`,
    `${memberName(deaf)}听不到${memberName(mute)}`,
  );
}

interface Zone {
  readonly x: number;
  readonly label: string;
  run(message: number): void;
}

const ZONE_WIDTH = 132;
const ZONE_HEIGHT = 54;
const ZONE_Y = RING_HEIGHT - ZONE_HEIGHT - 8;

function zones(): readonly Zone[] {
  return [
    {
      x: 12,
      label: say("✕ lose it", "✕ 丢弃"),
      run: (message) => interfere({ type: "dropMessage", message }),
    },
    {
      x: 154,
      label: say(`⏱ ${DELAY_MS} ms later`, `⏱ 推迟 ${DELAY_MS} 毫秒`),
      run: (message) => interfere({ type: "delayMessage", message, extraMs: DELAY_MS }),
    },
    {
      x: 296,
      label: say("⧉ let it come twice", "⧉ 重复一次"),
      run: (message) => interfere({ type: "duplicateMessage", message }),
    },
  ];
}

function isIn({ x }: Zone, at: Point): boolean {
  return at.y > ZONE_Y - 10 && at.x >= x && at.x <= x + ZONE_WIDTH;
}

/** Where a dragged message can be let go. */
function Zones({ at }: { readonly at: Point }): JSX.Element {
  return (
    <g class="zones">
      {zones().map((zone) => (
        <g key={zone.x} class={isIn(zone, at) ? "over" : ""}>
          <rect x={zone.x} y={ZONE_Y} width={ZONE_WIDTH} height={ZONE_HEIGHT} rx="10" />
          <text x={zone.x + ZONE_WIDTH / 2} y={ZONE_Y + 33} text-anchor="middle">
            {zone.label}
          </text>
        </g>
      ))}
    </g>
  );
}

function dropInto({ message, at }: Drag): void {
  const zone = zones().find((one) => isIn(one, at));
  if (zone === undefined) return;
  zone.run(message);
  selectedMessage.value = undefined;
}

/** Cuts what the stroke crosses; one way means that the left side is not heard on the right any more. */
function cutAlong(
  { from, to }: Stroke,
  places: ReadonlyMap<MemberId, Point>,
  cuts: ReadonlySet<string>,
  knife: Knife,
): void {
  const ids = [...places.keys()];
  const links: (readonly [MemberId, MemberId])[] = [];
  for (const one of ids) {
    for (const other of ids) {
      const [a, b] = [places.get(one) ?? ORIGIN, places.get(other) ?? ORIGIN];
      if (one === other || cuts.has(linkName(one, other)) || !crosses(from, to, a, b)) continue;
      if (knife === "both" || isLeftOf(a, from, to)) links.push([one, other]);
    }
  }
  performAll(cutWires(links));
}

function pointIn(svg: SVGSVGElement | null, event: PointerEvent): Point {
  const matrix = svg?.getScreenCTM();
  if (matrix === null || matrix === undefined) return ORIGIN;
  const { x, y } = new DOMPoint(event.clientX, event.clientY).matrixTransform(matrix.inverse());
  return { x, y };
}
