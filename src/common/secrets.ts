import { forEachToken } from "./secret-tokens.js";

/*
 * Finds secrets in a text (keys, tokens, passwords) by their form and by their names. They are replaced before a text
 * is stored, indexed, quoted or sent. Obvious examples and variables are kept.
 */

/** The placeholder for a secret. */
export const SECRET_REMOVED = "[secret removed]";

/** The range of a secret in a text, [start, end). */
export interface Secret {
  start: number;
  end: number;
}

export interface SecretsOptions {
  /** Whether the text is a settings file, where a password may be an ordinary word. Default: false. */
  isSettings?: boolean;
}

/** Replaces all secrets. @returns the text, with the same number of lines, and the number of secrets */
export function removeSecrets(text: string, options?: SecretsOptions): { text: string; removed: number } {
  const secrets = findSecrets(text, options);
  return { text: replaceSecrets(text, secrets), removed: secrets.length };
}

/** @param secrets from `findSecrets` */
export function replaceSecrets(text: string, secrets: Secret[]): string {
  if (secrets.length === 0) return text;
  const parts: string[] = [];
  let last = 0;
  for (const { start, end } of secrets) {
    const breaks = text.slice(start, end).split("\n").length - 1;
    parts.push(text.slice(last, start), SECRET_REMOVED, "\n".repeat(breaks));
    last = end;
  }
  parts.push(text.slice(last));
  return parts.join("");
}

/** The number of removed secrets as a sentence; null if none was removed. */
export function describeRemovedSecrets(removed: number): string | null {
  if (removed === 0) return null;
  return removed === 1
    ? "One secret was removed from the text."
    : `${removed} secrets were removed from the text.`;
}

/** Finds the secrets of a text, in order and without overlaps. */
export function findSecrets(text: string, { isSettings = false }: SecretsOptions = {}): Secret[] {
  const found: Secret[] = [];
  const add = (start: number, end: number): void => void found.push({ start, end });
  findPrivateKeys(text, add);
  forEachToken(text, (start, end) => {
    if (isRealToken(text.slice(start, end))) add(start, end);
  });
  findAddresses(text, add);
  findHeaders(text, add);
  findNamedValues(text, isSettings, add);
  findLines(text, add);
  return mergeOverlaps(found);
}

function mergeOverlaps(found: Secret[]): Secret[] {
  const secrets: Secret[] = [];
  for (const each of found.sort((a, b) => a.start - b.start || b.end - a.end)) {
    const last = secrets.at(-1);
    if (last === undefined || each.start >= last.end) secrets.push({ ...each });
    else last.end = Math.max(last.end, each.end);
  }
  return secrets;
}

type Add = (start: number, end: number) => void;

