import { collapseWhitespace } from "../../common/collapse-whitespace.js";

/*
 * A claim is one line. That of a block of code is the code on one line between marks that no sentence has.
 */

const MARK = "```";

/** The claim of a quote that is code. */
export function codeToClaim(code: string): string {
  return `${MARK} ${collapseWhitespace(code).trim()} ${MARK}`;
}

/** Whether a claim is that of a block of code. */
export function isCodeClaim(claim: string): boolean {
  return claim.startsWith(`${MARK} `) && claim.endsWith(` ${MARK}`);
}
