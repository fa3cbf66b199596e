import type { AlarmType } from "../command.ts";
import type { StandingAlarm } from "../result.ts";

/** The alarms of all members. There are at most two per member, so a list does. */
export class AlarmTable {
  #alarms: StandingAlarm[] = [];

  list(alarm?: AlarmType | undefined): readonly StandingAlarm[] {
    if (alarm === undefined) return this.#alarms;
    return this.#alarms.filter((standing) => standing.alarm === alarm);
  }

  has(alarm: AlarmType): boolean {
    for (const standing of this.#alarms) {
      if (standing.alarm === alarm) return true;
    }
    return false;
  }

  find(memberId: bigint, alarm: AlarmType): StandingAlarm | undefined {
    return this.#alarms.find(
      (standing) => standing.memberId === memberId && standing.alarm === alarm,
    );
  }

  /** An alarm that people raised stays theirs when the member raises it too. */
  activate(memberId: bigint, alarm: AlarmType, automatic: boolean): void {
    const standing = this.find(memberId, alarm);
    if (standing !== undefined && (!standing.automatic || automatic)) return;
    this.deactivate(memberId, alarm);
    this.#alarms = [...this.#alarms, { memberId, alarm, automatic }].sort(inOrder);
  }

  /** True if it stood. */
  deactivate(memberId: bigint, alarm: AlarmType): boolean {
    const left = this.#alarms.filter(
      (standing) => standing.memberId !== memberId || standing.alarm !== alarm,
    );
    if (left.length === this.#alarms.length) return false;
    this.#alarms = left;
    return true;
  }

  replace(alarms: readonly StandingAlarm[]): void {
    this.#alarms = [...alarms].sort(inOrder);
  }
}

function inOrder(a: StandingAlarm, b: StandingAlarm): number {
  if (a.memberId !== b.memberId) return a.memberId < b.memberId ? -1 : 1;
  if (a.alarm === b.alarm) return 0;
  return a.alarm < b.alarm ? -1 : 1;
}