const KEY_BEGINS = /-{4,5} ?BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)? ?-{4,5}/g;
const KEY_ENDS = /-{4,5} ?END [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)? ?-{4,5}/;
/** Maximum length of a private key, in characters. */
const LONGEST_KEY = 20_000;
/** A line of a truncated key, possibly quoted or in a comment; line breaks may be written as "\n". */
// eslint-disable-next-line redos/no-vulnerable -- sticky: it is tried at one place of a line alone
const KEY_LINE = /(?:\\[nr]|[\s"'`+,;>#*|])*[A-Za-z0-9+/]{16,}={0,2}/y;

/** Finds private keys in PEM and PuTTY format. A header alone, as in programs and documents, is not a key. */
function findPrivateKeys(text: string, add: Add): void {
  if (text.includes("PRIVATE KEY")) {
    const heads = [...text.matchAll(KEY_BEGINS)];
    for (const [n, { 0: head, index }] of heads.entries()) {
      const from = index + head.length;
      const part = text.slice(from, Math.min(from + LONGEST_KEY, heads[n + 1]?.index ?? Infinity));
      const close = KEY_ENDS.exec(part);
      const other = part.search(/-{4,5} ?BEGIN /);
      if (close !== null && (other < 0 || close.index < other)) {
        const body = part.slice(0, close.index).replace(/\\[nr]|[^A-Za-z0-9+/=]/g, "");
        if (body.length >= 40) add(index, from + close.index + close[0].length);
        continue;
      }
      // Truncated: include all lines that look like a part of it.
      let end = 0;
      for (KEY_LINE.lastIndex = 0; KEY_LINE.test(part);) end = KEY_LINE.lastIndex;
      if (end > 40) add(index, from + end);
    }
  }
  for (const { index, 0: head } of text.matchAll(/^Private-Lines: \d{1,4}\n/gm)) {
    const from = index + head.length;
    KEY_LINE.lastIndex = from;
    let end = from;
    while (KEY_LINE.test(text)) end = KEY_LINE.lastIndex;
    if (end > from) add(from, end);
  }
}

const USER_AND_PASSWORD = /:\/\/[^\s/:@"'`<>()[\]{}]{0,100}:([^\s/@"'`<>]{3,200})@/y;
/** URL parameters that grant access. */
const SIGNATURE =
  /[?&;](?:sig|signature|key|api_?key|(?:access_|auth_)?token|client_secret|X-Amz-(?:Signature|Security-Token)|X-Goog-Signature)=([\w%.~+/=-]{20,2000})/gi;

function findAddresses(text: string, add: Add): void {
  for (let at = text.indexOf("://"); at >= 0; at = text.indexOf("://", at + 3)) {
    USER_AND_PASSWORD.lastIndex = at;
    const found = USER_AND_PASSWORD.exec(text);
    const password = found?.[1];
    if (password === undefined || isExample(password) || isPlainWord(password)) continue;
    add(USER_AND_PASSWORD.lastIndex - 1 - password.length, USER_AND_PASSWORD.lastIndex - 1);
  }
  if (!/[?&;]\w/.test(text)) return;
  for (const { index, 0: whole, 1: value = "" } of text.matchAll(SIGNATURE)) {
    if (isRandom(value) && !isExample(value)) add(index + whole.length - value.length, index + whole.length);
  }
}

const HEADER = /\b(?:Bearer|Basic|Token)[ \t]{1,3}([\w.~+/-]{16,4000}={0,2})/gi;

function findHeaders(text: string, add: Add): void {
  for (const { index, 0: whole, 1: value = "" } of text.matchAll(HEADER)) {
    if (isRandom(value) && !isExample(value)) add(index + whole.length - value.length, index + whole.length);
  }
}

/** Quick search for names of secrets. */
const KEYWORD = /pass|pwd|secret|token|key|credential|kennwort|_auth/gi;
/** Matches such a name from there to its end. */
const NAME =
  /(?:passw(?:or)?d|passwort|passphrase|passcode|pass|pwd|secret(?:[-_ ]?(?:access[-_]?)?key(?:[-_]?base)?)?|token|key(?:-data)?|credentials?|kennwort|_auth)(?:[-_](?:value|base64|b64|hex|plain|hash|\d{1,2}))?(?![A-Za-z0-9])/iy;
/** What precedes "key" in names of secret keys. */
const SECRET_KEY =
  /(?:api|access|private|secret|signing|encrypt(?:ion)?|master|shared|preshared|account|auth|admin|server|client)[-_ ]?$/i;
/** What joins a name to its value, and the value up to a blank or a quote. */
const ASSIGNED =
  /(?:\\?["'`])?(?:\*\*|[\])])?(?:[ \t]{0,20}(?::=|=>|={1,3}|:)(?:\*\*)?[ \t]{0,8}|[ \t]{1,3}(?:is|are|ist|lautet)[ \t]{1,3})(?:[bru]?(\\?["'`]))?([^\s"'`,;<>]{4,4000})/y;
/** The value of an option, of an element, and of a netrc. */
const OPTION = /(?:[ \t]{1,3})["']?([^\s"'`<>]{6,200})/y;
const ELEMENT = /(?:[ \t][^<>\n]{0,100})?>([^\s<>]{4,400})<\//y;
const NETRC = /[ \t]{1,8}(\S{3,200})/y;

function findNamedValues(text: string, isSettings: boolean, add: Add): void {
  KEYWORD.lastIndex = 0;
  for (let found = KEYWORD.exec(text); found !== null; found = KEYWORD.exec(text)) {
    const at = found.index;
    NAME.lastIndex = at;
    const [name] = NAME.exec(text) ?? [];
    if (name === undefined) continue;
    const before = text.slice(Math.max(0, at - 16), at);
    // "bypass", "compass", "monkey".
    if (/^(?:pass|pwd)$/.test(name) && /[a-z]$/.test(before)) continue;
    if (/^key/i.test(name) && !SECRET_KEY.test(before)) continue;
    const { lastIndex: behind } = NAME;
    const assigned = matchAt(ASSIGNED, text, behind);
    const [, quote, value = ""] = assigned ?? [];
    const bare = quote === undefined ? withoutEnd(value) : value.replace(/\\$/, "");
    if (assigned !== null && isSecretValue(name, bare, quote !== undefined, isSettings)) {
      const start = behind + assigned[0].length - value.length;
      add(start, start + bare.length);
      KEYWORD.lastIndex = start + bare.length;
    } else if (assigned === null) {
      const other = /(?:^|\s)--?(?:[a-z]{1,8}-)?$/.test(before)
        ? matchAt(OPTION, text, behind)
        : before.endsWith("<")
          ? matchAt(ELEMENT, text, behind)
          : /\blogin[ \t]{1,8}\S{1,100}\s{1,8}$/.test(text.slice(Math.max(0, at - 130), at))
            ? matchAt(NETRC, text, behind)
            : null;
      const [whole = "", word = ""] = other ?? [];
      if (other === null || isExample(word) || isPlainWord(word)) continue;
      const start = behind + whole.lastIndexOf(word);
      add(start, start + word.length);
    }
  }
}

/** A value without what ends a sentence, an emphasis or a part of an address behind it. */
function withoutEnd(value: string): string {
  const cut = value.indexOf("&");
  let end = cut < 0 ? value.length : cut;
  while (end > 0 && ".*\\".includes(value.charAt(end - 1))) end--;
  return value.slice(0, end);
}

function matchAt(sticky: RegExp, text: string, at: number): RegExpExecArray | null {
  sticky.lastIndex = at;
  return sticky.exec(text);
}

function isSecretValue(name: string, value: string, isQuoted: boolean, isSettings: boolean): boolean {
  if (isExample(value)) return false;
  if (!isQuoted && !isSettings && isCode(value)) return false;
  // A folder, a version, a number.
  if (/^(?:[.~]{0,2}[/\\]|[A-Za-z]:[\\/]|[~^>=v]{0,2}\d+(?:\.\d+)+|0x[0-9a-f]+$|\d{1,5}$)/i.test(value))
    return false;
  if (!/^(?:pass|pwd|kenn)/i.test(name)) return value.length >= 16 && isRandom(value);
  if (isSettings && name.length > 4 && /^[a-z]{8,}$/.test(value) && !/pass|word|secret|wort/.test(value))
    return true;
  return value.length >= 6 && !isPlainWord(value);
}

/** True for code: calls, types, qualified names. */
function isCode(value: string): boolean {
  return (
    /[(){}[\]|]|^[!=]|^\d+$/.test(value) ||
    /^(?:[A-Z]?[a-z]{2,}|[A-Z]{2,})(?:[A-Z][a-z]+){1,20}\d{0,2}$/.test(value) ||
    /^[A-Za-z_$][\w$]*(?:[?!]?\.[A-Za-z_$][\w$]*)+[!?:]*$/.test(value) ||
    (/^[\w$]+[!?:]*$/.test(value) && /pass|pwd|secret|token/i.test(value))
  );
}

/** A line of a pgpass file. */
const PGPASS = /^[\w.*-]{1,100}:(?:\d{2,5}|\*):[\w.*-]{1,63}:[\w.*-]{1,63}:(\S{3,200})$/gm;
const DOCKER_AUTH = /"auth"[ \t]{0,4}:[ \t]{0,4}"([A-Za-z0-9+/]{8,400}={0,2})"/g;

function findLines(text: string, add: Add): void {
  const addMatches = (pattern: RegExp, isOne: (value: string) => boolean): void => {
    for (const { index, 0: whole, 1: value = "" } of text.matchAll(pattern)) {
      const start = index + whole.lastIndexOf(value);
      if (isOne(value)) add(start, start + value.length);
    }
  };
  if (text.includes(":543") || text.includes(":*:")) {
    addMatches(PGPASS, (value) => !isExample(value) && !isPlainWord(value));
  }
  addMatches(DOCKER_AUTH, isUserAndPassword);
  if (text.includes("Secret") && text.includes("kind:")) findManifests(text, add);
  if (text.includes("---|") || text.includes("--- |")) findTables(text, add);
}

/** Finds the values of a Kubernetes Secret, which may have any name. */
function findManifests(text: string, add: Add): void {
  if (!/^[ \t]{0,8}kind:[ \t]{0,4}["']?Secret\b/m.test(text)) return;
  let below: number | null = null;
  let at = 0;
  for (const line of text.split("\n")) {
    const indent = line.length - line.trimStart().length;
    if (/^\s*(?:data|stringData):\s*$/.test(line)) below = indent;
    else if (below !== null && line.trim() !== "") {
      const value = /^\s*[\w.-]{1,100}:[ \t]{1,8}["']?([^\s"']{4,})["']?\s*$/.exec(line)?.[1];
      if (indent <= below) below = null;
      else if (value !== undefined && !isExample(value)) {
        const start = at + line.lastIndexOf(value);
        add(start, start + value.length);
      }
    }
    at += line.length + 1;
  }
}

const SECRET_COLUMN =
  /^\W{0,4}(?:passw(?:or)?d|passwort|kennwort|secret(?: key)?|api[- ]?key|access[- ]?key)\W{0,4}$/i;

/** Finds Markdown table cells below a header such as "Password". */
function findTables(text: string, add: Add): void {
  const lines = text.split("\n");
  let at = 0;
  let columns: number[] = [];
  for (const [n, line] of lines.entries()) {
    if (!line.includes("|")) columns = [];
    else if (/^[\s|:-]{5,}$/.test(lines[n + 1] ?? "")) {
      columns = line.split("|").flatMap((cell, column) => (SECRET_COLUMN.test(cell) ? [column] : []));
    } else if (columns.length > 0 && !/^[\s|:-]+$/.test(line)) {
      let from = at;
      for (const [column, cell] of line.split("|").entries()) {
        const value = cell.trim().replace(/^[`*"']{1,3}|[`*"']{1,3}$/g, "");
        if (
          columns.includes(column) &&
          value.length >= 4 &&
          !/\s/.test(value) &&
          !isExample(value) &&
          !isPlainWord(value)
        ) {
          const start = from + cell.indexOf(value);
          add(start, start + value.length);
        }
        from += cell.length + 1;
      }
    }
    at += line.length + 1;
  }
}

/** Base64 of "user:password", as in Docker's configuration. */
function isUserAndPassword(value: string): boolean {
  const decoded = Buffer.from(value, "base64").toString("latin1");
  return decoded.slice(1, -1).includes(":") && !/[^\x20-\x7e]/.test(decoded);
}

const EXAMPLE =
  /example|sample|dummy|placeholder|your|change_?-?me|redacted|removed|insert|replace|todo|xxxx|\.\.\.|…|\*{3}|^[[<]|^\$[A-Za-z_({]|\$\{|\{\{|^%[\w(]|%$|process\.env|environ|getenv|env\.|secrets?\.|^(?:-+|0+|1+|\*+|_+|x+|null|none|nil|true|false|undefined)$/i;

/** True for an obvious stand-in: a variable, a blank to fill in, an example. */
function isExample(value: string): boolean {
  return EXAMPLE.test(value);
}

/** True for a token that is neither an example nor a CSS class such as "sk-fading-circle". */
function isRealToken(token: string): boolean {
  return (
    !/example|xxxxx|placeholder|your[-_]/i.test(token) &&
    (!token.startsWith("sk-") || (isRandom(token.slice(3)) && !isHyphenatedName(token)))
  );
}

/** True for words that hyphens join, each with a number at most: "sk-ecdsa-sha2-nistp256-cert-v01", a kind of keys of SSH. */
function isHyphenatedName(token: string): boolean {
  const words = token.split("-");
  return words.length > 3 && words.every((word) => /^[a-z]{1,12}\d{0,5}$/.test(word));
}

/** True for a word, name or path: letters and what joins words. */
function isPlainWord(value: string): boolean {
  return /^[A-Za-z_./:\\@-]+$/.test(value) || /[^\x21-\x7e]/.test(value);
}

/** True if character classes alternate more often than in words. */
function isRandom(value: string): boolean {
  if (!/[A-Za-z]/.test(value) || (/[^A-Za-z]/.test(value) && isPlainWord(value))) return false;
  let changes = 0;
  let digits = 0;
  let before = "";
  for (const one of value) {
    const kind =
      one >= "0" && one <= "9" ? "0" : one >= "a" && one <= "z" ? "a" : one >= "A" && one <= "Z" ? "A" : "-";
    if (kind === "0") digits++;
    if (kind !== before) changes++;
    before = kind;
  }
  const share = (changes - 1) / (value.length - 1);
  return digits > 0 ? share >= 0.25 : share >= 0.4;
}
