import { readFileSync, statSync, unwatchFile, watchFile } from "node:fs";
import { createSecureContext, type SecureContext } from "node:tls";

/** Where certificates are; the files may be replaced at any time and count for new connections from then on. */
export interface TlsOptions {
  /** Own certificate with its chain, PEM. */
  readonly certFile: string;
  readonly keyFile: string;
  /** Authorities that other sides' certificates must come from, PEM. */
  readonly caFile: string;
  /** Accept only clients with a certificate of `caFile`. Default true: peers prove who they are. */
  readonly requireClientCertificate?: boolean | undefined;
  /** Name that a dialled server's certificate must carry, instead of the dialled host. */
  readonly serverName?: string | undefined;
}

/** How often the files are looked at. */
const RELOAD_INTERVAL_MS = 2_000;

/** The loaded certificates, read again when a file changes. A change that cannot be used leaves the old ones in force. */
export class TlsMaterial {
  readonly options: TlsOptions;
  #context: SecureContext;
  #version: string;

  /** Throws when the files cannot be read or do not fit together. */
  constructor(options: TlsOptions) {
    this.options = options;
    this.#version = this.#stamp();
    this.#context = this.#load();
  }

  /** The newest usable certificates. */
  get context(): SecureContext {
    this.refresh();
    return this.#context;
  }

  pem(): { readonly cert: Buffer; readonly key: Buffer; readonly ca: Buffer } {
    return {
      cert: readFileSync(this.options.certFile),
      key: readFileSync(this.options.keyFile),
      ca: readFileSync(this.options.caFile),
    };
  }

  /** Calls `changed` after new certificates were taken over, until the returned function is called. */
  watch(changed: () => void): () => void {
    const files = [this.options.certFile, this.options.keyFile, this.options.caFile];
    const check = (): void => {
      this.refresh();
      changed();
    };
    for (const file of files) {
      watchFile(file, { interval: RELOAD_INTERVAL_MS, persistent: false }, check);
    }
    return () => {
      for (const file of files) unwatchFile(file, check);
    };
  }

  refresh(): void {
    try {
      const version = this.#stamp();
      if (version === this.#version) return;
      this.#context = this.#load();
      this.#version = version;
    } catch {
      // A certificate that is being replaced may be unreadable or not fit its key yet: the next look decides.
      return;
    }
  }

  #load(): SecureContext {
    return createSecureContext(this.pem());
  }

  #stamp(): string {
    const { certFile, keyFile, caFile } = this.options;
    return [certFile, keyFile, caFile]
      .map((file) => {
        const status = statSync(file);
        return `${status.mtimeMs}:${status.size}:${status.ino}`;
      })
      .join(" ");
  }
}
