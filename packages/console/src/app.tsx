import { type Signal, signal } from "@preact/signals";
import type { ComponentType, JSX } from "preact";
import { useEffect } from "preact/hooks";
import { say } from "./language/say.ts";
import { language, type Theme, theme } from "./page/preferences.ts";
import { Playground } from "./playground.tsx";
import { isEmbedded } from "./share/address.ts";

type Door = "playground" | "live";

const door: Signal<Door> = signal(doorOf(location.hash));
window.addEventListener("hashchange", () => {
  door.value = doorOf(location.hash);
});

function doorOf(hash: string): Door {
  return hash.startsWith("#live") ? "live" : "playground";
}

/** The page: its two doors, and what holds for both. */
export function App(): JSX.Element {
  return (
    <>
      <a class="skip" href="#main">
        {say("Skip to the content", "跳到正文")}
      </a>
      {!isEmbedded && <Top />}
      {door.value === "live" ? <LiveDoor /> : <Playground />}
    </>
  );
}

function Top(): JSX.Element {
  return (
    <header class="top">
      <h1 class="brand">
        <Logo />
        Quorate
      </h1>
      <nav class="doors" aria-label={say("Doors", "入口")}>
        <a href="#playground" aria-current={door.value === "playground" ? "page" : undefined}>
          {say("Playground", "演练场")}
        </a>
        <a href="#live" aria-current={door.value === "live" ? "page" : undefined}>
          {say("Live", "实时")}
        </a>
      </nav>
      <div class="settings">
        <button
          type="button"
          data-control="language"
          lang={language.value === "zh" ? "en" : "zh-CN"}
          onClick={() => {
            language.value = language.value === "zh" ? "en" : "zh";
          }}
        >
          {language.value === "zh" ? "English" : "中文"}
        </button>
        <select
          aria-label={say("Colours", "配色")}
          value={theme.value}
          onChange={(event) => {
            theme.value = event.currentTarget.value as Theme;
          }}
        >
          <option value="system">{say("as the system", "跟随系统")}</option>
          <option value="light">{say("light", "浅色")}</option>
          <option value="dark">{say("dark", "深色")}</option>
        </select>
      </div>
    </header>
  );
}

const live: Signal<ComponentType | undefined> = signal(undefined);

/** Charts and the like are fetched when somebody goes in. A framed page stays out: nobody shall click there unseen. */
function LiveDoor(): JSX.Element {
  useEffect(() => {
    if (live.value !== undefined) return;
    void import("./live/live.tsx").then(({ Live }) => {
      live.value = Live;
    });
  }, []);
  const Loaded = live.value;
  if (window.top !== window.self) {
    return (
      <main class="panel" id="main">
        <a href={location.href} target="_blank" rel="noopener">
          {say("Open the live view in a window of its own", "在单独的窗口中打开实时视图")}
        </a>
      </main>
    );
  }
  return Loaded === undefined ? <main id="main" /> : <Loaded />;
}

function Logo(): JSX.Element {
  return (
    <svg viewBox="0 0 32 32" aria-hidden="true">
      <path d="M14 11 9 20 M18 11 L23 20" stroke="var(--accent)" stroke-width="2.5" />
      <circle cx="16" cy="7" r="5" fill="var(--accent)" />
      <circle cx="7" cy="24" r="5" fill="var(--accent)" />
      <circle cx="25" cy="24" r="5" fill="var(--faint)" />
    </svg>
  );
}
