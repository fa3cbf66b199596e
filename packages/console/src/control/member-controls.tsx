import type { Action, DiskFault, MemberFrame } from "@quorate/sim";
import type { JSX } from "preact";
import { memberName, say } from "../language/say.ts";
import { standingWord } from "../language/words.ts";
import type { RunAction } from "../recording/run.ts";
import {
  frame,
  leader,
  notice,
  perform,
  selectedMember,
  shownRecording,
} from "../studio/studio.ts";
import { cutsAround, performAll } from "./network-actions.ts";

const SLOW_DISK_MS = 40;
/** Entries that stay behind a snapshot taken by hand. */
const KEPT_ENTRIES = 2;

/** What can be done to the member that is chosen. */
export function MemberControls({ member }: { readonly member: MemberFrame }): JSX.Element {
  const { id, power, membership } = member;
  const others = frame.value.members.map((one) => one.id).filter((other) => other !== id);
  return (
    <div style="margin-bottom:0.6rem" data-chosen-member={id}>
      <div class="row spread">
        <h3>
          {memberName(id)} · {standingWord(member)}
        </h3>
        <button
          type="button"
          class="plain"
          onClick={() => {
            selectedMember.value = undefined;
          }}
        >
          {say("close", "关闭")} ✕
        </button>
      </div>
      <div class="groups">
        <fieldset>
          <legend>{say("Process", "进程")}</legend>
          {power === "down" ? (
            <Do action={{ type: "restart", member: id }} label={say("start", "启动")} />
          ) : (
            <>
              <Do
                action={{ type: "crash", member: id, unsynced: "kept" }}
                label={say("kill the process", "杀死进程")}
              />
              <Do
                action={{ type: "crash", member: id, unsynced: "lost" }}
                label={say("pull the plug", "拔掉电源")}
              />
              {power === "paused" ? (
                <Do action={{ type: "resume", member: id }} label={say("resume", "恢复")} />
              ) : (
                <Do action={{ type: "pause", member: id }} label={say("pause", "暂停")} />
              )}
            </>
          )}
        </fieldset>
        <DiskAndClock member={member} />
        <fieldset>
          <legend>{say("Wires", "线路")}</legend>
          <Cut label={say("cut off", "完全隔离")} actions={cutsAround(id, others, "both")} />
          <Cut label={say("deaf", "只说不听")} actions={cutsAround(id, others, "hears")} />
          <Cut label={say("mute", "只听不说")} actions={cutsAround(id, others, "isHeard")} />
        </fieldset>
        <fieldset>
          <legend>{say("Raft", "共识")}</legend>
          <Do action={{ type: "campaign", member: id }} label={say("campaign", "参选")} />
          <Do
            action={{ type: "transfer", to: id }}
            label={say("make it leader", "转移领导权给它")}
            disabled={leader.value === undefined || leader.value.id === id}
          />
          <Do
            action={{ type: "snapshot", member: id, keep: KEPT_ENTRIES }}
            label={say("snapshot", "做快照")}
          />
          {membership.learners.includes(id) || leader.value?.membership.learners.includes(id) ? (
            <Do
              action={{ type: "changeMembership", steps: [{ action: "voter", member: id }] }}
              label={say("promote", "提升为投票成员")}
            />
          ) : (
            <Do
              action={{ type: "changeMembership", steps: [{ action: "learner", member: id }] }}
              label={say("demote to learner", "降为学习者")}
            />
          )}
          <Do
            action={{ type: "changeMembership", steps: [{ action: "remove", member: id }] }}
            label={say("remove", "移除")}
            isDanger
          />
        </fieldset>
      </div>
    </div>
  );
}

function DiskAndClock({ member }: { readonly member: MemberFrame }): JSX.Element {
  const { id, diskExtraMs, clockRate } = member;
  return (
    <fieldset>
      <legend>{say("Disk and clock", "磁盘与时钟")}</legend>
      {diskExtraMs > 0 ? (
        <Do
          action={{ type: "slowDisk", member: id, extraMs: 0 }}
          label={say("fast disk again", "磁盘恢复")}
        />
      ) : (
        <Do
          action={{ type: "slowDisk", member: id, extraMs: SLOW_DISK_MS }}
          label={say("slow disk", "慢磁盘")}
        />
      )}
      {shownRecording()?.world === "nodes" && <DiskFaults member={member} />}
      <Do action={{ type: "wipe", member: id }} label={say("wipe the disk", "清空磁盘")} isDanger />
      <select
        aria-label={say("Speed of its clock", "时钟速度")}
        onChange={(event) =>
          perform({ type: "clockRate", member: id, rate: Number(event.currentTarget.value) })
        }
      >
        {[0.25, 0.5, 1, 2, 4].map((rate) => (
          <option key={rate} value={rate} selected={rate === clockRate}>
            {say(`clock × ${rate}`, `时钟 × ${rate}`)}
          </option>
        ))}
      </select>
    </fieldset>
  );
}

/** What only the disk under a whole node can suffer. */
function DiskFaults({ member }: { readonly member: MemberFrame }): JSX.Element {
  const { id, isDiskFull } = member;
  const faults: readonly (readonly [DiskFault, string])[] = [
    ["tearNextWrite", say("tear the next write", "撕裂下一次写入")],
    ["failNextWrite", say("fail the next write", "让下一次写入失败")],
    ["failNextSync", say("fail the next sync", "让下一次落盘失败")],
    ["flipBit", say("flip a bit", "翻转一个比特")],
    isDiskFull === true
      ? ["free", say("make room", "腾出空间")]
      : ["fill", say("fill the disk", "写满磁盘")],
  ];
  return (
    <>
      {faults.map(([fault, label]) => (
        <Do
          key={fault}
          action={{ type: "diskFault", member: id, fault }}
          label={label}
          name={fault}
        />
      ))}
    </>
  );
}

function Do({
  action,
  label,
  disabled,
  isDanger,
  name,
}: {
  readonly action: RunAction;
  readonly label: string;
  readonly disabled?: boolean | undefined;
  readonly isDanger?: boolean | undefined;
  /** The action's own name unless given. */
  readonly name?: string | undefined;
}): JSX.Element {
  return (
    <button
      type="button"
      class={isDanger === true ? "danger" : ""}
      data-action={name ?? action.type}
      disabled={disabled === true}
      onClick={() => {
        perform(action, () => {
          notice.value = say(`Refused: ${label}.`, `被拒绝：${label}。`);
        });
      }}
    >
      {label}
    </button>
  );
}

function Cut({
  label,
  actions,
}: {
  readonly label: string;
  readonly actions: readonly Action[];
}): JSX.Element {
  return (
    <button type="button" onClick={() => performAll(actions)}>
      {label}
    </button>
  );
}
