/*
 * Tokens with a form documented by their issuers. All lengths are bounded, so that searching stays linear.
 */

/** Prefixes of tokens and patterns of their rest. None is shorter than SHORTEST. */
const TOKENS: readonly (readonly [string, RegExp])[] = [
  // AWS, Google
  ["AKIA|ASIA|ABIA|ACCA", /[A-Z2-7]{16}/],
  ["AIza", /[\w-]{30,60}/],
  ["AQ.", /[\w-]{30,200}/],
  ["ya29.", /[\w-]{20,400}/],
  ["GOCSPX-", /[\w-]{20,60}/],
  ["1//0", /[\w-]{30,200}/],
  // Code hosting and package registries
  ["ghp_|gho_|ghu_|ghs_|ghr_", /[A-Za-z0-9]{30,255}/],
  ["github_pat_", /\w{22,255}/],
  ["gl", /(?:pat|ptt|dt|rt|cbt|oas|soat|ft|imt|agent|ffct)-[\w-]{20,300}(?:\.[\w-]{2,60}){0,3}/],
  ["npm_", /[A-Za-z0-9]{30,60}/],
  ["pypi-", /[\w-]{50,400}/],
  ["rubygems_", /[0-9a-f]{40,60}/],
  ["dckr_", /[a-z]{2,4}_[\w-]{20,60}/],
  ["ATATT3x", /[\w=-]{50,300}/],
  // Messages and payments
  ["xox", /[abceoprs]-[A-Za-z0-9-]{15,250}/],
  ["xapp-", /\d-[A-Za-z0-9-]{20,200}/],
  ["hooks.slack.com/", /(?:services|workflows)\/T\w{6,20}\/[\w/]{20,120}/],
  ["discord", /(?:app)?\.com\/api\/webhooks\/\d{10,25}\/[\w-]{30,120}/],
  ["SG.", /[\w-]{16,32}\.[\w-]{16,64}/],
  ["SK", /[0-9a-f]{32}/],
  ["key-", /[0-9a-f]{32}/],
  ["sk_|rk_", /(?:live|test)_[A-Za-z0-9]{16,250}/],
  ["whsec_", /[A-Za-z0-9+/=]{20,80}/],
  ["sq0", /[a-z]{3}-[\w-]{22,60}/],
  ["shp", /(?:at|ca|pa|ss)_[0-9a-fA-F]{32}/],
  // Models
  ["sk-", /(?:(?:proj|svcacct|admin|or-v1|ant-[a-z]{2,6}\d\d)-)?[\w-]{20,250}/],
  ["hf_", /[A-Za-z0-9]{30,60}/],
  ["r8_", /[A-Za-z0-9]{30,60}/],
  ["gsk_", /[A-Za-z0-9]{40,80}/],
  ["xai-", /[A-Za-z0-9]{40,120}/],
  ["pplx-", /[A-Za-z0-9]{40,80}/],
  ["tvly-", /[\w-]{16,80}/],
  // Clouds and tools
  ["doo_v1_|dop_v1_|dor_v1_", /[0-9a-f]{64}/],
  ["dapi", /[0-9a-f]{32}/],
  ["hvs.|hvb.|hvr.", /[\w-]{24,300}/],
  ["dp.", /(?:pt|st|ct|sa|scim|audit)\.[\w.-]{30,80}/],
  ["PMAK-", /[0-9a-f]{24}-[0-9a-f]{34}/],
  ["lin_api_", /[A-Za-z0-9]{30,60}/],
  ["ntn_", /[A-Za-z0-9]{40,60}/],
  ["NRAK-", /[A-Z0-9]{27}/],
  ["gl", /(?:sa|c)_[\w=-]{30,200}/],
  ["sntry", /[su]_[\w=+/-]{40,300}/],
  ["figd_", /[\w-]{30,80}/],
  ["sbp_", /[0-9a-f]{40}/],
  ["pscale_", /(?:tkn|pw|oauth)_[\w=.-]{30,80}/],
  ["tskey-", /[a-z]{2,8}-[A-Za-z0-9-]{20,80}/],
  ["nfp_", /[A-Za-z0-9]{36}/],
  ["AGE-SECRET-KEY-1", /[A-Z0-9]{58}/],
  // Web tokens and password hashes
  ["eyJ", /[\w-]{8,300}\.eyJ[\w-]{8,8000}\.[\w-]{8,2000}/],
  ["$apr1$|$1$|$2a$|$2b$|$2x$|$2y$|$5$|$6$|$y$|$argon2|$pbkdf2|$scrypt$", /[\w./$=,+-]{15,250}[\w/=]/],
  ["{SHA|{SSHA", /(?:256|512)?\}[A-Za-z0-9+/]{27,120}={0,2}/],
];

