import * as z from "zod";
import { collapseWhitespace } from "../../common/collapse-whitespace.js";
import type { Reading } from "../../core/domain/reading.js";
import { askGithub, type GithubAccess } from "./github-api.js";
import { readJson } from "./service-request.js";
import {
  cleanName,
  cleanTitle,
  lowerMarkdownHeadings,
  toDocument,
  type ServicePages,
  type ServicePageTools,
} from "./service-page.js";

/*
 * Issues, pull requests, releases and files of GitHub, read by its API. A file is cited at the commit that was read, so
 * that its quote stands for good.
 */

const User = z.object({ login: z.string() }).nullable();
const Post = z.object({
  html_url: z.string(),
  body: z.string().nullish(),
  user: User,
  created_at: z.string(),
  author_association: z.string().default("NONE"),
});
const Issue = Post.extend({
  title: z.string(),
  number: z.number(),
  state: z.string(),
  state_reason: z.string().nullish(),
  labels: z.array(z.union([z.string(), z.looseObject({ name: z.string().nullish() })])).default([]),
  comments: z.number(),
  pull_request: z.looseObject({ merged_at: z.string().nullish() }).optional(),
});
const Release = z.object({
  html_url: z.string(),
  tag_name: z.string(),
  name: z.string().nullish(),
  body: z.string().nullish(),
  published_at: z.string().nullish(),
  author: User.optional(),
});
const Readme = z.object({ path: z.string() });

/** Who speaks for a project. */
const MAINTAINERS = new Set(["OWNER", "MEMBER", "COLLABORATOR"]);

/** Comments of an issue that are read: its first page. */
const COMMENTS = 100;

export const githubPages: ServicePages = {
  find({ hostname, pathname }) {
    if (hostname.replace(/^www\./, "") !== "github.com") return null;
    const [owner = "", repository = "", kind = "", name = "", ...rest] = pathname
      .split("/")
      .filter((part) => part !== "")
      .map(decodePart);
    if (!isName(owner) || !isName(repository)) return null;
    const base = `/repos/${owner}/${repository}`;
    if (kind === "") return (tools, signal) => readReadme(base, tools, signal);
    if ((kind === "issues" || kind === "pull") && /^\d{1,12}$/.test(name))
      return (tools, signal) => readIssue(base, name, tools, signal);
    if (kind === "releases" && name === "tag" && rest.length > 0)
      return (tools, signal) => readRelease(base, rest.join("/"), tools, signal);
    if (kind === "blob" && name !== "" && rest.length > 0)
      return (tools, signal) => readFile(base, name, rest.join("/"), tools, signal);
    return null;
  },
};

