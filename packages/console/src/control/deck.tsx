import { type Signal, useSignal } from "@preact/signals";
import type { ClientOperation } from "@quorate/sim";
import type { JSX } from "preact";
import { memberName, say } from "../language/say.ts";
import {
  frame,
  leader,
  notice,
  perform,
  selectedMember,
  selectedMessage,
} from "../studio/studio.ts";
import type { Knife } from "../views/ring.tsx";
import { MemberControls } from "./member-controls.tsx";
import { MessageControls } from "./message-controls.tsx";
import { cutsAround, performAll } from "./network-actions.ts";

/** Everything one can do to the cluster. What is chosen on the ring comes first. */
export function Deck({ knife }: { readonly knife: Signal<Knife> }): JSX.Element {
  const member = frame.value.members.find(({ id }) => id === selectedMember.value);
  return (
    <section class="panel deck" aria-label={say("Interfere", "动手")}>
      {selectedMessage.value !== undefined && <MessageControls id={selectedMessage.value} />}
      {member !== undefined && <MemberControls member={member} />}
      <div class="groups">
        <NetworkControls knife={knife} />
        <ClientControls />
        <EveryoneControls />
      </div>
    </section>
  );
}

function NetworkControls({ knife }: { readonly knife: Signal<Knife> }): JSX.Element {
  const { members, cuts } = frame.value;
  const ids = members.map(({ id }) => id);
  const leading = leader.value?.id;
  const others = ids.filter((id) => id !== leading);
  const half = Math.floor((ids.length - 1) / 2);
  return (
    <fieldset>
      <legend>{say("Network", "网络")}</legend>
      <KnifeButton knife={knife} kind="both" label={say("✂ cut wires", "✂ 切断线路")} />
      <KnifeButton knife={knife} kind="oneWay" label={say("✂ one way", "✂ 单向切断")} />
      <button
        type="button"
        data-action="isolate-leader"
        disabled={leading === undefined}
        onClick={() => leading !== undefined && performAll(cutsAround(leading, others, "both"))}
      >
        {say("isolate the leader", "隔离领导者")}
      </button>
      <button
        type="button"
        data-action="split"
        onClick={() => {
          const first = leading ?? ids[0];
          const minority = [first, ...ids.filter((id) => id !== first)].slice(0, Math.max(1, half));
          const small = minority.flatMap((id) => (id === undefined ? [] : [id]));
          perform({
            type: "partition",
            groups: [small, ids.filter((id) => !small.includes(id))],
          });
        }}
      >
        {say("split in two", "分成两半")}
      </button>
      <button
        type="button"
        data-action="heal"
        disabled={cuts.size === 0}
        onClick={() => perform({ type: "mendAll" })}
      >
        {say("heal", "恢复网络")}
      </button>
    </fieldset>
  );
}

function KnifeButton({
  knife,
  kind,
  label,
}: {
  readonly knife: Signal<Knife>;
  readonly kind: Knife;
  readonly label: string;
}): JSX.Element {
  return (
    <button
      type="button"
      aria-pressed={knife.value === kind}
      title={say("Then draw a line across the wires on the ring", "然后在环上划一条线穿过线路")}
      onClick={() => {
        knife.value = knife.value === kind ? "off" : kind;
      }}
    >
      {label}
    </button>
  );
}

const CLIENTS = 3;

function ClientControls(): JSX.Element {
  const client = useSignal(1);
  const key = useSignal("x");
  const value = useSignal("1");
  const kind = useSignal<ClientOperation["type"]>("write");
  const expected = useSignal("");
  const member = useSignal("");
  const repeats = useSignal(true);
  const send = (): void => {
    const operation = operationOf(kind.value, key.value, value.value, expected.value);
    const at = member.value === "" ? undefined : Number(member.value);
    const ask = {
      type: "ask",
      client: client.value,
      operation,
      member: at,
      repeats: repeats.value,
    } as const;
    perform(ask, () => {
      notice.value = say(
        `Client ${client.value} still waits for its last answer.`,
        `客户端 ${client.value} 还在等待上一个答复。`,
      );
    });
  };
  return (
    <fieldset>
      <legend>{say("Clients", "客户端")}</legend>
      <select
        aria-label={say("Client", "客户端")}
        onChange={(event) => {
          client.value = Number(event.currentTarget.value);
        }}
      >
        {Array.from({ length: CLIENTS }, (_, at) => (
          <option key={at + 1} value={at + 1}>
            {say(`client ${at + 1}`, `客户端 ${at + 1}`)}
          </option>
        ))}
      </select>
      <select
        aria-label={say("Operation", "操作")}
        onChange={(event) => {
          kind.value = event.currentTarget.value as ClientOperation["type"];
        }}
      >
        <option value="write">{say("put", "写入")}</option>
        <option value="read">{say("get", "读取")}</option>
        <option value="compareAndSet">{say("transact: put if", "事务：比较并写入")}</option>
      </select>
      <Field label={say("Key", "键")} value={key} width={4} />
      {kind.value === "compareAndSet" && (
        <Field label={say("Expected value", "期望值")} value={expected} width={5} />
      )}
      {kind.value !== "read" && <Field label={say("Value", "值")} value={value} width={6} />}
      <select
        aria-label={say("Asked member", "请求的成员")}
        onChange={(event) => {
          member.value = event.currentTarget.value;
        }}
      >
        <option value="">{say("anyone", "任意成员")}</option>
        {frame.value.members.map(({ id }) => (
          <option key={id} value={id}>
            {memberName(id)}
          </option>
        ))}
      </select>
      <label class="small">
        <input
          type="checkbox"
          checked={repeats.value}
          onChange={(event) => {
            repeats.value = event.currentTarget.checked;
          }}
        />{" "}
        {say("retries", "重试")}
      </label>
      <button type="button" class="primary" data-action="ask" onClick={send}>
        {say("send", "发送")}
      </button>
    </fieldset>
  );
}

function operationOf(
  type: ClientOperation["type"],
  key: string,
  value: string,
  expected: string,
): ClientOperation {
  switch (type) {
    case "read":
      return { type, key };
    case "write":
      return { type, key, value };
    case "compareAndSet":
      return { type, key, value, expected: expected === "" ? null : expected };
  }
}

function Field({
  label,
  value,
  width,
}: {
  readonly label: string;
  readonly value: Signal<string>;
  readonly width: number;
}): JSX.Element {
  return (
    <input
      type="text"
      aria-label={label}
      placeholder={label}
      maxLength={24}
      style={`width:${width + 1}em`}
      value={value.value}
      onInput={(event) => {
        value.value = event.currentTarget.value;
      }}
    />
  );
}

function EveryoneControls(): JSX.Element {
  const ids = frame.value.members.map(({ id }) => id);
  const next = Math.max(0, ...ids) + 1;
  return (
    <fieldset>
      <legend>{say("Everyone", "全体")}</legend>
      <button
        type="button"
        onClick={() =>
          perform({ type: "changeMembership", steps: [{ action: "learner", member: next }] })
        }
      >
        {say("add a learner", "添加学习者")}
      </button>
      <button
        type="button"
        onClick={() =>
          perform({ type: "changeMembership", steps: [{ action: "voter", member: next }] })
        }
      >
        {say("add a member", "添加成员")}
      </button>
      <button type="button" class="danger" onClick={() => perform({ type: "crashAll" })}>
        {say("power cut for all", "全体断电")}
      </button>
      <button type="button" onClick={() => perform({ type: "restartAll" })}>
        {say("start all", "全部启动")}
      </button>
    </fieldset>
  );
}
