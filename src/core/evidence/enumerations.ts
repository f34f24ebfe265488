/*
 * Enumerations of a text, such as "bash, zsh and fish": a sentence may say of them that there are three.
 */

/** Words that join the last two members. */
const JOINED = /,? (?:and|or|und|oder|sowie) /giu;
/** Ends of clauses, beyond which no enumeration goes on. */
const END = /[.;:()[\]\n]/;
/** Words of a member between two commas at most. */
const MOST_WORDS = 3;
/** Characters of a text that are looked at. */
const MOST_TEXT = 2000;

/** How many members the enumerations of a text have. Two members are no enumeration: most sentences join two words. */
export function countMembers(text: string): Set<number> {
  const counts = new Set<number>();
  for (const clause of text.slice(0, MOST_TEXT).split(END)) {
    for (const joined of clause.matchAll(JOINED)) {
      const members = clause.slice(0, joined.index).split(", ").slice(1).reverse();
      const isLong = (member: string): boolean => member.trim().split(" ").length > MOST_WORDS;
      const end = members.findIndex(isLong);
      const between = end < 0 ? members.length : end;
      if (between > 0) counts.add(between + 2);
    }
  }
  return counts;
}
