import type { ConnectionOptions, SecureContextOptions, TlsOptions } from "node:tls";
import type { Settings } from "../config/settings.ts";
import { watchCertificates } from "../tls/tls-files.ts";
import { peerTlsSide } from "../tls/tls-sides.ts";

/** How members encrypt what they say to each other, with certificates that may be replaced while they run. */
export class PeerTls {
  /** Undefined: nothing is encrypted. */
  readonly server: TlsOptions | undefined;
  readonly #settings: Settings;
  readonly #listeners: ((certificates: SecureContextOptions) => void)[] = [];
  readonly #stopWatching: () => void;
  #dialing: ConnectionOptions | undefined;

  /** Throws `ConfigError` for certificates that cannot be used. */
  constructor(settings: Settings) {
    this.#settings = settings;
    const side = peerTlsSide(settings);
    this.server = side?.server;
    if (side === undefined) {
      this.#stopWatching = () => {};
      return;
    }
    // Certificates that nobody signed prove nothing: they only encrypt.
    const rejectUnauthorized = !side.settings.auto;
    this.#dialing = { ...side.certificates, rejectUnauthorized };
    this.#stopWatching = watchCertificates(side.settings, side.prefix, (certificates) => {
      this.#dialing = { ...certificates, rejectUnauthorized };
      for (const listener of this.#listeners) listener(certificates);
    });
  }

  /** What a connection to another member is made with; undefined when it is plain. */
  get dial(): (() => ConnectionOptions) | undefined {
    return this.#dialing === undefined ? undefined : () => this.#dialing ?? {};
  }

  /** Whether a member with these names in its certificate may talk to this one. */
  allows(names: readonly string[]): boolean {
    const { allowedNames, allowedHostnames } = this.#settings.peerTls;
    const allowed = [...allowedNames, ...allowedHostnames];
    return allowed.length === 0 || names.some((name) => allowed.includes(name));
  }

  onChange(listener: (certificates: SecureContextOptions) => void): void {
    this.#listeners.push(listener);
  }

  close(): void {
    this.#stopWatching();
  }
}
