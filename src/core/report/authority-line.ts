import { formatMessage, msg, type Message } from "../../common/messages.js";
import { SourceAuthority } from "../domain/schema.js";

/* The line of a report that says whose word a source is. */

/** What each kind is called. */
export const AUTHORITY_NAMES: Record<SourceAuthority, Message> = {
  documentation: msg`documentation`,
  repository: msg`the project’s repository`,
  maintainer: msg`a maintainer’s answer`,
  accepted: msg`an accepted answer`,
  forum: msg`a forum or discussion`,
  blog: msg`a blog`,
  encyclopedia: msg`an encyclopedia`,
};

const HEAD = "Kind: ";

export function renderAuthority(authority: SourceAuthority): string {
  return `${HEAD}${formatMessage(AUTHORITY_NAMES[authority])}.`;
}

/** @returns null for a line that code would not write */
export function parseAuthority(line: string): SourceAuthority | null {
  if (!line.startsWith(HEAD)) return null;
  return SourceAuthority.options.find((each) => renderAuthority(each) === line.trimEnd()) ?? null;
}
