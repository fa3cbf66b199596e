import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { useRef } from "preact/hooks";
import { say } from "../language/say.ts";
import type { Gift } from "../recording/run.ts";
import { openNodeSeed } from "../story/stories.ts";
import { revision, shownRecording } from "../studio/studio.ts";
import { ViewPanel } from "../views/view-panel.tsx";
import { frameFor, linkTo, openFile, openSeed, openShared, openTrouble } from "./address.ts";
import { saveFile } from "./save-picture.ts";

/** Links longer than this are cut off by some programs; a file is better then. */
const LINK_LENGTH_GOOD = 16_000;

/** The run to give away, and runs of others to open. */
export function SharePanel(): JSX.Element {
  revision.value;
  const text = useSignal("");
  const recording = shownRecording();
  const give = (make: (gift: Gift) => string): void => {
    const shared = recording?.gift();
    text.value =
      shared === undefined
        ? say(
            "This run went on after its own recovery: only its seed can be shared.",
            "这次运行在自身恢复之后又继续了：只能分享它的种子。",
          )
        : make(shared);
    if (shared !== undefined) void copy(text.value);
  };
  const save = (what: "file" | "test", name: string): void => {
    const shared = recording?.gift();
    if (shared !== undefined) saveFile(new Blob([shared[what]], { type: "text/plain" }), name);
  };
  return (
    <ViewPanel
      name="share"
      title={say("Share", "分享")}
      hint={say(
        "The whole run fits into a link: seed, settings and everything that was done.",
        "整次运行都装得进一个链接：种子、设置以及做过的一切。",
      )}
    >
      <div class="row">
        <button type="button" data-control="link" onClick={() => give(linkTo)}>
          {say("copy a link", "复制链接")}
        </button>
        <button type="button" onClick={() => give(frameFor)}>
          {say("copy a frame for a page", "复制嵌入代码")}
        </button>
        <button type="button" onClick={() => save("file", "run.json")}>
          {say("save as a file", "保存为文件")}
        </button>
        <button type="button" data-control="test-file" onClick={() => save("test", "run.test.mjs")}>
          {say("save as a test", "保存为测试")}
        </button>
      </div>
      {text.value !== "" && (
        <>
          <input
            type="text"
            readOnly
            class="mono"
            style="width:100%;margin-top:0.4rem"
            aria-label={say("The text to give away", "可分享的文本")}
            data-shared
            value={text.value}
            onFocus={(event) => event.currentTarget.select()}
          />
          {text.value.length > LINK_LENGTH_GOOD && (
            <p class="small quiet">
              {say(
                "This link is very long; a file travels better.",
                "链接很长，用文件传递更稳妥。",
              )}
            </p>
          )}
        </>
      )}
      <h3 style="margin-top:0.9rem">{say("Open somebody else's", "打开他人的运行")}</h3>
      <p class="small quiet">
        {say(
          "A failing test or hunt prints a seed, and writes a file or a link: all of them open here.",
          "失败的测试或搜索会打印种子，并写出文件或链接：都可以在这里打开。",
        )}
      </p>
      <Open />
    </ViewPanel>
  );
}

type SeedOf = "cores" | "short" | "long";

/** Runs of others: what a failing test printed is a seed, a file or a link. */
function Open(): JSX.Element {
  const seed = useSignal("1");
  const drawn = useSignal<SeedOf>("cores");
  const file = useRef<HTMLInputElement>(null);
  return (
    <div class="row" style="margin-top:0.6rem">
      <input
        ref={file}
        type="file"
        accept=".json,application/json"
        class="unseen"
        tabIndex={-1}
        aria-hidden="true"
        onChange={(event) => {
          const [chosen] = event.currentTarget.files ?? [];
          if (chosen === undefined) return;
          void chosen.text().then((content) => openShared(() => openFile(content)));
        }}
      />
      <button type="button" onClick={() => file.current?.click()}>
        {say("open a file", "打开文件")}
      </button>
      <input
        type="number"
        min={0}
        step={1}
        style="width:8em"
        aria-label={say("Seed of the simulator", "模拟器种子")}
        value={seed.value}
        onInput={(event) => {
          seed.value = event.currentTarget.value;
        }}
      />
      <select
        aria-label={say("What the seed draws", "种子抽取的内容")}
        data-control="seed-of"
        value={drawn.value}
        onChange={(event) => {
          drawn.value = event.currentTarget.value as SeedOf;
        }}
      >
        <option value="cores">{say("cores", "共识核心")}</option>
        <option value="short">{say("whole nodes", "完整节点")}</option>
        <option value="long">{say("whole nodes, long", "完整节点（长）")}</option>
      </select>
      <button
        type="button"
        data-control="seed"
        disabled={!/^[0-9]{1,15}$/.test(seed.value)}
        onClick={() => {
          const number = Number(seed.value);
          if (drawn.value === "cores") openSeed(number);
          else openNodeSeed(number, drawn.value);
        }}
      >
        {say("open this seed", "打开这个种子")}
      </button>
      {openTrouble.value !== "" && (
        <p class="alarm" role="alert">
          {openTrouble.value}
        </p>
      )}
    </div>
  );
}

/** Where the browser does not let us, the text stands in the field to be taken from there. */
async function copy(text: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    // The field shows it.
  }
}
