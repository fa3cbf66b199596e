import { effect, useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import { Deck } from "./control/deck.tsx";
import { say } from "./language/say.ts";
import { isEmbedded, nameInAddress, openAddress } from "./share/address.ts";
import { savePng, saveSvg } from "./share/save-picture.ts";
import { SharePanel } from "./share/share-panel.tsx";
import { Library } from "./story/library.tsx";
import { Narration } from "./story/narration.tsx";
import { openFirstStory } from "./story/stories.ts";
import { StoryPanel } from "./story/story-panel.tsx";
import { pause, stepEvent, togglePlaying } from "./studio/playing.ts";
import { runs, shownRun } from "./studio/studio.ts";
import { TimeLine } from "./studio/time-line.tsx";
import { Clients } from "./views/clients.tsx";
import { FAMILY_COLOURS, type MessageFamily } from "./views/colours.ts";
import { Compare } from "./views/compare.tsx";
import { Disks } from "./views/disks.tsx";
import { Guarantees } from "./views/guarantees.tsx";
import { LogTable } from "./views/log-table.tsx";
import { Replication } from "./views/replication.tsx";
import { type Knife, Ring } from "./views/ring.tsx";
import { SpaceTime } from "./views/space-time.tsx";

/** The door that needs no server: a cluster of the shipped cores in the page. */
export function Playground(): JSX.Element {
  const knife = useSignal<Knife>("off");
  useEffect(() => {
    const onAddress = (): void => {
      openAddress(location.hash);
    };
    if (!openAddress(location.hash) && shownRun.value === undefined) openFirstStory();
    window.addEventListener("keydown", onKey);
    window.addEventListener("hashchange", onAddress);
    const forget = effect(keepAddress);
    return () => {
      pause();
      forget();
      window.removeEventListener("hashchange", onAddress);
      window.removeEventListener("keydown", onKey);
    };
  }, []);
  return (
    <main class={`playground ${isEmbedded ? "embedded" : ""}`} id="main">
      {!isEmbedded && <Library />}
      <StoryPanel />
      <section
        class={`panel stage ${knife.value === "off" ? "" : "cutting"}`}
        aria-label={say("The ring", "环")}
        data-view="ring"
      >
        <Ring knife={knife} />
        <Legend />
      </section>
      <Narration />
      <Deck knife={knife} />
      <div class="below">
        <Compare />
        <LogTable />
        <SpaceTime />
        <div class="stack">
          <Replication />
          <Clients />
          {!isEmbedded && <SharePanel />}
        </div>
        <div class="stack">
          <Disks />
          <Guarantees />
        </div>
      </div>
      <TimeLine />
    </main>
  );
}

/** An untouched story stands in the address; anything else is shared on request only. */
function keepAddress(): void {
  const [first] = runs.value;
  const recording = first?.recording;
  if (recording === undefined || recording.storyAt(0).type === "none") return;
  const gift = recording.gift();
  if (gift !== undefined) nameInAddress(gift);
}

/** Space plays, arrows step; not while somebody types or a control has its own use for the key. */
function onKey(event: KeyboardEvent): void {
  const target = event.target as HTMLElement | null;
  const types = target?.closest("input, select, textarea") !== null;
  const presses = event.key === " " && target?.closest("button, [role=button]") !== null;
  if (types || presses) return;
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === " ") togglePlaying();
  else if (event.key === "ArrowRight") void stepEvent(1);
  else if (event.key === "ArrowLeft") void stepEvent(-1);
  else return;
  event.preventDefault();
}

function Legend(): JSX.Element {
  const families: readonly (readonly [MessageFamily, string])[] = [
    ["entries", say("entries", "日志条目")],
    ["answer", say("yes", "同意")],
    ["refusal", say("no", "拒绝")],
    ["vote", say("asks for a vote", "请求投票")],
    ["heartbeat", say("heartbeat", "心跳")],
    ["snapshot", say("snapshot", "快照")],
  ];
  const picture = (): SVGSVGElement | null => document.querySelector("[data-picture=ring]");
  return (
    <div class="legend">
      {families.map(([family, word]) => (
        <span key={family}>
          <i style={`background:${FAMILY_COLOURS[family]}`} />
          {word}
        </span>
      ))}
      <span class="tools" style="margin-inline-start:auto">
        <button type="button" onClick={() => saveSvg(picture(), "ring")}>
          SVG
        </button>
        <button type="button" onClick={() => savePng(picture(), "ring")}>
          PNG
        </button>
      </span>
    </div>
  );
}
