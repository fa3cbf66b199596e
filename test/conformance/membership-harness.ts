import {
  type Changed,
  EMPTY_MEMBERSHIP,
  enterJoint,
  leaveJoint,
  simpleChange,
} from "../../packages/core/src/membership/change.ts";
import type { Membership } from "../../packages/core/src/membership/membership.ts";
import { Roster } from "../../packages/core/src/membership/roster.ts";
import { Tracker } from "../../packages/core/src/replication/tracker.ts";
import type { Directive } from "./data-driven.ts";
import { parseSteps } from "./environment.ts";
import { renderMembership, renderProgressMap } from "./render.ts";

/** Membership changes as values, with the progress a leader would keep. */
export class MembershipHarness {
  readonly #tracker = new Tracker({ messagesMax: 10, bytesMax: Number.MAX_SAFE_INTEGER });
  #membership: Membership = EMPTY_MEMBERSHIP;
  #lastIndex = 0;

  run(directive: Directive): string {
    const changed = this.#change(directive);
    const text = typeof changed === "string" ? changed : this.#install(changed);
    this.#lastIndex++;
    return text;
  }

  #change({ command, args, input }: Directive): Changed | string {
    const steps = parseSteps(input);
    switch (command) {
      case "simple":
        return simpleChange(this.#membership, steps);
      case "enter-joint": {
        const autoLeave = args.some(
          ({ key, values }) => key === "autoleave" && values[0] === "true",
        );
        return enterJoint(this.#membership, steps, autoLeave);
      }
      case "leave-joint":
        return steps.length > 0 ? "this command takes no input" : leaveJoint(this.#membership);
      default:
        return "unknown command";
    }
  }

  #install(changed: Changed): string {
    if (!changed.ok) return changed.error;
    const roster = new Roster(changed.membership);
    this.#membership = changed.membership;
    this.#tracker.switchTo(roster, changed.fresh, this.#lastIndex);
    const progress = new Map(
      this.#tracker.all.map((each) => [each.id, each.status(roster.isLearner(each.id))]),
    );
    return `${renderMembership(changed.membership)}\n${renderProgressMap(progress)}`;
  }
}
