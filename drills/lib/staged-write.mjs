// One write whose leader dies at a chosen stage. The stages are reached by holding links, not by timing.

/** Ticks long enough that nobody is missed while a link is held: an election begins after three seconds of silence. */
export const STAGED_HOSTS = { size: 3, tickMs: 300 };

export class StagedWrite {
  /** `leader`: the member that will die. `key`: what the write counts. */
  constructor(drill, leader, client, key) {
    this.drill = drill;
    this.leader = leader;
    this.client = client;
    this.key = key;
    this.others = drill.others(leader);
    this.otherIds = this.others.map(({ id }) => id);
    this.command = { type: "add", key, by: 1 };
    this.session = client.next();
    this.answered = false;
  }

  static async prepare(drill, key = "counted") {
    const leader = await drill.found();
    const client = await drill.client();
    await client.repeat({ type: "add", key: "warm", by: 1 }, client.next());
    const write = new StagedWrite(drill, leader, client, key);
    const { core } = await leader.status();
    write.index = core.last.index + 1;
    write.term = core.term;
    return write;
  }

  /** The client asks the leader and waits. */
  ask({ loseAnswer = false } = {}) {
    this.outcome = this.leader
      .propose(this.command, { session: this.session, timeoutMs: 30_000, loseAnswer })
      .then(
        ({ result }) => {
          this.answered = true;
          return { result };
        },
        (error) => ({ error }),
      );
  }

  async has(member) {
    return (await member.status()).core.last.index >= this.index;
  }

  async hasCommitted(member) {
    return (await member.status()).core.commit >= this.index;
  }

  async reached(members) {
    await this.drill.until(`members ${members.map(({ id }) => id)} to have the entry`, async () =>
      (await Promise.all(members.map((member) => this.has(member)))).every(Boolean),
    );
  }

  /** Which of the living have it in their logs. */
  async holders() {
    const living = this.drill.running();
    const have = await Promise.all(living.map((member) => this.has(member)));
    return living.filter((_, place) => have[place]).map(({ id }) => id);
  }

  /** SIGKILL; what was on its way from the leader or to it is lost. */
  async killLeader() {
    await this.leader.kill();
    this.drill.links.setBetween("cut", this.leader.id, this.otherIds);
    this.drill.links.openAll();
    this.drill.count("leaders killed");
    const outcome = this.outcome === undefined ? undefined : await this.outcome;
    if (outcome === undefined) return;
    this.drill.check(
      "the client has no answer: the outcome is unknown to it",
      !this.answered && outcome.error?.code === "PROCESS_ENDED",
    );
  }

  newLeader() {
    return this.drill.leader({ besides: this.leader.id });
  }

  /** How often the write has taken effect, by a linearizable read. */
  async times(member) {
    return (await member.query({ key: this.key }, { timeoutMs: 20_000 }))?.times ?? 0;
  }

  async retry() {
    const { result, attempts } = await this.client.repeat(this.command, this.session);
    this.drill.count("repeats of the client", attempts);
    return result;
  }

  async oldLeaderReturns() {
    await this.leader.start("open");
    this.drill.count("returns");
  }

  /** Everybody agrees in the end, the old leader too, and the write counts once. */
  async conclude() {
    const { drill } = this;
    await drill.compareStates();
    const counted = await Promise.all(
      drill.running().map(async (member) => (await member.peek(this.key))?.total ?? 0),
    );
    drill.check(
      "the write was applied exactly once, on every member",
      counted.every((total) => total === 1),
      counted.join(", "),
    );
  }
}
