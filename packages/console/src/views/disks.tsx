import type { MemberFrame } from "@quorate/sim";
import type { JSX } from "preact";
import { memberName, say } from "../language/say.ts";
import { cursor, frame, shownRecording } from "../studio/studio.ts";
import { termColour } from "./colours.ts";
import { labelOf } from "./log-table.tsx";
import { ViewPanel } from "./view-panel.tsx";

/** Entries that are drawn of each disk, the newest. */
const BLOCKS_MAX = 18;

/** What each disk holds for good now: all that is left when the power fails. */
export function Disks(): JSX.Element {
  return (
    <ViewPanel
      name="disks"
      title={say("Disks", "磁盘")}
      hint={say(
        "Pull the plug now and only the filled blocks are left. Outlined ones are still on their way to the disk.",
        "现在断电，只剩下实心的块；空心的块还在写入途中。",
      )}
    >
      {frame.value.members.map((member) => (
        <DiskRow key={member.id} member={member} />
      ))}
      {frame.value.members.some(({ files }) => files !== undefined) && <Files />}
    </ViewPanel>
  );
}

/** File by file, as whole nodes have them: what a power loss now may take is marked. */
function Files(): JSX.Element {
  return (
    <details class="files" open>
      <summary>{say("Files", "文件")}</summary>
      <div class="scrolls">
        <table class="facts">
          <thead>
            <tr>
              <th>{say("member", "成员")}</th>
              <th>{say("file", "文件")}</th>
              <th>{say("bytes", "字节")}</th>
              <th>{say("not durable", "尚未落盘")}</th>
            </tr>
          </thead>
          <tbody>
            {frame.value.members.flatMap(({ id, files }) =>
              (files ?? []).map(({ path, bytes, unsyncedSectors }) => (
                <tr key={`${id}${path}`} class={unsyncedSectors > 0 ? "unsynced" : ""}>
                  <td>{memberName(id)}</td>
                  <td class="mono">{path.replace(/^\/data\//, "")}</td>
                  <td>{bytes}</td>
                  <td>
                    {unsyncedSectors === 0
                      ? "–"
                      : say(`${unsyncedSectors} sectors`, `${unsyncedSectors} 个扇区`)}
                  </td>
                </tr>
              )),
            )}
          </tbody>
        </table>
      </div>
    </details>
  );
}

function DiskRow({ member }: { readonly member: MemberFrame }): JSX.Element {
  const { id, disk, last, first, power, diskExtraMs } = member;
  const track = shownRecording()?.track;
  const low = Math.max(first, last - BLOCKS_MAX + 1);
  const blocks: JSX.Element[] = [];
  for (let index = low; index <= last; index += 1) {
    const entry = track?.entryAt(member, index, cursor.value);
    if (entry === undefined) continue;
    const isDurable = index <= Math.min(member.durable, disk.last);
    const colour = termColour(entry.term);
    blocks.push(
      <span
        key={index}
        title={`${index}: ${labelOf(entry)}${isDurable ? "" : say(" (not durable yet)", "（尚未落盘）")}`}
        style={`display:inline-block;width:15px;height:15px;border-radius:3px;margin:1px;border:1.5px ${isDurable ? "solid" : "dashed"} ${colour};background:${isDurable ? colour : "none"}`}
      />,
    );
  }
  const vote = disk.vote === 0 ? say("nobody", "无") : memberName(disk.vote);
  return (
    <div class="diskrow">
      <strong>{memberName(id)}</strong>
      <div>
        <span class="quiet">
          {say(`term ${disk.term}, voted for ${vote}`, `任期 ${disk.term}，投票给：${vote}`)}
          {disk.snapshot.index > 0 &&
            say(`, snapshot up to ${disk.snapshot.index}`, `，快照到 ${disk.snapshot.index}`)}
        </span>{" "}
        {member.entriesBeingWritten > 0 && power !== "down" && (
          <span class="chip warn">
            {say(`writing ${member.entriesBeingWritten}`, `正在写 ${member.entriesBeingWritten}`)}
          </span>
        )}{" "}
        {diskExtraMs > 0 && (
          <span class="chip warn">
            {say(`slow: +${diskExtraMs} ms`, `慢：+${diskExtraMs} 毫秒`)}
          </span>
        )}{" "}
        {member.isDiskFull === true && <span class="chip bad">{say("full", "已满")}</span>}{" "}
        {member.stopped !== undefined && (
          <span class="chip bad" data-stopped={member.stopped}>
            {say(`stopped: ${member.stopped}`, `已停止：${member.stopped}`)}
          </span>
        )}{" "}
        {member.wasWiped && <span class="chip bad">{say("was wiped", "曾被清空")}</span>}
        <div aria-hidden="true">
          {low > 1 && <span class="quiet small">… </span>}
          {blocks}
        </div>
        <span class="unseen">
          {say(`entries up to ${disk.last} are durable`, `截至 ${disk.last} 的条目已落盘`)}
        </span>
      </div>
    </div>
  );
}
