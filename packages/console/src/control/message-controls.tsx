import { explainMessage } from "@quorate/explain";
import type { Action } from "@quorate/sim";
import type { JSX } from "preact";
import { say } from "../language/say.ts";
import { language } from "../page/preferences.ts";
import { flights, notice, perform, selectedMessage } from "../studio/studio.ts";

const DELAYS_MS: readonly number[] = [10, 50, 200];

type MessageAction = Extract<
  Action,
  { readonly type: "dropMessage" | "delayMessage" | "duplicateMessage" }
>;

/** Does something to a single message. Between whole nodes some travel as parts of something larger, and are left alone. */
export function interfere(action: MessageAction): void {
  perform(action, () => {
    notice.value = say(
      "This message is not on the wire as a frame of its own: it stays as it is.",
      "这条消息不是线路上单独的一帧：保持不变。",
    );
  });
}

/** The message that is chosen, in words, and what can be done to it. */
export function MessageControls({ id }: { readonly id: number }): JSX.Element | null {
  const flight = flights.value.find((one) => one.id === id);
  if (flight === undefined) return null;
  const told = explainMessage(flight.message, { language: language.value });
  const act = (action: MessageAction): void => {
    interfere(action);
    if (action.type === "dropMessage") selectedMessage.value = undefined;
  };
  return (
    <div style="margin-bottom:0.6rem" data-chosen-message={id}>
      <p class="small">
        {told.statement}{" "}
        <span class="quiet">
          {told.ruleName} · {told.section}
        </span>
      </p>
      <div class="row" style="margin-top:0.3rem">
        <button
          type="button"
          class="danger"
          data-action="dropMessage"
          onClick={() => act({ type: "dropMessage", message: id })}
        >
          {say("lose it", "丢弃")}
        </button>
        {DELAYS_MS.map((extraMs) => (
          <button
            key={extraMs}
            type="button"
            data-action={`delayMessage/${extraMs}`}
            onClick={() => act({ type: "delayMessage", message: id, extraMs })}
          >
            {say(`${extraMs} ms later`, `推迟 ${extraMs} 毫秒`)}
          </button>
        ))}
        <button
          type="button"
          data-action="duplicateMessage"
          onClick={() => act({ type: "duplicateMessage", message: id })}
        >
          {say("let it come twice", "重复一次")}
        </button>
      </div>
    </div>
  );
}
