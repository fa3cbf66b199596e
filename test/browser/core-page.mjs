// What the browser test runs inside the page: three cores elect a leader and commit a command, all in memory.
import { createCore } from "./core.js";

class MemoryLog {
  entriesHeld = [];
  firstIndex = 1;
  get lastIndex() {
    return this.entriesHeld.length;
  }
  term(index) {
    if (index === 0) return 0;
    return this.entriesHeld[index - 1]?.term ?? "unavailable";
  }
  entries(low, high) {
    return this.entriesHeld.slice(low - 1, high - 1);
  }
  snapshot() {
    return "building";
  }
  append(entries) {
    for (const entry of entries) this.entriesHeld[entry.index - 1] = entry;
    const last = entries.at(-1);
    if (last !== undefined) this.entriesHeld.length = last.index;
  }
}

const voters = [1, 2, 3];
let seed = 1;
const random = () => {
  seed = (seed * 48271) % 2147483647;
  return seed / 2147483647;
};
const members = voters.map((id) => {
  const log = new MemoryLog();
  const membership = { voters, outgoing: [], learners: [], learnersNext: [], autoLeave: false };
  const restored = { hardState: { term: 0, vote: 0, commit: 0 }, membership, applied: 0 };
  return { id, log, core: createCore({ id, random }, restored, log), applied: [] };
});

function settle() {
  for (let moved = true; moved; ) {
    moved = false;
    for (const { core, log, applied } of members) {
      if (!core.hasEffects()) continue;
      moved = true;
      const { send, append, apply } = core.takeEffects();
      const outgoing = [...send];
      if (append !== undefined) {
        log.append(append.entries);
        core.appendDone(append.id);
        outgoing.push(...append.afterDurable);
      }
      if (apply !== undefined) {
        for (const entry of apply.entries) {
          if (entry.kind === "command") applied.push(new TextDecoder().decode(entry.payload));
        }
        core.applyDone(apply.id);
      }
      for (const message of outgoing) {
        members.find(({ id }) => id === message.to && id !== message.from)?.core.step(message);
      }
    }
  }
}

members[0].core.campaign();
settle();
members[0].core.propose([{ kind: "command", payload: new TextEncoder().encode("hello") }]);
settle();
for (const { core } of members) core.checkInvariants();
const report = members.map(({ core, applied }) => `${core.status().role}:${applied.join(",")}`);
document.body.textContent = report.join(" ");
