/** A project whose documentation Read the Docs hosts. */
export interface ReadTheDocsProject {
  project: string;
  /** Absent: the one that Read the Docs shows by default. */
  version?: string;
}

/** Where the head of a page ends at the latest, in characters. */
const HEAD = 500_000;

/**
 * The project of a site on Read the Docs: as the page says, to which Read the Docs adds it, else by the site's host. Null
 * for any other site.
 * @param page the HTML of the site's page; "" where it could not be read
 */
export function findReadTheDocsProject(site: URL, page: string): ReadTheDocsProject | null {
  const said = new Map<string, string>();
  for (const [, name = "", value = ""] of page
    .slice(0, HEAD)
    .matchAll(/<meta name="readthedocs-(project|version)-slug" content="([\w.-]{1,100})"/g))
    said.set(name, value);
  const [host = ""] = /^[a-z0-9-]{1,63}(?=\.readthedocs\.io$)/.exec(site.hostname) ?? [];
  const project = said.get("project") ?? host;
  if (project === "") return null;
  const [, ofPath = ""] = /^\/[a-z]{2}(?:[-_][a-z]{2})?\/([\w.-]{1,100})\//i.exec(site.pathname) ?? [];
  const version = said.get("version") ?? ofPath;
  return version === "" ? { project } : { project, version };
}
