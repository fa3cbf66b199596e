/** Something that has gathered work during an event-loop turn. */
export interface TurnMember {
  endTurn(): void;
}

/**
 * Runs what members gathered when the current event-loop turn ends, once per member: answers that
 * many callbacks of one turn gave leave in one write per connection.
 */
export class TurnEnd {
  #members: TurnMember[] = [];
  #spare: TurnMember[] = [];
  #soon: TurnMember[] = [];
  #spareSoon: TurnMember[] = [];

  /** The caller sees to it that a member is added once per turn. */
  add(member: TurnMember): void {
    if (this.#members.push(member) === 1) setImmediate(this.#run);
  }

  /**
   * Ends the member's turn as soon as the running callback and the promises that it made runnable are done. A member of a
   * cluster gives the answers to all that was committed in one callback: they need not wait for another round of
   * the event loop, and for whatever has arrived by then.
   */
  addSoon(member: TurnMember): void {
    if (this.#soon.push(member) === 1) process.nextTick(this.#runSoon);
  }

  readonly #runSoon = (): void => {
    const members = this.#soon;
    this.#soon = this.#spareSoon;
    for (const member of members) member.endTurn();
    members.length = 0;
    this.#spareSoon = members;
  };

  readonly #run = (): void => {
    const members = this.#members;
    this.#members = this.#spare;
    for (const member of members) member.endTurn();
    members.length = 0;
    this.#spare = members;
  };
}
