import * as z from "zod";
import type { Search, SearchHit, SearchTraits } from "../../core/domain/ports.js";
import { NO_USAGE, type Question } from "../../core/domain/schema.js";
import { askGithub, type GithubAccess } from "../../reading/services/github-api.js";
import { readJson } from "../../reading/services/service-request.js";
import type { SearchProvider } from "../search-provider.js";
import { readResults, toSearchHits } from "../web-services/search-hits.js";
import { cutQuery } from "../web-services/web-search.js";
import { findRepository } from "./find-repository.js";

const githubTraits: SearchTraits = {
  id: "github",
  kind: "hits",
  cost: { tokens: false, perCall: null },
  usesQueryVariants: false,
  keeps: "hits",
  covers: "issues",
};

export const githubProvider: SearchProvider = {
  ...githubTraits,
  scope: "web",
  feature: "githubSearch",
  isConfigured: ({ settings }) => (settings.webSearches ?? []).includes("github"),
  open: ({ settings, keys, asked }) =>
    createGithubSearch({ token: keys.github ?? null, contact: settings.contact ?? "" }, asked.question),
};

const Found = z.object({ items: z.array(z.unknown()) });
const FoundIssue = z.object({ html_url: z.string(), title: z.string() });
const FoundRepository = z.object({ full_name: z.string(), html_url: z.string() });
const FoundRelease = z.object({ html_url: z.string(), tag_name: z.string(), name: z.string().nullish() });

/** GitHub's own limit, without the qualifiers, is 256 characters. */
const LONGEST_QUERY = 200;
const MAX_PER_PAGE = 50;
/** Repositories whose README is proposed where the question names none. */
const REPOSITORIES = 2;
const RELEASES = 30;
const ABOUT_RELEASES =
  /\b(?:releases?|changelog|changed?|breaking|upgrad\w*|migrat\w*|versions?|deprecat\w*)\b|\bv?\d+\.\d+/i;

/**
 * Searches issues and pull requests. In a repository that the question names, also its README and, where the question is
 * about versions, its releases; else the READMEs of the repositories that fit the user's own question best.
 */
function createGithubSearch(access: GithubAccess, asked: string): Search {
  const searchIssues = async (
    words: string,
    qualifier: string,
    limit: number,
    signal: AbortSignal,
  ): Promise<SearchHit[]> => {
    const found: SearchHit[] = [];
    const size = Math.min(limit, MAX_PER_PAGE);
    for (let page = 1; found.length < limit; page++) {
      const query = new URLSearchParams({
        q: `${words} ${qualifier}`,
        per_page: `${size}`,
        page: `${page}`,
        // By meaning, too, for those with a token. GitHub goes back to words where it cannot.
        ...(access.token === null ? {} : { search_type: "hybrid" }),
      });
      const { items } = await askGithub(
        `/search/issues?${query.toString()}`,
        readJson(Found),
        access,
        signal,
      );
      const results = readResults(items, FoundIssue);
      found.push(...toSearchHits(results.map(({ html_url: url, title }) => ({ url, title }))));
      if (items.length < size) break;
    }
    return found.slice(0, limit);
  };
  const searchRepositories = async (words: string, signal: AbortSignal): Promise<SearchHit[]> => {
    const query = new URLSearchParams({
      q: words,
      sort: "stars",
      order: "desc",
      per_page: `${REPOSITORIES}`,
    });
    const path = `/search/repositories?${query.toString()}`;
    const { items } = await askGithub(path, readJson(Found), access, signal);
    return toSearchHits(
      readResults(items, FoundRepository).map(({ html_url: url, full_name: title }) => ({ url, title })),
    );
  };
  const listReleases = async (
    repository: string,
    question: string,
    signal: AbortSignal,
  ): Promise<SearchHit[]> => {
    const path = `/repos/${repository}/releases?per_page=${RELEASES}`;
    const releases = await askGithub(path, readJson(z.array(z.unknown())), access, signal);
    return toSearchHits(
      rankReleases(readResults(releases, FoundRelease), question).map(
        ({ html_url: url, tag_name, name }) => ({
          url,
          title: `${repository} ${name ?? tag_name}`,
        }),
      ),
    );
  };
  return {
    ...githubTraits,
    async search(question, limit, signal) {
      const words = searchWordsOf(question.query);
      const text = `${asked} ${question.question}`;
      const repository = findRepository(text);
      const scope = repository === null ? "" : ` repo:${repository}`;
      const half = Math.ceil(limit / 2);
      const issues = await searchIssues(words, `is:issue${scope}`, half, signal);
      const pulls =
        limit > 1 ? await searchIssues(words, `is:pull-request${scope}`, limit - half, signal) : [];
      const others =
        repository === null
          ? isOwnQuestion(question)
            ? await searchRepositories(words, signal)
            : []
          : [
              ...toSearchHits([{ url: `https://github.com/${repository}`, title: `${repository} README` }]),
              ...(ABOUT_RELEASES.test(text) ? await listReleases(repository, text, signal) : []),
            ];
      const hits = interleaveHits([others, issues, pulls]).slice(0, limit);
      return { value: { hits, grounded: null }, usage: NO_USAGE, by: "GitHub" };
    },
  };
}

/** The user's own question is q0; each further search would count against ten a minute. */
function isOwnQuestion({ id }: Question): boolean {
  return id === "q0";
}

/** The query without what GitHub would take for a qualifier or an operator, of which it allows five. */
function searchWordsOf(query: string): string {
  const words = query
    .replace(/[:"()]/g, " ")
    .replace(/(^|\s)-+/g, "$1")
    .replace(/\b(?:AND|OR|NOT)\b/g, (operator) => operator.toLowerCase());
  return cutQuery(words, LONGEST_QUERY);
}

/** Releases that the question names come first, the others newest first. */
function rankReleases<T extends { tag_name: string }>(releases: readonly T[], question: string): T[] {
  const isNamed = ({ tag_name: tag }: T): boolean => {
    const version = tag.match(/[\d.]+/g)?.find((each) => /\d\.\d/.test(each));
    return version !== undefined && question.includes(version);
  };
  return [...releases].sort((a, b) => Number(isNamed(b)) - Number(isNamed(a))).slice(0, 5);
}

function interleaveHits(lists: SearchHit[][]): SearchHit[] {
  const longest = Math.max(0, ...lists.map((list) => list.length));
  return Array.from({ length: longest }, (_, rank) =>
    lists.flatMap((list) => list.slice(rank, rank + 1)),
  ).flat();
}
