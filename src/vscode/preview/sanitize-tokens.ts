import type { Token } from "markdown-it";

/*
 * Sanitizes a report's tokens with an allowlist: for each allowed token a new one is created with the allowed
 * fields and attributes; everything else becomes visible text.
 */

/** Allowed pairs of tokens and the elements that they may create. */
const PAIRS = new Map(
  Object.entries({
    paragraph: /^p$/,
    heading: /^h[1-6]$/,
    blockquote: /^blockquote$/,
    bullet_list: /^ul$/,
    ordered_list: /^ol$/,
    list_item: /^li$/,
    table: /^table$/,
    thead: /^thead$/,
    tbody: /^tbody$/,
    tr: /^tr$/,
    th: /^th$/,
    td: /^td$/,
    em: /^em$/,
    strong: /^strong$/,
    s: /^(?:s|del)$/,
  }),
);

/** Attributes allowed on these elements, and their allowed values. */
const ATTRIBUTES = new Map(
  Object.entries({
    // The preview and the editor use these to scroll together.
    "data-line": /^\d+$/,
    class: /^code-line$/,
    dir: /^auto$/,
    start: /^\d{1,9}$/,
    style: /^text-align:(?:left|center|right)$/,
  }),
);

/** What VS Code's own rendering would produce for a token at an index. */
export interface EditorRendering {
  /** The id that links to a heading use; null if there is none. */
  headingId: (index: number) => string | null;
  /** The target of a link that leaves the workspace; null for all others. */
  leadsOut: (href: string) => string | null;
  /** The tooltip of such a link. */
  outside: (target: string) => string;
  /** Whether front matter is shown, which is a setting. */
  showsFrontMatter: (index: number) => boolean;
}

/** Copies a document's tokens, leaving out everything that loads, runs or misleads. */
export function sanitizeTokens(tokens: Token[], editor: EditorRendering): Token[] {
  return tokens.flatMap((token, index): Token[] => {
    if (isListed(token)) {
      const id = token.type === "heading_open" ? editor.headingId(index) : null;
      return [made(token, id === null ? {} : { attrs: [...(listedAttributes(token) ?? []), ["id", id]] })];
    }
    switch (token.type) {
      case "inline":
        return [made(token, { children: harmlessInline(token.children ?? [], editor) })];
      case "hr":
        return [made(token, { tag: "hr", nesting: 0 })];
      case "front_matter":
        return editor.showsFrontMatter(index) ? frontMatter(token) : [];
      case "code_block":
      case "fence":
        // Without a language: other extensions may render fences of certain languages, or send their content
        // away.
        return [code(token, token.content)];
      case "html_block":
        return [code(token, token.content)];
      default:
        return token.content === "" ? [] : [code(token, raw(token, "\n"))];
    }
  });
}

function harmlessInline(tokens: Token[], editor: EditorRendering): Token[] {
  /** The elements that the currently open links became. */
  const links: ("a" | "span" | null)[] = [];
  return tokens.flatMap((token): Token[] => {
    if (isListed(token)) return [made(token, {})];
    switch (token.type) {
      case "text":
      case "text_special":
      case "html_inline":
        return [text(token, token.content)];
      case "softbreak":
      case "hardbreak":
        return [made(token, { tag: "br", nesting: 0 })];
      case "code_inline":
        return [made(token, { tag: "code", nesting: 0, content: visible(token.content) })];
      case "image":
        return [text(token, tokensToText(token.children ?? []) || token.content)];
      case "link_open": {
        const [href, title] = [attribute(token, "href"), attribute(token, "title")];
        if (!isSafeTarget(href)) {
          links.push(null);
          return [];
        }
        const target = editor.leadsOut(href);
        if (target !== null) {
          // Marked text that cannot be followed.
          links.push("span");
          const about: [string, string][] = [
            ["class", "deep-research-outside"],
            ["title", visible(editor.outside(target))],
          ];
          return [made(token, { tag: "span", nesting: 1, attrs: about })];
        }
        links.push("a");
        const attrs: [string, string][] = [
          ["href", href],
          // The preview's own script uses this attribute.
          ["data-href", href],
        ];
        if (title !== "") attrs.push(["title", visible(title)]);
        return [made(token, { tag: "a", nesting: 1, attrs })];
      }
      case "link_close": {
        const tag = links.pop() ?? null;
        return tag === null ? [] : [made(token, { tag, nesting: -1 })];
      }
      default:
        return [text(token, raw(token, "") || tokensToText(token.children ?? []))];
    }
  });
}

