import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { say } from "../language/say.ts";
import type { Asked } from "./member-table.tsx";

interface AnsweredMember {
  readonly name?: string | undefined;
  readonly peerURLs?: readonly string[] | undefined;
}

/** Tells the cluster of one more member; its process is started afterwards, with the flags that are shown then. */
export function AddMember({ onAsk }: { onAsk(asked: Asked): void }): JSX.Element {
  const name = useSignal("");
  const address = useSignal("");
  const isLearner = useSignal(true);
  const isGood = /^https?:\/\/[^/\s]+:\d+$/.test(address.value) && /^[\w.-]+$/.test(name.value);
  return (
    <form
      class="row add-member"
      data-form="add-member"
      onSubmit={(event) => {
        event.preventDefault();
        if (!isGood) return;
        onAsk({
          question: say(
            `Add ${name.value} at ${address.value} to the cluster?`,
            `把 ${address.value} 的 ${name.value} 加入集群？`,
          ),
          path: "/v3/cluster/member/add",
          request: { peerURLs: [address.value], isLearner: isLearner.value },
          outcome: (answer) => addedWords(name.value, answer),
        });
      }}
    >
      <strong>{say("Add a member", "添加成员")}</strong>
      <input
        type="text"
        aria-label={say("Name of the new member", "新成员的名称")}
        placeholder={say("name", "名称")}
        style="width:8em"
        value={name.value}
        onInput={(event) => {
          name.value = event.currentTarget.value.trim();
        }}
      />
      <input
        type="text"
        aria-label={say("Peer address of the new member", "新成员的节点间地址")}
        placeholder="http://10.0.0.4:2380"
        style="width:16em"
        value={address.value}
        onInput={(event) => {
          address.value = event.currentTarget.value.trim();
        }}
      />
      <label class="small">
        <input
          type="checkbox"
          checked={isLearner.value}
          onChange={(event) => {
            isLearner.value = event.currentTarget.checked;
          }}
        />{" "}
        {say("as a learner first (safer)", "先作为学习者（更安全）")}
      </label>
      <button type="submit" disabled={!isGood}>
        {say("add", "添加")}
      </button>
    </form>
  );
}

/** What its process has to be started with. */
function addedWords(name: string, answer: Record<string, unknown>): string {
  const members = (answer["members"] ?? []) as readonly AnsweredMember[];
  const initial = members
    .flatMap((member) => (member.peerURLs ?? []).map((url) => `${member.name || name}=${url}`))
    .join(",");
  const flags = `--name=${name} --initial-cluster-state=existing --initial-cluster=${initial}`;
  return say(
    `The cluster knows ${name} now. Start its process with: ${flags}`,
    `集群已登记 ${name}。请用以下参数启动它的进程：${flags}`,
  );
}
