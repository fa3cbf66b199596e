import { explainMessage } from "@quorate/explain";
import type { Action } from "@quorate/sim";
import type { JSX } from "preact";
import { say } from "../language/say.ts";
import { language } from "../page/preferences.ts";
import { flights, perform, selectedMessage, shownRecording } from "../studio/studio.ts";

const DELAYS_MS: readonly number[] = [10, 50, 200];

/** The message that is chosen, in words, and what can be done to it. */
export function MessageControls({ id }: { readonly id: number }): JSX.Element | null {
  const flight = flights.value.find((one) => one.id === id);
  if (flight === undefined) return null;
  const told = explainMessage(flight.message, { language: language.value });
  const act = (action: Action): void => {
    perform(action);
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
      <div class="row" style="margin-top:0.3rem" hidden={shownRecording()?.world === "nodes"}>
        <button
          type="button"
          class="danger"
          onClick={() => act({ type: "dropMessage", message: id })}
        >
          {say("lose it", "丢弃")}
        </button>
        {DELAYS_MS.map((extraMs) => (
          <button
            key={extraMs}
            type="button"
            onClick={() => act({ type: "delayMessage", message: id, extraMs })}
          >
            {say(`${extraMs} ms later`, `推迟 ${extraMs} 毫秒`)}
          </button>
        ))}
        <button type="button" onClick={() => act({ type: "duplicateMessage", message: id })}>
          {say("let it come twice", "重复一次")}
        </button>
      </div>
    </div>
  );
}
