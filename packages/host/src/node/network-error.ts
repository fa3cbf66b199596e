import { NetworkError, type NetworkErrorCode } from "../environment/environment.ts";
import { systemCode } from "./file-error.ts";

const CODES: Readonly<Record<string, NetworkErrorCode>> = {
  EADDRINUSE: "addressInUse",
  EADDRNOTAVAIL: "addressUnavailable",
  ENOTFOUND: "addressUnavailable",
  EAI_AGAIN: "addressUnavailable",
  EHOSTUNREACH: "addressUnavailable",
  ENETUNREACH: "addressUnavailable",
  EACCES: "addressUnavailable",
  ECONNREFUSED: "refused",
  ECONNRESET: "reset",
  EPIPE: "reset",
  ECONNABORTED: "reset",
  ETIMEDOUT: "timedOut",
};

/** Puts a failure of a socket into the words of `Network`; the system's own error stays as `cause`. */
export function toNetworkError(address: string, cause: unknown): NetworkError {
  if (cause instanceof NetworkError) return cause;
  const system = systemCode(cause);
  const code = CODES[system] ?? (isTlsCode(system) ? "tls" : "failed");
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new NetworkError(code, address, `${address}: ${reason}`, { cause });
}

/** Codes of OpenSSL and of Node's own certificate checks. */
function isTlsCode(code: string): boolean {
  return (
    code.startsWith("ERR_TLS") ||
    code.startsWith("ERR_SSL") ||
    code.startsWith("ERR_OSSL") ||
    code.startsWith("CERT_") ||
    code.includes("_CERT") ||
    code === "EPROTO"
  );
}