function decodePart(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

function isName(part: string): boolean {
  return /^[\w.-]{1,100}$/.test(part) && !/^\.+$/.test(part);
}

function encodePath(path: string): string {
  return path.split("/").map(encodeURIComponent).join("/");
}

function accessOf({ githubToken, contact }: ServicePageTools): GithubAccess {
  return { token: githubToken, contact };
}

async function readIssue(
  base: string,
  number: string,
  tools: ServicePageTools,
  signal: AbortSignal,
): Promise<Reading> {
  const access = accessOf(tools);
  const issue = await askGithub(`${base}/issues/${number}`, readJson(Issue), access, signal);
  const comments =
    issue.comments === 0
      ? []
      : await askGithub(
          `${base}/issues/${number}/comments?per_page=${COMMENTS}`,
          readJson(z.array(Post)),
          access,
          signal,
        );
  const what = issue.pull_request === undefined ? "Issue" : "Pull request";
  const merged = issue.pull_request?.merged_at;
  const state = merged == null ? issue.state : `merged on ${merged.slice(0, 10)}`;
  const reason = issue.state_reason == null ? "" : ` (${issue.state_reason.replaceAll("_", " ")})`;
  const labels = issue.labels.flatMap((label) => (typeof label === "string" ? label : (label.name ?? [])));
  const markdown = [
    `# ${plainLine(issue.title)}`,
    `${what} #${issue.number}, ${plainLine(state + reason)}${labels.length === 0 ? "" : `. Labels: ${plainLine(labels.join(", "))}`}.`,
    ...[issue, ...comments].flatMap((post, index) => [
      `## ${index === 0 ? "Opened" : "Comment"} by ${authorOf(post)} on ${plainLine(post.created_at.slice(0, 10))}`,
      lowerMarkdownHeadings(post.body ?? ""),
    ]),
  ].join("\n\n");
  const found = await tools.text(toDocument(markdown, "text/markdown", issue.html_url), signal);
  const left = issue.comments - comments.length;
  const isAnswered = [issue, ...comments].some((post) => MAINTAINERS.has(post.author_association));
  return {
    ...found,
    title: cleanTitle(issue.title),
    commit: null,
    canonical: issue.html_url,
    ...(isAnswered ? { authority: "maintainer" as const } : {}),
    attribution: `By ${authorOf(issue)} and others on GitHub.`,
    warnings: [
      ...found.warnings,
      ...(left > 0 ? [`The last ${left} of ${issue.comments} comments were not read.`] : []),
    ],
  };
}

/** The author's name, and whether it is one who speaks for the project. */
function authorOf({ user, author_association: role }: z.infer<typeof Post>): string {
  return `${plainLine(cleanName(user?.login))}${MAINTAINERS.has(role) ? ` (${role.toLowerCase()})` : ""}`;
}

/** A text as a line of Markdown that is nothing but this text. */
function plainLine(text: string): string {
  return collapseWhitespace(text).replace(/[\\`*_[\]<>#|~]/g, "\\$&");
}

async function readRelease(
  base: string,
  tag: string,
  tools: ServicePageTools,
  signal: AbortSignal,
): Promise<Reading> {
  const path = `${base}/releases/tags/${encodePath(tag)}`;
  const release = await askGithub(path, readJson(Release), accessOf(tools), signal);
  const title = `${base.replace("/repos/", "")} ${cleanTitle(release.name ?? "") || cleanTitle(release.tag_name)}`;
  const published = release.published_at == null ? "" : `, published on ${release.published_at.slice(0, 10)}`;
  const markdown = [
    `# ${plainLine(title)}`,
    `Release ${plainLine(release.tag_name + published)}.`,
    release.body ?? "",
  ].join("\n\n");
  const found = await tools.text(toDocument(markdown, "text/markdown", release.html_url), signal);
  return {
    ...found,
    title,
    commit: null,
    canonical: release.html_url,
    attribution: `By ${cleanName(release.author?.login)} on GitHub.`,
  };
}

async function readReadme(base: string, tools: ServicePageTools, signal: AbortSignal): Promise<Reading> {
  const { path } = await askGithub(`${base}/readme`, readJson(Readme), accessOf(tools), signal);
  return readFile(base, "HEAD", path, tools, signal);
}

const Sha = z.string().regex(/^[0-9a-f]{40,64}$/);

async function readFile(
  base: string,
  ref: string,
  path: string,
  tools: ServicePageTools,
  signal: AbortSignal,
): Promise<Reading> {
  const access = accessOf(tools);
  const sha = Sha.safeParse(ref).success
    ? ref
    : await askGithub(
        `${base}/commits/${encodeURIComponent(ref)}`,
        (body) => Sha.parse(body.trim()),
        access,
        signal,
        "application/vnd.github.sha",
      );
  const text = await askGithub(
    `${base}/contents/${encodePath(path)}?ref=${sha}`,
    (body) => body,
    access,
    signal,
    "application/vnd.github.raw+json",
  );
  const repository = base.replace("/repos/", "");
  const address = `https://github.com/${repository}/blob/${sha}/${encodePath(path)}`;
  const found = await tools.text(toDocument(text, "", address), signal);
  return { ...found, title: `${repository} ${path}`, commit: null, canonical: address, address };
}
