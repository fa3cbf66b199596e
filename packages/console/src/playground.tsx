import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import { Deck } from "./control/deck.tsx";
import { say } from "./language/say.ts";
import { savePng, saveSvg } from "./share/save-picture.ts";
import { Library } from "./story/library.tsx";
import { Narration } from "./story/narration.tsx";
import { openStory, STORIES } from "./story/stories.ts";
import { StoryPanel } from "./story/story-panel.tsx";
import { pause, stepEvent, togglePlaying } from "./studio/playing.ts";
import { shownRun } from "./studio/studio.ts";
import { TimeLine } from "./studio/time-line.tsx";
import { Clients } from "./views/clients.tsx";
import { FAMILY_COLOURS, type MessageFamily } from "./views/colours.ts";
import { Disks } from "./views/disks.tsx";
import { Guarantees } from "./views/guarantees.tsx";
import { LogTable } from "./views/log-table.tsx";
import { Replication } from "./views/replication.tsx";
import { type Knife, Ring } from "./views/ring.tsx";
import { SpaceTime } from "./views/space-time.tsx";

/** The first story someone sees. */
const FIRST_STORY = "roles-cold-start";

/** The door that needs no server: a cluster of the shipped cores in the page. */
export function Playground(): JSX.Element {
  const knife = useSignal<Knife>("off");
  useEffect(() => {
    if (shownRun.value === undefined) {
      const first = STORIES.find(({ id }) => id === FIRST_STORY) ?? STORIES[0];
      if (first !== undefined) openStory(first);
    }
    window.addEventListener("keydown", onKey);
    return () => {
      pause();
      window.removeEventListener("keydown", onKey);
    };
  }, []);
  return (
    <main class="playground" id="main">
      <Library />
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
        <LogTable />
        <SpaceTime />
        <Replication />
        <Disks />
        <Clients />
        <Guarantees />
      </div>
      <TimeLine />
    </main>
  );
}

/** Space plays, arrows step; not while somebody types or a control has its own use for the key. */
function onKey(event: KeyboardEvent): void {
  const target = event.target as HTMLElement | null;
  if (target?.closest("input, select, textarea, button, [role=button]") !== null) return;
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === " ") togglePlaying();
  else if (event.key === "ArrowRight") stepEvent(1);
  else if (event.key === "ArrowLeft") stepEvent(-1);
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
