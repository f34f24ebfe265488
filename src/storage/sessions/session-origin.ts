import { createHmac, timingSafeEqual } from "node:crypto";
import type { Header } from "./journal-schema.js";
import { toCanonicalJson } from "./journaled-steps.js";
import { machineSecret } from "../../common/user-state.js";

/*
 * Which sessions this user began on this machine, and what was agreed to here. A journal may come from anyone, so what
 * decides on sending or spending bears a seal that only this machine can make. Where no secret can be kept, nothing is
 * sealed, and the user is asked.
 */

/** What is sealed: that a session was begun here, or that the user agreed here to its cost or to going on with it. */
export type SealedFacts = "begun" | "approved" | "resumed";

/** A seal on what a session asks; null where this machine has no secret. @param at when it was agreed to */
export async function createSeal(what: SealedFacts, header: Header, at = ""): Promise<string | null> {
  const secret = await machineSecret();
  if (secret === null) return null;
  return createHmac("sha256", secret)
    .update(`${what}\0${at}\0${sealedText(header)}`)
    .digest("hex");
}

/** What a seal is on: all that a session asks. Not its schema: one that is brought to today's form stays the same. */
export function sealedText(header: Header): string {
  return toCanonicalJson({ ...header, origin: undefined, schema: undefined });
}

/** Whether the seal is this machine's and on just this. */
export async function hasValidSeal(
  seal: string | undefined,
  what: SealedFacts,
  header: Header,
  at = "",
): Promise<boolean> {
  if (seal === undefined || !/^[0-9a-f]{64}$/.test(seal)) return false;
  const own = await createSeal(what, header, at);
  return own !== null && timingSafeEqual(Buffer.from(own, "hex"), Buffer.from(seal, "hex"));
}
