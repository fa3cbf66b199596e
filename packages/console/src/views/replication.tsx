import type { MemberFrame, ProgressFrame } from "@quorate/sim";
import type { JSX } from "preact";
import { memberName, say } from "../language/say.ts";
import { leader } from "../studio/studio.ts";
import { termColour } from "./colours.ts";
import { ViewPanel } from "./view-panel.tsx";

/** What the leader knows about everyone, and who makes the majority that commits. */
export function Replication(): JSX.Element {
  const member = leader.value;
  return (
    <ViewPanel
      name="replication"
      title={say("What the leader knows", "领导者掌握的进度")}
      hint={say(
        "match: what a member certainly has on disk. next: what is sent to it next. Green: the majority that holds the newest committed entry.",
        "match：确知已落盘的位置。next：下一个要发送的位置。绿色：持有最新已提交条目的多数派。",
      )}
    >
      {member === undefined ? (
        <p class="quiet">{say("Nobody leads now.", "现在没有领导者。")}</p>
      ) : (
        <Table leader={member} />
      )}
    </ViewPanel>
  );
}

function Table({
  leader: { id, term, commit, progress, membership, last },
}: {
  readonly leader: MemberFrame;
}): JSX.Element {
  const voters = progress.filter(({ isLearner }) => !isLearner);
  const holders = voters.filter(({ match }) => match >= commit);
  const needed = Math.floor(membership.voters.length / 2) + 1;
  const waiting = last > commit;
  const withNext = voters.filter(({ match }) => match > commit).length;
  return (
    <>
      <p class="small" style="margin-bottom:0.3rem">
        <span class="chip" style={`border-color:${termColour(term)}`}>
          {say(`${memberName(id)}, term ${term}`, `${memberName(id)}，任期 ${term}`)}
        </span>{" "}
        {say(
          `committed up to ${commit}: on ${holders.length} of ${voters.length}, ${needed} needed.`,
          `已提交到 ${commit}：${voters.length} 个中有 ${holders.length} 个持有，需要 ${needed} 个。`,
        )}{" "}
        {waiting &&
          say(
            `Entry ${commit + 1} is on ${withNext}, so it waits.`,
            `条目 ${commit + 1} 只在 ${withNext} 个成员上，因此等待。`,
          )}
      </p>
      <div class="scrolls">
        <table class="facts">
          <thead>
            <tr>
              <th>{say("member", "成员")}</th>
              <th class="number">match</th>
              <th class="number">next</th>
              <th>{say("sending", "发送状态")}</th>
              <th class="number">{say("in flight", "在途")}</th>
              <th>{say("heard from", "近期有应答")}</th>
            </tr>
          </thead>
          <tbody>
            {progress.map((one) => (
              <tr
                key={one.member}
                class={!one.isLearner && one.match >= commit && commit > 0 ? "holds" : ""}
              >
                <td>
                  {one.member === id ? "♛ " : ""}
                  {memberName(one.member)}
                  {one.isLearner ? say(" (learner)", "（学习者）") : ""}
                </td>
                <td class="number">{one.match}</td>
                <td class="number">{one.next}</td>
                <td class="wraps">{stateWord(one)}</td>
                <td class="number">{one.inflightMessages}</td>
                <td>{one.isActive || one.member === id ? "✓" : "–"}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </>
  );
}

function stateWord({ state, isPaused }: ProgressFrame): string {
  const paused = isPaused ? say(", waits", "，等待中") : "";
  switch (state) {
    case "probe":
      return say("looks for the common part", "寻找日志的公共部分") + paused;
    case "replicate":
      return say("streams entries", "持续复制") + paused;
    case "snapshot":
      return say("sends a snapshot", "发送快照");
  }
}
