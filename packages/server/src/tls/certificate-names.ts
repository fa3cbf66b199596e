import type { Socket } from "node:net";
import { type DetailedPeerCertificate, type PeerCertificate, TLSSocket } from "node:tls";

/** Names that the other side has proven with a certificate we trust: alternative names, then the common name. */
export function certificateNames(socket: Socket): readonly string[] {
  const certificate = verifiedCertificate(socket);
  if (certificate === undefined) return [];
  const alternative = (certificate.subjectaltname ?? "")
    .split(", ")
    .map((part) => /^(?:DNS|URI|IP Address):(.+)$/.exec(part)?.[1])
    .filter((name): name is string => name !== undefined);
  const common = commonNameOf(certificate);
  return [...new Set(common === undefined ? alternative : [...alternative, common])];
}

/** The common name alone, which etcd takes for the user. */
export function commonName(socket: Socket): string | undefined {
  const certificate = verifiedCertificate(socket);
  return certificate === undefined ? undefined : commonNameOf(certificate);
}

function verifiedCertificate(socket: Socket): PeerCertificate | undefined {
  if (!(socket instanceof TLSSocket) || !socket.authorized) return undefined;
  const certificate: Partial<DetailedPeerCertificate> = socket.getPeerCertificate();
  return certificate.subject === undefined ? undefined : (certificate as PeerCertificate);
}

function commonNameOf(certificate: PeerCertificate): string | undefined {
  const name: unknown = certificate.subject.CN;
  return typeof name === "string" ? name : undefined;
}
