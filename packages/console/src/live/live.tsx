import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import { say } from "../language/say.ts";
import { Chart } from "./chart.tsx";
import { callApi, cluster, connect, disconnect, link, signIn } from "./connection.ts";
import { FlightPanel, OpenedFlight, openedFlight } from "./flight-panel.tsx";
import { KeyBrowser } from "./key-browser.tsx";
import { MemberTable } from "./member-table.tsx";
import type { LiveCluster } from "./member-view.ts";
import { RecentDecisions, RecentElections } from "./recent-decisions.tsx";
import { Topology } from "./topology.tsx";

/** The door to the cluster that serves the page. */
export function Live(): JSX.Element {
  useEffect(() => {
    connect();
    return disconnect;
  }, []);
  const now = cluster.value;
  const flight = openedFlight.value;
  return (
    <main class="live" id="main">
      {flight !== undefined ? (
        <OpenedFlight flight={flight} />
      ) : (
        <>
          <LinkState />
          {now === undefined ? <FlightPanel /> : <Cluster now={now} />}
        </>
      )}
    </main>
  );
}

function LinkState(): JSX.Element | null {
  switch (link.value.type) {
    case "open":
      return null;
    case "connecting":
      return <p class="panel wide quiet">{say("Asking the member …", "正在连接成员……")}</p>;
    case "lost":
      return (
        <p class="panel wide alarm" role="alert" data-link="lost">
          {say(
            "The member that serves this page does not answer. What is shown is the last it said; it is tried again every second. Another member's page shows what goes on meanwhile.",
            "提供本页面的成员没有应答。显示的是它最后报告的状态；每秒重试一次。期间可打开其他成员的页面查看。",
          )}
        </p>
      );
    case "absent":
      return (
        <p class="panel wide" data-link="absent">
          {say(
            "This page does not come from a member of a cluster, so there is nothing live to show. Start one with npm start and open the address it prints.",
            "本页面不是由集群成员提供的，因此没有实时内容。请运行 npm start 并打开它给出的地址。",
          )}
        </p>
      );
    case "unauthenticated":
      return <SignIn />;
  }
}

/** The same users as the API's. */
function SignIn(): JSX.Element {
  const name = useSignal("");
  const password = useSignal("");
  const trouble = useSignal("");
  const send = async (): Promise<void> => {
    try {
      const answer = await callApi("/v3/auth/authenticate", {
        name: name.value,
        password: password.value,
      });
      signIn(String(answer["token"]));
    } catch (error) {
      trouble.value = String(error instanceof Error ? error.message : error);
    }
  };
  return (
    <form
      class="panel wide row"
      data-link="unauthenticated"
      onSubmit={(event) => {
        event.preventDefault();
        void send();
      }}
    >
      <strong>{say("This cluster wants to know who you are.", "该集群需要登录。")}</strong>
      <input
        type="text"
        aria-label={say("User", "用户")}
        placeholder={say("user", "用户")}
        autocomplete="username"
        onInput={(event) => {
          name.value = event.currentTarget.value;
        }}
      />
      <input
        type="password"
        aria-label={say("Password", "密码")}
        placeholder={say("password", "密码")}
        autocomplete="current-password"
        onInput={(event) => {
          password.value = event.currentTarget.value;
        }}
      />
      <button type="submit" class="primary">
        {say("sign in", "登录")}
      </button>
      {trouble.value !== "" && <span role="alert">{trouble.value}</span>}
    </form>
  );
}

function Cluster({ now }: { readonly now: LiveCluster }): JSX.Element {
  return (
    <>
      <section class="panel stage" data-view="topology">
        <Summary now={now} />
        <Topology cluster={now} />
      </section>
      <RecentDecisions />
      <div class="wide">
        <RecentElections />
      </div>
      <section class="panel wide charts" data-view="charts">
        <Chart
          title={say("Throughput", "吞吐量")}
          unit={say("per second", "每秒")}
          lines={[
            { name: "writes", label: say("writes", "写"), colour: "--term-1" },
            { name: "reads", label: say("reads", "读"), colour: "--term-3" },
          ]}
        />
        <Chart
          title={say("Latency of requests", "请求延迟")}
          unit="ms"
          lines={[
            { name: "p50", label: "p50", colour: "--term-5" },
            { name: "p99", label: "p99", colour: "--term-2" },
          ]}
        />
        <Chart
          title={say("Disk and network", "磁盘与网络")}
          unit="ms"
          lines={[
            { name: "disk", label: say("mean disk write", "平均写盘"), colour: "--term-4" },
            { name: "trip", label: say("slowest round trip", "最慢往返"), colour: "--term-7" },
          ]}
        />
        <Chart
          title={say("Committed, not applied", "已提交未应用")}
          unit={say("entries", "条")}
          lines={[{ name: "lag", label: say("most", "最大"), colour: "--term-6" }]}
        />
      </section>
      <MemberTable cluster={now} />
      <div class="stack">
        <Groups now={now} />
        <FlightPanel />
      </div>
      <KeyBrowser />
    </>
  );
}

function Summary({ now }: { readonly now: LiveCluster }): JSX.Element {
  const up = now.members.filter(({ view }) => view !== null);
  const leader = now.members.find(
    ({ view }) =>
      view?.role === "leader" && up.every((other) => (other.view?.term ?? 0) <= view.term),
  );
  const isWhole = up.length === now.members.length;
  return (
    <div class="row" style="padding:0.3rem 0.5rem">
      {leader === undefined ? (
        <span class="chip bad" data-leader="">
          {say("no leader", "没有领导者")}
        </span>
      ) : (
        <span class="chip good" data-leader={leader.name}>
          {say(
            `${leader.name} leads term ${leader.view?.term}`,
            `${leader.name} 领导任期 ${leader.view?.term}`,
          )}
        </span>
      )}
      <span class={`chip ${isWhole ? "good" : "warn"}`}>
        {say(
          `${up.length} of ${now.members.length} members answer`,
          `${now.members.length} 个成员中 ${up.length} 个有应答`,
        )}
      </span>
      <span class="chip">
        {say("revision", "修订号")}{" "}
        {Math.max(0, ...up.map(({ view }) => view?.store.revision ?? 0))}
      </span>
    </div>
  );
}

/** The server keeps all keys in one group; an application that embeds the host may have many. */
function Groups({ now }: { readonly now: LiveCluster }): JSX.Element {
  const leader = now.members.find(({ view }) => view?.role === "leader");
  const view = leader?.view;
  return (
    <section class="panel" data-view="groups">
      <header>
        <h2>{say("Groups", "组")}</h2>
      </header>
      <div class="scrolls">
        <table class="facts">
          <thead>
            <tr>
              <th>{say("group", "组")}</th>
              <th>{say("leader", "领导者")}</th>
              <th>{say("voters", "投票成员")}</th>
              <th>{say("learners", "学习者")}</th>
              <th>{say("elections seen", "选举次数")}</th>
            </tr>
          </thead>
          <tbody>
            <tr>
              <td>{say("keys", "键值")}</td>
              <td>{leader?.name ?? "–"}</td>
              <td>{view?.membership.voters.length ?? "–"}</td>
              <td>{view?.membership.learners.length ?? "–"}</td>
              <td>{view?.metrics.leaderChanges ?? "–"}</td>
            </tr>
          </tbody>
        </table>
      </div>
    </section>
  );
}
