import type { MemberId } from "@quorate/core";
import type { Transport } from "../transport/transport.ts";
import { TransportStation } from "./transport-station.ts";

/** Hosts that a test made, with the wires between them. */
export interface TransportNetwork {
  /** The transport of a host, not started by the network. */
  transport(host: MemberId): Transport;
  /** Where others reach the host; asked once its transport has started, and the same after `restart`. */
  address(host: MemberId): string;
  /** The host's process ends without a word: nothing of it runs any more, its connections break. */
  kill(host: MemberId): Promise<void>;
  /** The same host after the end of its process, not started; its data is what it was. */
  restart(host: MemberId): Promise<Transport>;
  /** Lets time go on until `done` holds; rejects when it does not within what is long for your transport. */
  until(done: () => boolean): Promise<void>;
  /** Ends everything that the network has begun. */
  close(): Promise<void>;
}

/** What the suite needs of an implementation under test. */
export interface TransportUnderTest {
  /** Hosts of one cluster, numbered from 1, that could reach each other and do not know each other yet. */
  create(hosts: number): Promise<TransportNetwork>;
  /** More bytes than this never wait for a peer that does not take them: what comes behind them is dropped. */
  readonly queueBytesMax: number;
}

/** What a test of the suite works with. */
export interface TransportCase {
  readonly network: TransportNetwork;
  /** One for each host, started. */
  readonly stations: readonly TransportStation[];
}

/** Starts hosts that all know each other, runs `work` once they are connected, and ends them. */
export async function withStations(
  subject: TransportUnderTest,
  hosts: number,
  work: (given: TransportCase) => Promise<void>,
): Promise<void> {
  await withStrangers(subject, hosts, async (given) => {
    for (const { transport } of given.stations) {
      for (const { host } of given.stations) {
        transport.setPeer(host, given.network.address(host));
      }
    }
    await given.network.until(() =>
      given.stations.every((station) =>
        given.stations.every(({ host }) => host === station.host || station.reaches(host)),
      ),
    );
    await work(given);
  });
}

/** Starts hosts that do not know each other, runs `work`, and ends them. */
export async function withStrangers(
  subject: TransportUnderTest,
  hosts: number,
  work: (given: TransportCase) => Promise<void>,
): Promise<void> {
  const network = await subject.create(hosts);
  try {
    const stations: TransportStation[] = [];
    for (let host = 1; host <= hosts; host += 1) {
      const station = new TransportStation(host, network.transport(host));
      await station.transport.start(station);
      stations.push(station);
    }
    await work({ network, stations });
  } finally {
    await network.close();
  }
}

/** The station of a host; there is one. */
export function at(given: TransportCase, host: MemberId): TransportStation {
  const station = given.stations[host - 1];
  if (station === undefined) throw new Error(`there is no host ${host}`);
  return station;
}