/** Tokens without a distinctive prefix, by a part that each of them contains. */
const PATTERNS_BY_PART: readonly [string, RegExp][] = [
  [":AA", /\d{8,10}:AA[\w-]{33}/g],
  ["-us", /[0-9a-f]{32}-us\d{1,2}/g],
  [".atlasv1.", /[A-Za-z0-9]{14}\.atlasv1\.[\w-]{50,90}/g],
  ["8Q~", /[\w~.]{3}8Q~[\w~.-]{34}/g],
];

/** Patterns by the first two characters of a token. */
const PATTERNS_BY_START: ReadonlyMap<number, RegExp> = patternsByStart();

function patternsByStart(): Map<number, RegExp> {
  const sources = new Map<number, string[]>();
  for (const [starts, rest] of TOKENS) {
    for (const start of starts.split("|")) {
      const literal = start.replace(/[$./{]/g, "\\$&");
      const key = twoAt(start, 0);
      sources.set(key, [...(sources.get(key) ?? []), literal + rest.source]);
    }
  }
  return new Map([...sources].map(([key, each]) => [key, new RegExp(each.join("|"), "y")]));
}

function twoAt(text: string, at: number): number {
  return text.charCodeAt(at) * 256 + text.charCodeAt(at + 1);
}

/** Length of the shortest token. */
const SHORTEST = 20;
/** Maximum number of characters of a token before its longest run: "{SSHA512}". */
const MAX_PREFIX = 10;
/** Minimum number of characters after the first two. */
const MIN_REST = SHORTEST - 2;

/** Whether a token may contain a character, by its code; only ASCII. */
const TOKEN_CHARACTERS = Uint8Array.from({ length: 128 }, (_, code) =>
  /[\w.~$/=+:,-]/.test(String.fromCharCode(code)) ? 1 : 0,
);

/**
 * Calls back with the range of each token, [start, end).
 *
 * A token is a long run of a few kinds of characters. Checking every twentieth character finds all such runs, and
 * the patterns are tried only on those.
 */
export function forEachToken(text: string, found: (start: number, end: number) => void): void {
  const isInside = (at: number): boolean => TOKEN_CHARACTERS[text.charCodeAt(at)] === 1;
  for (let at = SHORTEST - 1; at < text.length; at += SHORTEST) {
    if (!isInside(at)) continue;
    let start = at;
    while (start > 0 && isInside(start - 1)) start--;
    let end = at + 1;
    while (end < text.length && isInside(end)) end++;
    // This character is not part of a run, so the next run begins after it.
    at = end;
    if (end - start < SHORTEST) continue;
    findInRun(text, Math.max(0, start - MAX_PREFIX), end, found);
  }
}

/** A token must not follow a letter or digit, since it would be the end of a word. */
function findInRun(
  text: string,
  from: number,
  end: number,
  found: (start: number, end: number) => void,
): void {
  let isFree = from === 0 || !isAlphanumeric(text.charCodeAt(from - 1));
  for (let at = from; at < end - MIN_REST; at++) {
    const pattern = isFree ? PATTERNS_BY_START.get(twoAt(text, at)) : undefined;
    isFree = !isAlphanumeric(text.charCodeAt(at));
    if (pattern === undefined) continue;
    pattern.lastIndex = at;
    if (!pattern.test(text)) continue;
    found(at, pattern.lastIndex);
    at = pattern.lastIndex - 1;
    isFree = false;
  }
  const run = text.slice(from, end);
  for (const [piece, pattern] of PATTERNS_BY_PART) {
    if (!run.includes(piece)) continue;
    for (const { index, 0: token } of run.matchAll(pattern)) found(from + index, from + index + token.length);
  }
}

function isAlphanumeric(code: number): boolean {
  return (code >= 48 && code <= 57) || (code >= 65 && code <= 90) || (code >= 97 && code <= 122);
}