/** The visible text of inline tokens. */
export function tokensToText(tokens: Token[]): string {
  return tokens
    .map((token) =>
      /^(?:soft|hard)break$/.test(token.type) ? "\n" : tokensToText(token.children ?? []) || token.content,
    )
    .join("");
}

/**
 * Whether a link is allowed: http and https without a user name, a path relative to the report, or a fragment.
 * @param href as written by markdown-it, percent-encoded
 */
export function isSafeTarget(href: string): boolean {
  if (!/^[\x21-\x7e]+$/.test(href) || href.includes("\\") || /%5c|%0[0-9a-f]|%1[0-9a-f]/i.test(href))
    return false;
  if (href.startsWith("#")) return href.length > 1;
  if (/^https?:/i.test(href)) return isPlainWebAddress(href);
  const path = href.split(/[?#]/, 1)[0] ?? "";
  // No scheme (`vscode:x`, `C:/x`), no host (`//host/x`) and no root, not even after decoding.
  return path !== "" && !/^[^/]*(?::|%3a)/i.test(path) && !/^(?:\/|%2f)|(?:\/|%2f){2}/i.test(path);
}

function isPlainWebAddress(href: string): boolean {
  if (!/^https?:\/\/[^/?#@]+(?:[/?#]|$)/i.test(href) || !URL.canParse(href)) return false;
  const { username, password } = new URL(href);
  return username === "" && password === "";
}

/** The report's front matter as a table, as VS Code shows it, unless the user hides it. */
function frontMatter(token: Token): Token[] {
  const meta: unknown = token.meta;
  const content = typeof meta === "object" && meta !== null && "content" in meta ? meta.content : meta;
  if (typeof content !== "string") return [];
  const pair = (tag: string, inner: Token[], attrs: [string, string][] | null = null): Token[] => [
    made(token, { type: `${tag}_open`, tag, nesting: 1, hidden: false, attrs }),
    ...inner,
    made(token, { type: `${tag}_close`, tag, nesting: -1, hidden: false, attrs: null }),
  ];
  const cell = (content: string): Token[] => [
    made(token, { type: "inline", children: [text(token, content)], attrs: null }),
  ];
  const rows = content.split("\n").flatMap((line) => {
    if (line.trim() === "") return [];
    const [, name = "", value = line] = /^([\w-]+):\s*([^]*)$/.exec(line) ?? [];
    return pair("tr", [...pair("th", cell(name)), ...pair("td", cell(unquoted(value)))]);
  });
  return rows.length === 0
    ? []
    : pair("table", pair("tbody", rows), [["class", "frontmatter deep-research-about"]]);
}

function unquoted(value: string): string {
  if (!value.startsWith('"')) return value;
  try {
    return String(JSON.parse(value));
  } catch {
    return value;
  }
}

function isListed(token: Token): boolean {
  const [, name = "", end] = /^(\w+)_(open|close)$/.exec(token.type) ?? [];
  return PAIRS.get(name)?.test(token.tag) === true && token.nesting === (end === "open" ? 1 : -1);
}

/** The source text of a token of unknown syntax, as far as it can be reconstructed. */
function raw({ markup, content }: Token, between: string): string {
  return content === "" ? "" : [markup, content, markup].filter((part) => part !== "").join(between);
}

function text(from: Token, content: string): Token {
  return made(from, { type: "text", tag: "", nesting: 0, attrs: null, content: visible(content) });
}

function code(from: Token, content: string): Token {
  return made(from, {
    type: "code_block",
    tag: "code",
    nesting: 0,
    block: true,
    hidden: false,
    content: visible(content),
  });
}

/** Creates a token in place of another, with its allowed attributes unless others are given. */
function made(from: Token, changes: Partial<Token>): Token {
  const { type, tag, map, nesting, level, block, hidden } = from;
  return Object.assign(Object.create(Object.getPrototypeOf(from) as object) as Token, {
    type, tag, map, nesting, level, block, hidden, attrs: listedAttributes(from),
    children: null, content: "", markup: "", info: "", meta: null,
    ...changes,
  }); // prettier-ignore
}

function listedAttributes(token: Token): [string, string][] | null {
  const kept = (token.attrs ?? []).flatMap(([name, value]): [string, string][] =>
    ATTRIBUTES.get(name)?.test(String(value)) === true ? [[name, String(value)]] : [],
  );
  return kept.length === 0 ? null : kept;
}

function attribute(token: Token, name: string): string {
  return String((token.attrs ?? []).find(([each]) => each === name)?.[1] ?? "");
}

/** Shows characters that change the text direction by their names, so that they cannot move a verdict. */
function visible(content: string): string {
  return content.replace(
    /[\u202a-\u202e\u2066-\u2069]/g,
    (character) => `[U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase()}]`,
  );
}
