import { msg } from "../common/messages.js";
import { toResearchError } from "../common/errors.js";
import { createReportChecker, type ReportChecker } from "./report-checker.js";
import type { CheckAnswer, CheckRequest } from "./report-check-thread.js";
import { createCurrentSources } from "./current-sources.js";
import { openWorkspaceFiles } from "./workspace-files.js";

/** Checkers with their caches, by the folders that they are for. */
const checksByRoot = new Map<string, ReportChecker>();

/** Checks a report on the worker thread, with a cache shared between checks. Never throws. */
export async function checkOnThread(request: CheckRequest): Promise<CheckAnswer> {
  const { root, workspace, sessions, markdown, file } = request;
  try {
    const key = JSON.stringify([root, workspace, sessions]);
    let checks = checksByRoot.get(key);
    if (checks === undefined) {
      const places = {
        workspace,
        sessions: () => Promise.resolve(sessions),
        readSource: createCurrentSources(root),
      };
      checks = createReportChecker(openWorkspaceFiles(root).read, places);
      checksByRoot.set(key, checks);
    }
    return { ok: true, checked: await checks.check(markdown, file, new AbortController().signal) };
  } catch (error) {
    // Errors lose their class between threads, so they are passed as plain data.
    const { code, what, remedy } = toResearchError(error, "bad-report", msg`${file} could not be checked`);
    return { ok: false, code, what, remedy };
  }
}
