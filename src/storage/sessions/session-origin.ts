import { createHmac, timingSafeEqual } from "node:crypto";
import type { Header } from "./journal-schema.js";
import { toCanonicalJson } from "./journaled-steps.js";
import { machineSecret } from "../../common/user-state.js";

/*
 * Recognizes sessions that this user began on this machine, and agreements given here. A journal may come from anyone,
 * so whatever authorizes sending or spending has a seal that only this machine can make. If no secret can be stored,
 * nothing is sealed and the user is asked.
 */

/** The sealed fact: begun here, cost approved here, or agreed here to resume. */
export type SealedFacts = "begun" | "approved" | "resumed";

/** Seals a session's request; null if this machine has no secret. @param at the time of the agreement */
export async function createSeal(what: SealedFacts, header: Header, at = ""): Promise<string | null> {
  const secret = await machineSecret();
  if (secret === null) return null;
  return createHmac("sha256", secret)
    .update(`${what}\0${at}\0${sealedText(header)}`)
    .digest("hex");
}

/** The sealed text: the whole request except its versions, so that a migration keeps the seal valid. */
export function sealedText(header: Header): string {
  return toCanonicalJson({ ...header, origin: undefined, schema: undefined, firstSchema: undefined });
}

/** Whether this machine made the seal for exactly this fact and request. */
export async function hasValidSeal(
  seal: string | undefined,
  what: SealedFacts,
  header: Header,
  at = "",
): Promise<boolean> {
  if (seal === undefined || !/^[0-9a-f]{64}$/.test(seal)) return false;
  const expected = await createSeal(what, header, at);
  return expected !== null && timingSafeEqual(Buffer.from(expected, "hex"), Buffer.from(seal, "hex"));
}
