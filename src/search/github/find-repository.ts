/** A repository as people write it: an address, or "owner/name" with a letter at each beginning. */
const ADDRESS = /github\.com\/([\w.-]{1,39})\/([\w.-]{1,100})/i;
const NAMED = /(?:^|[\s“"'`(])([a-z][\w-]{0,38})\/([a-z][\w.-]{0,99})(?=$|[\s”"'`),.;:?!])/i;
/** Pairs of words that are no repository. */
const WORDS = /^(?:and|or|he|she|his|her|him|on|off|yes|no|read|write|input|client|true|either)$/i;

/** The repository that a question names, as "owner/name"; null for none. */
export function findRepository(question: string): string | null {
  const [, owner, name] = ADDRESS.exec(question) ?? NAMED.exec(question) ?? [];
  if (owner === undefined || name === undefined || WORDS.test(owner)) return null;
  return `${owner}/${name.replace(/(?:\.git)?[.]?$/, "")}`;
}
