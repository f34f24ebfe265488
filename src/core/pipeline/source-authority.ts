import type { SourceAuthority, SourceLocation } from "../domain/schema.js";

/*
 * Whose word a source is, by its place alone. It is a hint for the reader and weighs nothing: neither what is read nor
 * what is written depends on it. A place that tells nothing has none.
 */

/** Hosts, with all below them, that belong to those who make what they describe, or set the standard. */
const DOCUMENTATION = [
  "rfc-editor.org",
  "datatracker.ietf.org",
  "w3.org",
  "whatwg.org",
  "tc39.es",
  "docs.rs",
  "pkg.go.dev",
  "go.dev",
  "doc.rust-lang.org",
  "docs.python.org",
  "peps.python.org",
  "nodejs.org",
  "postgresql.org",
  "sqlite.org",
  "kubernetes.io",
  "developer.mozilla.org",
  "learn.microsoft.com",
  "readthedocs.io",
  "readthedocs.org",
];
const FORUMS = [
  "stackoverflow.com",
  "stackexchange.com",
  "superuser.com",
  "serverfault.com",
  "askubuntu.com",
  "reddit.com",
  "news.ycombinator.com",
  "quora.com",
];
const BLOGS = ["medium.com", "dev.to", "substack.com", "hashnode.dev", "wordpress.com", "blogspot.com"];

/** The first label of a host that says what it is for. */
const LABELS: [labels: readonly string[], authority: SourceAuthority][] = [
  [["docs", "doc", "developer", "developers", "manual", "documentation"], "documentation"],
  [["forum", "forums", "discuss", "community", "discourse"], "forum"],
  [["blog", "blogs"], "blog"],
];

/** @returns null where the place tells nothing */
export function authorityOfPlace(place: SourceLocation): SourceAuthority | null {
  // What a package has with it is by those who make it.
  if (place.kind === "package") return "documentation";
  if (place.kind !== "page" || !URL.canParse(place.url)) return null;
  const { hostname, pathname } = new URL(place.url);
  const host = hostname.replace(/^www\./, "");
  const isOf = (known: readonly string[]): boolean =>
    known.some((each) => host === each || host.endsWith(`.${each}`));
  if (host === "github.com") return authorityOnGitHub(pathname);
  if (isOf(["wikipedia.org"])) return "encyclopedia";
  if (isOf(FORUMS)) return "forum";
  if (isOf(BLOGS)) return "blog";
  if (isOf(DOCUMENTATION)) return "documentation";
  const label = host.split(".")[0] ?? "";
  const byLabel = LABELS.find(([labels]) => labels.includes(label))?.[1];
  return byLabel ?? (/^\/blogs?\//.test(pathname) ? "blog" : null);
}

function authorityOnGitHub(pathname: string): SourceAuthority | null {
  const [, owner = "", name = "", part = ""] = pathname.split("/");
  if (owner === "" || name === "") return null;
  return ["issues", "pull", "discussions"].includes(part) ? "forum" : "repository";
}
