import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { say } from "../language/say.ts";
import { termColour } from "../views/colours.ts";
import { AddMember } from "./add-member.tsx";
import { callApi } from "./connection.ts";
import type { LiveCluster, LiveMember } from "./member-view.ts";
import { standing } from "./topology.tsx";

/** Something that is done to the cluster once the reader has confirmed it. */
export interface Asked {
  readonly question: string;
  readonly path: string;
  readonly request: unknown;
  /** What to say of the answer, when that is more than "done". */
  readonly outcome?: ((answer: Record<string, unknown>) => string) | undefined;
}

/** Everybody's numbers, and what may be done to them by who has the right. */
export function MemberTable({ cluster }: { readonly cluster: LiveCluster }): JSX.Element {
  const asked = useSignal<Asked | undefined>(undefined);
  const outcome = useSignal("");
  const run = async (): Promise<void> => {
    const { value } = asked;
    asked.value = undefined;
    if (value === undefined) return;
    try {
      const answer = await callApi(value.path, value.request);
      outcome.value = value.outcome?.(answer) ?? say("Done.", "完成。");
    } catch (error) {
      outcome.value = String(error instanceof Error ? error.message : error);
    }
  };
  return (
    <section class="panel wide" data-view="members">
      <header>
        <h2>{say("Members", "成员")}</h2>
        <span class="chip">
          {cluster.mayChange
            ? say("you may change the cluster", "可以修改集群")
            : say("read-only", "只读")}
        </span>
      </header>
      <div class="scrolls">
        <table class="facts">
          <thead>
            <tr>
              <th>{say("member", "成员")}</th>
              <th>{say("role", "角色")}</th>
              <th>{say("term", "任期")}</th>
              <th>{say("committed", "已提交")}</th>
              <th>{say("not applied", "未应用")}</th>
              <th>{say("log", "日志")}</th>
              <th>{say("snapshot", "快照")}</th>
              <th>{say("disk write", "写盘")}</th>
              <th>{say("store", "存储")}</th>
              <th>{say("leases", "租约")}</th>
              <th>{say("watches", "监听")}</th>
              <th>{say("sessions", "会话")}</th>
              <th>{say("waiting", "等待中")}</th>
              <th>{say("process", "进程")}</th>
              {cluster.mayChange && <th>{say("operations", "操作")}</th>}
            </tr>
          </thead>
          <tbody>
            {cluster.members.map((member) => (
              <Row
                key={member.id}
                member={member}
                cluster={cluster}
                onAsk={(next) => {
                  outcome.value = "";
                  asked.value = next;
                }}
              />
            ))}
          </tbody>
        </table>
      </div>
      {cluster.mayChange && (
        <AddMember
          onAsk={(next) => {
            outcome.value = "";
            asked.value = next;
          }}
        />
      )}
      {asked.value !== undefined && (
        <div class="alarm row" role="alertdialog" aria-label={asked.value.question}>
          <strong>{asked.value.question}</strong>
          <button type="button" class="danger" data-control="confirm" onClick={() => void run()}>
            {say("yes", "确认")}
          </button>
          <button
            type="button"
            onClick={() => {
              asked.value = undefined;
            }}
          >
            {say("no", "取消")}
          </button>
        </div>
      )}
      {outcome.value !== "" && (
        <p role="status" class="small outcome">
          {outcome.value}
        </p>
      )}
      <Warnings cluster={cluster} />
    </section>
  );
}

function Row({
  member,
  cluster,
  onAsk,
}: {
  readonly member: LiveMember;
  readonly cluster: LiveCluster;
  onAsk(asked: Asked): void;
}): JSX.Element {
  const { view, name, id } = member;
  const cells =
    view === null
      ? Array.from({ length: 12 }, () => "–")
      : [
          String(view.term),
          String(view.commit),
          String(view.commit - view.applied),
          `${view.first}–${view.last}`,
          view.snapshot === 0 ? "–" : String(view.snapshot),
          diskWord(view.metrics.logAppends, view.metrics.logAppendMs),
          `${(view.store.sizeBytes / 1024 / 1024).toFixed(1)} MiB`,
          String(view.store.leases),
          String(view.store.watchers),
          String(view.sessions),
          String(view.pendingProposals + view.pendingReads),
          String(view.process),
        ];
  return (
    <tr>
      <td>
        <span style={`color:${termColour(view?.term ?? 0)}`} aria-hidden="true">
          ●
        </span>{" "}
        <strong>{name || id}</strong> <span class="quiet">{member.clientUrls[0] ?? ""}</span>
      </td>
      <td>{standing(member)}</td>
      {cells.map((cell, at) => (
        <td key={`${id}/${at < 0 ? cell : at}`}>{cell}</td>
      ))}
      {cluster.mayChange && (
        <td>
          <Operations member={member} cluster={cluster} onAsk={onAsk} />
        </td>
      )}
    </tr>
  );
}

function diskWord(appends: number, ms: number): string {
  return appends === 0 ? "–" : `${(ms / appends).toFixed(2)} ms`;
}

function Operations({
  member,
  cluster,
  onAsk,
}: {
  readonly member: LiveMember;
  readonly cluster: LiveCluster;
  onAsk(asked: Asked): void;
}): JSX.Element {
  const { name, publicId, view, isLearner, id } = member;
  const who = name || String(id);
  const self = cluster.members.find((one) => one.id === cluster.self);
  const leads = self?.view?.role === "leader";
  return (
    <span class="tools">
      {view !== null && view.role !== "leader" && !isLearner && (
        <button
          type="button"
          disabled={!leads}
          title={
            leads ? "" : say("Open the page at the leader to do this", "请在领导者的页面上操作")
          }
          onClick={() =>
            onAsk({
              question: say(`Hand leadership to ${who}?`, `把领导权转移给 ${who}？`),
              path: "/v3/maintenance/transfer-leadership",
              request: { targetID: publicId },
            })
          }
        >
          {say("make leader", "设为领导者")}
        </button>
      )}
      {isLearner && (
        <button
          type="button"
          onClick={() =>
            onAsk({
              question: say(`Give ${who} a vote?`, `让 ${who} 成为投票成员？`),
              path: "/v3/cluster/member/promote",
              request: { ID: publicId },
            })
          }
        >
          {say("promote", "提升")}
        </button>
      )}
      <button
        type="button"
        class="danger"
        onClick={() =>
          onAsk({
            question: say(
              `Remove ${who} from the cluster for good?`,
              `把 ${who} 从集群中永久移除？`,
            ),
            path: "/v3/cluster/member/remove",
            request: { ID: publicId },
          })
        }
      >
        {say("remove", "移除")}
      </button>
    </span>
  );
}

/** What the members themselves say that people should look at. */
function Warnings({ cluster }: { readonly cluster: LiveCluster }): JSX.Element | null {
  const told = cluster.members.flatMap(({ name, id, view }) => [
    ...(view?.warnings ?? []).map((warning) => `${name || id}: ${warning}`),
    ...(view?.store.alarms ?? []).map((alarm) => `${name || id}: ${alarm}`),
  ]);
  if (told.length === 0) return null;
  return (
    <ul class="small" style="margin:0.5rem 0 0">
      {told.map((warning) => (
        <li key={warning} style="color:var(--warn)">
          {warning}
        </li>
      ))}
    </ul>
  );
}
