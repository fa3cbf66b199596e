import type { JSX } from "preact";
import { say } from "../language/say.ts";
import { roleWord } from "../language/words.ts";
import { isNarrow } from "../page/preferences.ts";
import { termColour } from "../views/colours.ts";
import { MEMBER_RADIUS, placesOf, RING_HEIGHT, ringWidth } from "../views/ring-geometry.ts";
import type { LiveCluster, LiveMember, LiveView } from "./member-view.ts";

/** The members as they stand, and how long their messages take. */
export function Topology({ cluster }: { readonly cluster: LiveCluster }): JSX.Element {
  const { members } = cluster;
  const places = placesOf(members.map(({ id }) => id));
  const pairs = members.flatMap((one, at) =>
    members.slice(at + 1).map((other): [LiveMember, LiveMember] => [one, other]),
  );
  return (
    <svg
      viewBox={`0 0 ${ringWidth()} ${RING_HEIGHT}`}
      role="img"
      aria-label={members.map(labelOf).join("; ")}
    >
      {pairs.map(([one, other]) => {
        const [a, b] = [places.get(one.id), places.get(other.id)];
        if (a === undefined || b === undefined) return null;
        const tripMs = roundTripOf(one, other);
        const isUp = one.view !== null && other.view !== null;
        return (
          <g key={`${one.id}/${other.id}`}>
            <line class={`wire ${isUp ? "" : "cut"}`} x1={a.x} y1={a.y} x2={b.x} y2={b.y} />
            {isUp && tripMs !== undefined && (
              <g>
                <rect
                  x={(a.x + b.x) / 2 - 30}
                  y={(a.y + b.y) / 2 - 11}
                  width="60"
                  height="21"
                  rx="6"
                  fill="var(--panel)"
                />
                <text class="trip" x={(a.x + b.x) / 2} y={(a.y + b.y) / 2 + 4} text-anchor="middle">
                  {tripMs.toFixed(1)} ms
                </text>
              </g>
            )}
          </g>
        );
      })}
      {members.map((member) => {
        const at = places.get(member.id);
        return at === undefined ? null : (
          <Node key={member.id} member={member} x={at.x} y={at.y} self={cluster.self} />
        );
      })}
    </svg>
  );
}

function Node({
  member,
  x,
  y,
  self,
}: {
  readonly member: LiveMember;
  readonly x: number;
  readonly y: number;
  readonly self: number;
}): JSX.Element {
  const { view, name, id } = member;
  const isLeader = view?.role === "leader";
  const colour = termColour(view?.term ?? 0);
  return (
    <g class={`member ${isLeader ? "leader" : ""} ${view === null ? "down" : ""}`} data-live={id}>
      <circle class="body" cx={x} cy={y} r={MEMBER_RADIUS} stroke={colour} />
      <text class="number" x={x} y={y + 2} text-anchor="middle" style="font-size:20px">
        {isLeader ? "♛ " : ""}
        {name || id}
      </text>
      <text class="word" x={x} y={y + 19} text-anchor="middle">
        {view === null ? say("silent", "无应答") : say(`term ${view.term}`, `任期 ${view.term}`)}
      </text>
      <text class="word" x={x} y={y + MEMBER_RADIUS + 22} text-anchor="middle" font-weight="650">
        {standing(member)}
        {id === self ? say(" · serves this page", " · 提供本页面") : ""}
      </text>
      {view !== null && <Progress view={view} x={x} y={y + MEMBER_RADIUS + 37} />}
    </g>
  );
}

/** On a phone one below the other, so that neighbours do not write over each other. */
function Progress({
  view,
  x,
  y,
}: {
  readonly view: LiveView;
  readonly x: number;
  readonly y: number;
}): JSX.Element {
  const parts = [
    say(`log ${view.last}`, `日志 ${view.last}`),
    say(`committed ${view.commit}`, `已提交 ${view.commit}`),
    say(`applied ${view.applied}`, `已应用 ${view.applied}`),
  ];
  const rows = isNarrow.value ? parts : [parts.join(" · ")];
  return (
    <>
      {rows.map((row, at) => (
        <text key={row} class="word" x={x} y={y + at * 15} text-anchor="middle">
          {row}
        </text>
      ))}
    </>
  );
}

export function standing({ view, id }: LiveMember): string {
  if (view === null) return say("does not answer", "没有应答");
  if (view.membership.learners.includes(id)) return say("learner", "学习者");
  return roleWord(view.role);
}

function labelOf(member: LiveMember): string {
  const { name, id, view } = member;
  const where = view === null ? "" : say(`, term ${view.term}`, `，任期 ${view.term}`);
  return `${name || id}: ${standing(member)}${where}`;
}

function roundTripOf(one: LiveMember, other: LiveMember): number | undefined {
  const there = one.view?.peers.find(({ peer }) => peer === other.id)?.roundTripMs;
  return there ?? other.view?.peers.find(({ peer }) => peer === one.id)?.roundTripMs;
}
