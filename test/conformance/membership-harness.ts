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
import { flag, parseSteps, Reported } from "./arguments.ts";
import type { Directive } from "./data-driven.ts";
import { renderMembership, renderProgressMap } from "./render.ts";

/** Membership changes as values, with the progress a leader would keep. */
export class MembershipHarness {
  readonly #tracker = new Tracker({ messagesMax: 10, bytesMax: Number.MAX_SAFE_INTEGER });
  #membership: Membership = EMPTY_MEMBERSHIP;
  #lastIndex = 0;

  run(directive: Directive): string {
    try {
      return this.#install(this.#change(directive));
    } catch (error) {
      if (error instanceof Reported) return error.message;
      throw error;
    } finally {
      this.#lastIndex++;
    }
  }

  #change(directive: Directive): Changed {
    const steps = parseSteps(directive.input);
    switch (directive.command) {
      case "simple":
        return simpleChange(this.#membership, steps);
      case "enter-joint":
        return enterJoint(this.#membership, steps, flag(directive, "autoleave"));
      case "leave-joint":
        if (steps.length > 0) throw new Reported("this command takes no input");
        return leaveJoint(this.#membership);
      default:
        throw new Reported("unknown command");
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
