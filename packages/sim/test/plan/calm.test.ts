import { expect, test } from "vitest";
import { replay } from "../../src/share/replay.ts";
import { decodeRun } from "../../src/share/shared-run.ts";

/** Found by a soak and made short: a member that was down for several terms starts when everything is healed. */
const LATE_STARTER = [
  "q1.p.qAbYxMW6BiN7InZpb2xhdGVkIjoic3RhYmlsaXR5IiwicGxhbiI6eyJzZQQbDjU3MTEsInNldHR",
  "pbmdzBBgQbWVtYmVycyI6NiwiY29yZQQUD2VsZWN0aW9uVGlja3MiOgQzGnByZVZvdGUiOnRydWUsImN",
  "oZWNrUXVvcnVtBhMKfSwid2VhdGhlcgRBCWRlbGF5TWluTQQ-ASwHDwJheAUPCTAsImxvc3NSYQRODjA",
  "uMywiZHVwbGljYXRlBxQCLCIEyQEADQ0ABz0IMH0sImRpc2sHDwU1fSwiYQWqAQhzIjpbeyJhdAUWAjI",
  "wCBcABIwBE3R5cGUiOiJhc2siLCJjbGllbnQF7QEFb3BlcmEPJRNyZWFkIiwia2V5IjoiYiJ9fX0sCVY",
  "BNRRWBm5hbWUiLAfFAgsiOiJsZWFkZXIiLAYZBjoib2xkIAYUCiA3MTE1OTU5MSIhVQVwYXJ0aQUUByw",
  "iZ3JvdXAE3gECW3sFVAAE3wMAFVUCXV0hWAdjYW1wYWlnBFcACLEBATUhNQAOuAIDNTIyI7oCA2EifQp",
  "jAB-4ARssInJlcGVhdHMiOmZhbHNlfX1dLCJmYXVsdHMElQEMMjI3NSwiZW5kaW5nBEwJaGVhbHMiOiJ",
  "xBvwEAAQ-AnN0BFwFbmVMaW4EqwEHdHJhZmZpYwiqBQ9wYXRpZW5jZSI6MzB9fX0",
].join("");

test("a member that enters terms which began before the calm does not disturb it", () => {
  expect(replay(decodeRun(LATE_STARTER)).violations).toEqual([]);
});
