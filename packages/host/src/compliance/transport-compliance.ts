import type { ComplianceRunner } from "./compliance-runner.ts";
import type { TransportUnderTest } from "./transport-case.ts";
import { at, withStations, withStrangers } from "./transport-case.ts";
import { transportSnapshotCompliance } from "./transport-snapshot-compliance.ts";
import { appendOf, everyKind, numbered, TransportStation } from "./transport-station.ts";

/** Checks an implementation of `Transport` against its contract. */
export function transportCompliance(runner: ComplianceRunner, subject: TransportUnderTest): void {
  messages(runner, subject);
  peers(runner, subject);
  outages(runner, subject);
  transportSnapshotCompliance(runner, subject);
}

function messages(runner: ComplianceRunner, subject: TransportUnderTest): void {
  const { test, equal } = runner;

  test("a message of every kind arrives as it was sent, under its group", async () => {
    await withStations(subject, 2, async (given) => {
      const [left, right] = [at(given, 1), at(given, 2)];
      const sent = everyKind(1, 2).map((message, place) => ({ group: 1 + place * 1_000, message }));
      for (const { group, message } of sent) left.transport.send(group, message);
      await given.network.until(() => right.messages.length >= sent.length);
      const byGroup = [...right.messages].sort((a, b) => a.group - b.group);
      equal(byGroup, sent);
    });
  });

  test("messages about the log arrive in the order in which they were sent, whole at any size", async () => {
    await withStations(subject, 2, async (given) => {
      const [left, right] = [at(given, 1), at(given, 2)];
      const sizes = [0, 1, 100_000, 3, 300_000, 70_000, 0];
      const sent = sizes.map((size, place) => appendOf(1, 2, place + 1, size));
      for (const message of sent) equal(left.transport.send(1, message), "queued");
      await given.network.until(() => right.messages.length === sent.length);
      equal(
        right.messages.map(({ message }) => message),
        sent,
      );
    });
  });

  test("nobody hears a message before the call that sends it has returned", async () => {
    await withStations(subject, 2, async (given) => {
      const [left, right] = [at(given, 1), at(given, 2)];
      left.transport.send(1, numbered(1, 2, 1));
      left.transport.sendHost(1, 2, Uint8Array.of(1));
      equal([right.messages.length, right.hostMessages.length], [0, 0]);
      await given.network.until(
        () => right.messages.length === 1 && right.hostMessages.length === 1,
      );
    });
  });

  test("what the sender does with its bytes after the call changes nothing", async () => {
    await withStations(subject, 2, async (given) => {
      const [left, right] = [at(given, 1), at(given, 2)];
      const payload = new Uint8Array(5_000).fill(3);
      left.transport.sendHost(1, 2, payload);
      payload.fill(9);
      await given.network.until(() => right.hostMessages.length === 1);
      equal(right.hostMessages[0]?.payload, new Uint8Array(5_000).fill(3));
    });
  });

  test("what was received stays as it came while more comes", async () => {
    await withStations(subject, 2, async (given) => {
      const [left, right] = [at(given, 1), at(given, 2)];
      for (let index = 1; index <= 60; index += 1) {
        left.transport.send(1, appendOf(1, 2, index, 700));
        left.transport.sendHost(2, 2, new Uint8Array(700).fill(index));
        await given.network.until(() => right.hostMessages.length === index);
      }
      await given.network.until(() => right.messages.length === 60);
      for (let index = 1; index <= 60; index += 1) {
        equal(right.messages[index - 1]?.message, appendOf(1, 2, index, 700));
        equal(right.hostMessages[index - 1]?.payload, new Uint8Array(700).fill(index));
      }
    });
  });

  test("messages of hosts arrive in order with their group and sender, empty ones too", async () => {
    await withStations(subject, 3, async (given) => {
      const third = at(given, 3);
      const payloads = [new Uint8Array(0), Uint8Array.of(1), new Uint8Array(200_000).fill(2)];
      for (const from of [1, 2]) {
        for (const payload of payloads) at(given, from).transport.sendHost(from * 7, 3, payload);
      }
      await given.network.until(() => third.hostMessages.length === 6);
      for (const from of [1, 2]) {
        const heard = third.hostMessages.filter((message) => message.from === from);
        equal(
          heard,
          payloads.map((payload) => ({ group: from * 7, from, payload })),
        );
      }
    });
  });
}

