import { trimEndMatching } from "../../core/text/linear-search.js";
import type { InstalledPackage } from "../../reading/packages/installed-package.js";
import type { InstalledPackages } from "../../reading/packages/package-reader.js";
import { contentTerms } from "../../core/text/tokenize.js";

/* Which of the installed packages a question is about. */

/** Names of packages that are words of their own: these count where the question says that a package is meant. */
const ORDINARY_WORDS = new Set(
  (
    "abort async attrs backoff base black box bytes cache call case celery chalk chance check class click clone color colors " +
    "command commander compression config connect context cookie cookies cors crypto data date debug decimal dedent deep delay " +
    "diff docs dot email entities env error errors escape events exit express extend fault fetch figures file files find flat " +
    "flow form format formats forms glob globals got helmet hooks ignore image immutable inherits install jest json keyword " +
    "keywords lazy level levels lock log logger map marked markdown match memory merge method methods mime mock module " +
    "nested next node normalize nose number object once open options package parallel parse parser path paths pause peek " +
    "pend pick pillow pool prettier print process progress promise prompt proxy pump punctuation query queue quote random range " +
    "raw react recheck redirect redis reload report request requests resolve retry rich router rules safe schema send serve " +
    "server session sessions settings setup sharp shell signal slash slugify source split stack static stream string strip " +
    "stub style table tar temp template terminal test text through time timeout tmp token tools trace traverse tree trim type " +
    "types union unique update url util utils uuid validate validator version view vote wait walk watch web which winston wire " +
    "word words worker wrap yes"
  ).split(" "),
);

/** At most so many packages are searched for one question. */
const MAX_PACKAGES = 6;

/** A word of a question that may be a package's name. */
interface PackageMention {
  name: string;
  /** Whether the question says that a package is meant: by its form, a version, or a word such as "package". */
  isMarked: boolean;
}

const MENTION = /@?[A-Za-z0-9][\w.\-/@]{0,213}/g;
const KIND = "(?:package|library|module|crate|dependency|gem|paket|bibliothek|modul)";
const KIND_BEFORE = new RegExp(`\\b${KIND} $`, "i");
const KIND_BEHIND = new RegExp(`^ (?:${KIND}\\b|v?\\d{1,5}(?:\\.\\d{1,5}){0,2}\\b)`, "i");

/** The words of a question that may name a package, in order. */
function findPackageMentions(question: string): PackageMention[] {
  const text = question.slice(0, 4000);
  const found = new Map<string, PackageMention>();
  for (const match of text.matchAll(MENTION)) {
    const word = trimEndMatching(match[0], /[./@-]/);
    const before = text.slice(Math.max(0, match.index - 14), match.index);
    const behind = text.slice(match.index + word.length, match.index + word.length + 20);
    const isCode = before.endsWith("`") && behind.startsWith("`");
    const isMarked =
      isCode ||
      /[-/@]/.test(word) ||
      /\.js$/i.test(word) ||
      KIND_BEFORE.test(before) ||
      KIND_BEHIND.test(behind);
    const name = word.replace(/(?<=.)@\d[\w.-]{0,60}$/, "");
    const known = found.get(name);
    found.set(name, { name, isMarked: isMarked || known?.isMarked === true });
  }
  return [...found.values()];
}

/** Whether a word names a package: whole, or by the last part of a name with a scope or a path. */
function isNameOf(word: string, { name }: InstalledPackage): boolean {
  const plain = (text: string): string => text.toLowerCase().replaceAll("_", "-");
  const [asked, own] = [plain(word), plain(name)];
  return (
    asked === own || (own.includes("/") && asked === own.slice(own.lastIndexOf("/") + 1) && asked.length > 2)
  );
}

/**
 * The packages that a text names. Of those that only others depend on, names that the text marks count.
 * @param findByName finds a package that no list has
 */
export async function findNamedPackages(
  question: string,
  { direct, others }: InstalledPackages,
  findByName: (name: string) => Promise<InstalledPackage | null>,
): Promise<InstalledPackage[]> {
  const named: InstalledPackage[] = [];
  for (const { name, isMarked } of findPackageMentions(question)) {
    const isOrdinary = ORDINARY_WORDS.has(name.toLowerCase());
    const own = isMarked || !isOrdinary ? direct.filter((each) => isNameOf(name, each)) : [];
    const listed = own.length > 0 || !isMarked ? own : others.filter((each) => isNameOf(name, each));
    const one = listed.length === 0 && isMarked ? await findByName(name) : null;
    named.push(...listed, ...(one === null ? [] : [one]));
  }
  return [...new Set(named)].slice(0, MAX_PACKAGES);
}

const ASKS_FOR_REASON = /\b(?:why|since when|warum|wieso|weshalb|seit wann)\b/i;

/**
 * Whether a question asks for the reason of a decision that only mentions a package: "Why does the limiter not use it?"
 * asks the workspace, "Why does zod coerce dates?" asks the package.
 */
export function asksAboutWorkspaceChoice(question: string, named: InstalledPackage[]): boolean {
  const text = question.slice(0, 4000);
  const asked = ASKS_FOR_REASON.exec(text);
  if (asked === null) return false;
  // The subject is the word behind the verb.
  const [, subject = ""] =
    /^\s{1,9}(?:\p{L}{1,20}n['’]t|\p{L}{1,20})\s{1,9}(?:the\s{1,9})?[`"“]?(@?[\w./@-]{1,214})/u.exec(
      text.slice(asked.index + asked[0].length),
    ) ?? [];
  return !named.some((each) => isNameOf(trimEndMatching(subject, /[./@-]/), each));
}

/** The packages whose own words about themselves meet a question's, best first. */
export function findFittingPackages(question: string, packages: InstalledPackage[]): InstalledPackage[] {
  const asked = new Set(contentTerms(question));
  return packages
    .map((each) => ({
      each,
      score: new Set(contentTerms(`${each.name} ${each.about}`).filter((term) => asked.has(term))).size,
    }))
    .filter(({ score }) => score > 0)
    .sort((a, b) => b.score - a.score)
    .slice(0, MAX_PACKAGES / 2)
    .map(({ each }) => each);
}
