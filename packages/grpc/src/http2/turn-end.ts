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

  /** The caller sees to it that a member is added once per turn. */
  add(member: TurnMember): void {
    if (this.#members.push(member) === 1) setImmediate(this.#run);
  }

  readonly #run = (): void => {
    const members = this.#members;
    this.#members = this.#spare;
    for (const member of members) member.endTurn();
    members.length = 0;
    this.#spare = members;
  };
}
