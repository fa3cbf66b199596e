// The network where namespaces are not to be had: every member on 127.0.0.1, partitions made by a proxy that swallows what it
// should carry.
import { LinkProxy } from "./proxy.mjs";

/** Ports of one member: clients, its own peer port, its door at the proxy. */
const PORTS_EACH = 3;

export class LoopbackNetwork {
  kind = "loopback";
  #proxy = new LinkProxy();
  #firstPort;

  constructor(places, firstPort) {
    this.places = places;
    this.#firstPort = firstPort;
  }

  #port(place, offset) {
    return this.#firstPort + this.places.indexOf(place) * PORTS_EACH + offset;
  }

  async open(seed) {
    const doors = this.places.map((place) => ({
      place,
      door: { host: "127.0.0.1", port: this.#port(place, 2) },
      target: { host: "127.0.0.1", port: this.#port(place, 1) },
    }));
    await this.#proxy.open({ seed, doors });
  }

  addressesOf(place) {
    return {
      enter: [],
      clientUrl: `http://127.0.0.1:${this.#port(place, 0)}`,
      endpoint: `127.0.0.1:${this.#port(place, 0)}`,
      listenPeerUrl: `http://127.0.0.1:${this.#port(place, 1)}`,
      peerUrl: `http://127.0.0.1:${this.#port(place, 2)}`,
    };
  }

  cut(ways) {
    return this.#proxy.begin(ways, { silent: true });
  }

  weather(ways, weather) {
    return this.#proxy.begin(ways, weather);
  }

  async counts() {
    await this.#proxy.refresh();
    return this.#proxy.counts;
  }

  close() {
    this.#proxy.close();
  }
}