function peers(runner: ComplianceRunner, subject: TransportUnderTest): void {
  const { test, equal } = runner;

  test("what is sent to a host that nobody named is dropped, without an error", async () => {
    await withStations(subject, 2, async (given) => {
      const { transport } = at(given, 1);
      equal(transport.send(1, numbered(1, 9, 1)), "dropped");
      equal(transport.sendHost(1, 9, Uint8Array.of(1)), "dropped");
    });
  });

  test("a host that joins is answered although nobody told where it is", async () => {
    await withStrangers(subject, 2, async (given) => {
      const [member, joiner] = [at(given, 1), at(given, 2)];
      joiner.transport.setPeer(1, given.network.address(1));
      await given.network.until(() => member.reaches(2) && joiner.reaches(1));
      equal(member.transport.send(1, numbered(1, 2, 7)), "queued");
      await given.network.until(() => joiner.messages.length === 1);
    });
  });

  test("a peer that was given a wrong address is reached once it is given the right one", async () => {
    await withStrangers(subject, 3, async (given) => {
      const [left, right] = [at(given, 1), at(given, 2)];
      // Host 3 answers there, and must not be taken for host 2.
      left.transport.setPeer(2, given.network.address(3));
      await given.network.until(() => left.unreachable.includes(2));
      equal(left.reaches(2), false);
      left.transport.setPeer(2, given.network.address(2));
      await given.network.until(() => left.reaches(2));
      left.transport.send(1, numbered(1, 2, 5));
      await given.network.until(() => right.messages.length === 1);
      equal(at(given, 3).messages, []);
    });
  });

  test("a peer that was removed is sent nothing any more, and may come again", async () => {
    await withStations(subject, 3, async (given) => {
      const left = at(given, 1);
      left.transport.removePeer(2);
      left.transport.removePeer(2);
      equal(left.transport.send(1, numbered(1, 2, 1)), "dropped");
      equal(
        left.transport.peers().map(({ peer }) => peer),
        [3],
      );
      left.transport.setPeer(2, given.network.address(2));
      await given.network.until(() => left.reaches(2));
      left.transport.send(1, numbered(1, 2, 2));
      await given.network.until(() => at(given, 2).messages.length === 1);
      equal(at(given, 2).messages[0]?.message, numbered(1, 2, 2));
    });
  });

  test("peers are told once each, with their addresses and round trips", async () => {
    await withStations(subject, 3, async (given) => {
      const { transport } = at(given, 1);
      transport.setPeer(2, given.network.address(2));
      await given.network.until(() =>
        transport.peers().every(({ roundTripMs }) => roundTripMs !== undefined),
      );
      const told = transport.peers();
      equal(
        told.map(({ peer, address }) => [peer, address]),
        [2, 3].map((peer) => [peer, given.network.address(peer)]),
      );
      equal(
        told.every(({ roundTripMs }) => (roundTripMs ?? -1) >= 0),
        true,
      );
    });
  });
}

function outages(runner: ComplianceRunner, subject: TransportUnderTest): void {
  const { test, equal } = runner;

  test("the end of a peer is reported, what is sent to it is dropped, and its return is noticed", async () => {
    await withStations(subject, 2, async (given) => {
      const left = at(given, 1);
      await given.network.kill(2);
      await given.network.until(() => left.unreachable.includes(2) && !left.reaches(2));
      await given.network.until(() => left.transport.send(1, numbered(1, 2, 1)) === "dropped");
      await given.network.until(
        () => left.transport.sendHost(1, 2, Uint8Array.of(1)) === "dropped",
      );
      const again = new TransportStation(2, await given.network.restart(2));
      await again.transport.start(again);
      await given.network.until(() => left.reaches(2));
      left.transport.send(1, numbered(1, 2, 2));
      await given.network.until(() => again.messages.length === 1);
      equal(again.messages[0]?.message, numbered(1, 2, 2));
    });
  });

  test("one dead peer does not keep the others from being reached", async () => {
    await withStations(subject, 3, async (given) => {
      const left = at(given, 1);
      await given.network.kill(2);
      for (let match = 1; match <= 50; match += 1) {
        left.transport.send(1, numbered(1, 2, match));
        left.transport.send(1, numbered(1, 3, match));
      }
      await given.network.until(() => at(given, 3).messages.length === 50);
    });
  });

  test("what waits for a peer has a limit, and what gets through is in order", async () => {
    await withStations(subject, 2, async (given) => {
      const [left, right] = [at(given, 1), at(given, 2)];
      const size = 100_000;
      const most = Math.ceil(subject.queueBytesMax / size) + 1;
      const sent: number[] = [];
      for (let index = 1; index <= most + 20; index += 1) {
        if (left.transport.send(1, appendOf(1, 2, index, size)) === "queued") sent.push(index);
      }
      equal(sent.length <= most, true);
      await given.network.until(() => right.messages.length === sent.length);
      const indexes = right.messages.map(({ message }) =>
        message.type === "append" ? message.entries[0]?.index : 0,
      );
      equal(indexes, sent);
      equal(left.transport.send(1, appendOf(1, 2, 1, size)), "queued");
    });
  });

  test("a transport that was stopped drops what it is told to send, and hears nothing more", async () => {
    await withStations(subject, 2, async (given) => {
      const [left, right] = [at(given, 1), at(given, 2)];
      await left.transport.stop();
      await left.transport.stop();
      equal(left.transport.send(1, numbered(1, 2, 1)), "dropped");
      equal(left.transport.sendHost(1, 2, Uint8Array.of(1)), "dropped");
      left.transport.setPeer(2, given.network.address(2));
      right.transport.send(1, numbered(2, 1, 1));
      await given.network.until(() => !right.reaches(1));
      equal([left.messages, right.messages], [[], []]);
    });
  });
}
