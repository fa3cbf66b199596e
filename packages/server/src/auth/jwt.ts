import {
  constants,
  createHmac,
  type KeyObject,
  type SignKeyObjectInput,
  sign,
  timingSafeEqual,
  verify,
} from "node:crypto";

/** Ways to sign a token (RFC 7518, RFC 8037). */
export const JWT_METHODS = [
  "RS256",
  "RS384",
  "RS512",
  "PS256",
  "PS384",
  "PS512",
  "ES256",
  "ES384",
  "ES512",
  "HS256",
  "HS384",
  "HS512",
  "EdDSA",
] as const;
export type JwtMethod = (typeof JWT_METHODS)[number];

export function isJwtMethod(text: string): text is JwtMethod {
  return JWT_METHODS.some((method) => method === text);
}

export type JwtClaims = Readonly<Record<string, unknown>>;

/** Longer ones are not looked at. */
const TOKEN_CHARACTERS_MAX = 8192;

/** A token in the compact form: head, claims and signature, each in base64url. */
export function signJwt(claims: JwtClaims, method: JwtMethod, key: KeyObject): string {
  const signed = `${encoded({ alg: method, typ: "JWT" })}.${encoded(claims)}`;
  return `${signed}.${signature(signed, method, key).toString("base64url")}`;
}

/** The claims of a token that is signed in this way with this key and has not expired; undefined for any other text. */
export function readJwt(
  token: string,
  method: JwtMethod,
  key: KeyObject,
  nowMs: number,
): JwtClaims | undefined {
  if (token.length > TOKEN_CHARACTERS_MAX) return undefined;
  const [head = "", body = "", proof = "", ...rest] = token.split(".");
  if (rest.length > 0) return undefined;
  // The token does not choose how it is checked: that has let anybody in elsewhere.
  if (decoded(head)?.["alg"] !== method) return undefined;
  if (!isSignedBy(`${head}.${body}`, Buffer.from(proof, "base64url"), method, key))
    return undefined;
  const claims = decoded(body);
  const expires = claims?.["exp"];
  return typeof expires === "number" && expires * 1000 > nowMs ? claims : undefined;
}

function signature(text: string, method: JwtMethod, key: KeyObject): Buffer {
  const bytes = Buffer.from(text);
  const hash = `sha${method.slice(2)}`;
  if (method === "EdDSA") return sign(null, bytes, key);
  if (method.startsWith("HS")) return createHmac(hash, key).update(bytes).digest();
  return sign(hash, bytes, withPadding(method, key));
}

function isSignedBy(text: string, proof: Buffer, method: JwtMethod, key: KeyObject): boolean {
  const bytes = Buffer.from(text);
  if (method.startsWith("HS")) {
    const expected = signature(text, method, key);
    return expected.length === proof.length && timingSafeEqual(expected, proof);
  }
  if (method === "EdDSA") return verify(null, bytes, key, proof);
  return verify(`sha${method.slice(2)}`, bytes, withPadding(method, key), proof);
}

function withPadding(method: JwtMethod, key: KeyObject): SignKeyObjectInput {
  if (method.startsWith("ES")) return { key, dsaEncoding: "ieee-p1363" };
  if (method.startsWith("RS")) return { key };
  return {
    key,
    padding: constants.RSA_PKCS1_PSS_PADDING,
    saltLength: constants.RSA_PSS_SALTLEN_DIGEST,
  };
}

function encoded(value: JwtClaims): string {
  return Buffer.from(JSON.stringify(value)).toString("base64url");
}

function decoded(part: string): JwtClaims | undefined {
  try {
    const value: unknown = JSON.parse(Buffer.from(part, "base64url").toString());
    return typeof value === "object" && value !== null ? (value as JwtClaims) : undefined;
  } catch {
    return undefined;
  }
}
