const KEYS = 700;
const VALUE_BYTES = 32 * 1024;
const RATE_BYTES = 6 << 20;
const MIB = 2 ** 20;

const mib = (bytes) => (bytes / MIB).toFixed(1);

export default {
  id: "install-snapshot",
  hosts: {
    size: 3,
    snapshotPolicy: { entriesMax: 100, keepEntries: 10 },
    logSegmentBytes: 1 << 20,
    transport: { snapshotBytesPerSecond: RATE_BYTES },
  },
  story:
    "A follower is away until the leader's log no longer reaches back to it. It gets a snapshot in chunks; the connection " +
    "breaks in the middle, then the follower itself is killed in the middle. Each time the transfer goes on where it broke " +
    "off; what is installed is complete. Writes go on all the time.",
  async run(drill) {
    const leader = await drill.found();
    const follower = drill.pick(drill.others(leader));
    await follower.kill();
    const value = "v".repeat(VALUE_BYTES);
    for (let n = 0; n < KEYS; n += 1) {
      await leader.propose({ type: "set", key: `large-${n}`, value }, { timeoutMs: 20_000 });
    }
    await drill.until("the log's beginning to be given up", async () => {
      return (await leader.status()).firstIndex > 20;
    });
    const { newestSnapshot, firstIndex } = await leader.status();
    drill.say(
      `  the leader's log begins at ${firstIndex}; its snapshot at ${newestSnapshot.index} has ${mib(newestSnapshot.bytes)} MiB`,
    );

    /** Bytes of snapshots that this start of the follower has received. */
    const received = async () => (await follower.status()).host.snapshotBytesReceived;
    const someMore = (bytes) =>
      drill.until(`${mib(bytes)} MiB of the snapshot`, async () => (await received()) > bytes);

    await follower.start("open");
    await someMore(4 * MIB);
    drill.links.setBetween("cut", leader.id, follower.id);
    drill.count("connections broken");
    await drill.until("the follower to notice", () =>
      follower.eventsOf("transport").some(({ event }) => event.type === "disconnected"),
    );
    drill.links.openAll();
    const atBreak = await received();
    await someMore(atBreak + 4 * MIB);
    const beforeKill = await received();
    await follower.kill();
    drill.count("followers killed");
    const stillThere = await leader.propose({ type: "set", key: "during", value: 1 });
    drill.check("writes go on", stillThere.result.times === 1);
    await follower.start("open");
    const installed = await drill.until(
      "the snapshot to be installed",
      () =>
        follower.events.find((event) => event.type === "snapshot" && event.phase === "installed"),
      60_000,
    );
    const afterKill = await received();
    const total = beforeKill + afterKill;
    const { bytes } = installed.info;
    drill.check(
      "the transfer went on where it broke off, twice",
      total < bytes * 1.5,
      `${mib(atBreak)} MiB, break, ${mib(beforeKill - atBreak)} MiB, SIGKILL, ${mib(afterKill)} MiB: ${mib(total)} MiB for a snapshot of ${mib(bytes)} MiB`,
    );
    drill.count("MiB received", Math.round(total / MIB));
    drill.count("MiB of the snapshot", Math.round(bytes / MIB));
    const { position } = await leader.propose({ type: "set", key: "after", value: 1 });
    await drill.until("the follower to follow by the log again", async () => {
      return (await follower.status()).applied.index >= position.index;
    });
    drill.check("it follows by the log again", true, `index ${position.index}`);
    await drill.compareStates();

    // What was installed is its own now: it comes back without anybody's help.
    await Promise.all(drill.members().map((member) => member.kill()));
    await follower.start("open");
    const { applied } = await follower.status();
    drill.check(
      "alone after a restart it has everything from before",
      applied.index >= installed.info.index,
      `index ${applied.index}`,
    );
  },
};
