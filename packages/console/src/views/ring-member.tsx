import type { MemberId } from "@quorate/core";
import type { MemberFrame } from "@quorate/sim";
import type { JSX } from "preact";
import { memberName, say } from "../language/say.ts";
import { standingWord } from "../language/words.ts";
import { selectedMember } from "../studio/studio.ts";
import { termColour } from "./colours.ts";
import { arc, MEMBER_RADIUS, type Point } from "./ring-geometry.ts";

/** One member on the ring: its role, term, vote and log end, and how long it will still wait for a leader. */
export function RingMember({
  member,
  at,
}: {
  readonly member: MemberFrame;
  readonly at: Point;
}): JSX.Element {
  const { id, power, role, term, electionElapsedTicks, electionTimeoutTicks } = member;
  const colour = termColour(term);
  const isSelected = selectedMember.value === id;
  const waits = power === "up" && role !== "leader" && electionTimeoutTicks > 0;
  const left = waits ? 1 - electionElapsedTicks / electionTimeoutTicks : 0;
  const select = (): void => {
    selectedMember.value = isSelected ? undefined : id;
  };
  return (
    <g
      class={`member ${role === "leader" && power === "up" ? "leader" : ""} ${power} ${isSelected ? "selected" : ""}`}
      role="button"
      tabindex={0}
      data-member={id}
      data-role={member.role}
      data-power={member.power}
      aria-pressed={isSelected}
      aria-label={labelOf(member)}
      onClick={select}
      onKeyDown={(event) => {
        if (event.key !== "Enter" && event.key !== " ") return;
        event.preventDefault();
        select();
      }}
    >
      <circle class="halo" cx={at.x} cy={at.y} r={MEMBER_RADIUS + 13} />
      <circle class="body" cx={at.x} cy={at.y} r={MEMBER_RADIUS} stroke={colour} />
      {waits && (
        <path class="waiting" d={arc(at, MEMBER_RADIUS + 7, left)} stroke={colour}>
          <title>{say("time left before it asks to lead", "距离参选的剩余时间")}</title>
        </path>
      )}
      {role === "leader" && power === "up" && (
        <Crown x={at.x} y={at.y - MEMBER_RADIUS - 4} colour={colour} />
      )}
      <text class="number" x={at.x} y={at.y + 1} text-anchor="middle">
        {id}
      </text>
      <text class="word" x={at.x} y={at.y + 18} text-anchor="middle">
        {power === "down"
          ? say("down", "停止")
          : power === "paused"
            ? say("paused", "暂停")
            : say(`term ${term}`, `任期 ${term}`)}
      </text>
      <Below member={member} at={at} />
      {member.entriesBeingWritten > 0 && power === "up" && <Writing at={at} />}
    </g>
  );
}

function Below({ member, at }: { readonly member: MemberFrame; readonly at: Point }): JSX.Element {
  const y = at.y + MEMBER_RADIUS + 23;
  return (
    <>
      <text class="word" x={at.x} y={y} text-anchor="middle" font-weight="650">
        {standingWord(member)}
      </text>
      <text class="word" x={at.x} y={y + 14.5} text-anchor="middle">
        {say(
          `log ${member.last} · committed ${Math.min(member.commit, member.last)}`,
          `日志 ${member.last} · 已提交 ${Math.min(member.commit, member.last)}`,
        )}
      </text>
      <Copies member={member} x={at.x} y={y + 29} />
    </>
  );
}

/** A leader with an entry that is not committed: how many voters hold it, and how many it takes. */
function Copies({
  member: { role, power, last, commit, progress, membership },
  x,
  y,
}: {
  readonly member: MemberFrame;
  readonly x: number;
  readonly y: number;
}): JSX.Element | null {
  if (role !== "leader" || power !== "up" || last <= commit) return null;
  const voters = progress.filter(({ isLearner }) => !isLearner);
  const copies = voters.filter(({ match }) => match > commit).length;
  const needed = Math.floor(membership.voters.length / 2) + 1;
  return (
    <text class="word copies" x={x} y={y} text-anchor="middle" data-copies={copies}>
      {say(
        `entry ${commit + 1}: ${copies} of ${voters.length} copies, needs ${needed}`,
        `条目 ${commit + 1}：${voters.length} 份中有 ${copies} 份，需要 ${needed} 份`,
      )}
    </text>
  );
}

function Crown({
  x,
  y,
  colour,
}: {
  readonly x: number;
  readonly y: number;
  readonly colour: string;
}): JSX.Element {
  return (
    <path
      d={`M ${x - 15} ${y} l -3 -16 l 10 7 l 8 -12 l 8 12 l 10 -7 l -3 16 z`}
      fill={colour}
      stroke="var(--panel)"
      stroke-width="2"
      stroke-linejoin="round"
    />
  );
}

/** Something is on its way to the disk. */
function Writing({ at }: { readonly at: Point }): JSX.Element {
  const x = at.x + MEMBER_RADIUS - 6;
  const y = at.y - MEMBER_RADIUS + 4;
  return (
    <g>
      <title>{say("writing to its disk", "正在写入磁盘")}</title>
      <rect
        x={x - 10}
        y={y - 9}
        width="20"
        height="18"
        rx="4"
        fill="var(--warn)"
        stroke="var(--panel)"
        stroke-width="2"
      />
      <path
        d={`M ${x - 5} ${y - 2} h 10 M ${x - 5} ${y + 2.5} h 6`}
        stroke="var(--panel)"
        stroke-width="2"
      />
    </g>
  );
}

function labelOf(member: MemberFrame): string {
  const { id, term, last, commit, vote } = member;
  const voted =
    vote === 0 ? "" : say(`, voted for ${memberName(vote)}`, `，投票给${memberName(vote)}`);
  return say(
    `${memberName(id)}: ${standingWord(member)}, term ${term}, log to ${last}, committed to ${commit}${voted}`,
    `${memberName(id)}：${standingWord(member)}，任期 ${term}，日志到 ${last}，已提交到 ${commit}${voted}`,
  );
}

/** Members in the order of their numbers. */
export function idsOf(members: readonly MemberFrame[]): readonly MemberId[] {
  return members.map(({ id }) => id);
}
