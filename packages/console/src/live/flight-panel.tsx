import { type Signal, signal } from "@preact/signals";
import type { JSX } from "preact";
import { useRef } from "preact/hooks";
import { say } from "../language/say.ts";
import { language } from "../page/preferences.ts";
import { saveFile } from "../share/save-picture.ts";
import { cluster, lines } from "./connection.ts";
import {
  FlightError,
  type FlightRecording,
  flightFromFile,
  flightToFile,
  mergedFlights,
} from "./flight-recording.ts";
import { DecisionList, RecordedElections } from "./recent-decisions.tsx";

/** The recording that is looked at in the place of the live cluster. */
export const openedFlight: Signal<FlightRecording | undefined> = signal(undefined);
const trouble: Signal<string> = signal("");

/** Opens recordings of one or several members; says why not when one of them is none. */
export function openFlights(contents: readonly string[]): void {
  trouble.value = "";
  try {
    openedFlight.value = mergedFlights(contents.map(flightFromFile));
  } catch (error) {
    if (!(error instanceof FlightError)) throw error;
    trouble.value = troubleWords(error);
  }
}

function troubleWords({ trouble: kind }: FlightError): string {
  switch (kind) {
    case "notOne":
      return say("This file is no flight recording.", "这个文件不是飞行记录。");
    case "newerVersion":
      return say(
        "A newer version of this program made the recording.",
        "这份记录由更新版本的程序生成。",
      );
    case "damaged":
      return say("The recording is damaged.", "这份记录已损坏。");
  }
}

/** Takes what the members decided so far away as a file, and opens such files. */
export function FlightPanel(): JSX.Element {
  const input = useRef<HTMLInputElement>(null);
  const now = cluster.value;
  return (
    <section class="panel" data-view="flight">
      <header>
        <h2>{say("Flight recording", "飞行记录")}</h2>
      </header>
      <p class="small quiet">
        {say(
          "What the members decided and why, as a file: to be looked at later, here, without the cluster. Each member also gives its own at /console/api/flight.",
          "成员作出的决定及其原因，保存为文件：之后无需集群即可在此查看。每个成员也在 /console/api/flight 提供自己的记录。",
        )}
      </p>
      <div class="row" style="margin-top:0.4rem">
        <button
          type="button"
          data-control="save-flight"
          disabled={now === undefined}
          onClick={() => {
            const members = now?.members.map(({ id, name }) => ({ id, name })) ?? [];
            const flight = { savedAtMs: Date.now(), members, lines: lines.value };
            saveFile(new Blob([flightToFile(flight)], { type: "application/json" }), "flight.json");
          }}
        >
          {say("save", "保存")}
        </button>
        <button type="button" data-control="open-flight" onClick={() => input.current?.click()}>
          {say("open files", "打开文件")}
        </button>
        <input
          ref={input}
          type="file"
          multiple
          accept=".json,application/json"
          class="unseen"
          tabIndex={-1}
          aria-hidden="true"
          onChange={(event) => {
            const files = [...(event.currentTarget.files ?? [])];
            void Promise.all(files.map((file) => file.text())).then(openFlights);
          }}
        />
      </div>
      {trouble.value !== "" && (
        <p class="alarm" role="alert">
          {trouble.value}
        </p>
      )}
    </section>
  );
}

/** A recording by itself: every decision as a sentence. */
export function OpenedFlight({ flight }: { readonly flight: FlightRecording }): JSX.Element {
  const saved = new Date(flight.savedAtMs).toLocaleString(
    language.value === "zh" ? "zh-CN" : "en-GB",
  );
  const names = flight.members.map(({ id, name }) => name || String(id)).join(say(", ", "、"));
  return (
    <>
      <p class="panel wide row spread" data-flight={flight.lines.length}>
        <span>
          {say(
            `A flight recording of ${names}, saved ${saved}: ${flight.lines.length} decisions.`,
            `${names} 的飞行记录，保存于 ${saved}：共 ${flight.lines.length} 个决定。`,
          )}
        </span>
        <button
          type="button"
          data-control="close-flight"
          onClick={() => {
            openedFlight.value = undefined;
          }}
        >
          {say("back to the live cluster", "回到实时集群")}
        </button>
      </p>
      <div class="wide">
        <RecordedElections lines={flight.lines} members={flight.members} />
      </div>
      <DecisionList lines={flight.lines} members={flight.members} isWide />
    </>
  );
}
