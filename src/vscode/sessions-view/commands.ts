import { isLocalLocation } from "../../core/domain/schema.js";
import { formatMessage } from "../../common/messages.js";
import * as vscode from "vscode";
import * as z from "zod";
import { archiveChosenSessions, unarchiveSession } from "../../app/archive.js";
import {
  deleteListedSession,
  findSessionsToDelete,
  locateSession,
  locateSnapshot,
  MAX_NAME_LENGTH,
  renameSession,
  type ListedSession,
} from "../../app/sessions.js";
import type { EngineConfig } from "../../app/types.js";
import { isInside } from "../../common/files.js";
import type { Commands } from "../command-ids.js";
import { isOwnArgument } from "../command-callers.js";
import { loadWorkspaceConfig } from "../workspace-config.js";
import { askForText, showWarning } from "../show-messages.js";
import { WindowProblem } from "../errors.js";
import { openReport } from "../reports/open-report.js";
import { openReportView } from "../report-view/view-column.js";
import type { RunController } from "../runs/run-controller.js";
import { localizeText } from "../l10n/localize.js";
import { chosenSession } from "./command-targets.js";
import { clearFilter, filterSessions } from "./filter-sessions.js";
import type { SessionQuote } from "../../app/session-quotes.js";
import type { MoreNode, QuoteNode, SourceNode } from "./nodes.js";
import { openAtQuote, quotesOfSource } from "./source-quotes.js";
import { confirmDelete, DeleteAnswer, deleteToTrash, type SessionToDelete } from "./delete-sessions.js";
import type { SessionsView } from "./sessions-view.js";
import { groupByFolder, resolveSession } from "./resolve-sessions.js";

type Own =
  | "openReport"
  | "resumeSession"
  | "revealSession"
  | "renameSession"
  | "archiveSession"
  | "unarchiveSession"
  | "deleteSession"
  | "filterSessions"
  | "clearFilter"
  | "showMoreSessions"
  | "showSession"
  | "openSource"
  | "openSnapshot"
  | "openPage";

/** Commands on sessions, in the view and elsewhere. */
export function sessionCommands(
  view: SessionsView,
  runs: RunController,
  log: vscode.LogOutputChannel,
): Pick<Commands, `deepResearch.${Own}`> {
  return {
    "deepResearch.openReport": async (argument) => {
      if (argument instanceof vscode.Uri) {
        await openReportView(argument);
        return undefined;
      }
      const { folder, listed } = await resolveSession(argument);
      if (listed.report === null) {
        throw new WindowProblem("no-report", vscode.l10n.t("This session has no report yet."));
      }
      // A click on a row leaves the keys with the view, as in the explorer.
      const preserveFocus = z.object({ keepsFocus: z.literal(true) }).safeParse(argument).success;
      await openReport(folder.uri, listed.report, { preserveFocus });
      return listed.report;
    },
    "deepResearch.resumeSession": (argument) => runs.resume(argument),
    "deepResearch.revealSession": async (argument) => {
      const { folder, config, id } = await resolveSession(argument);
      const uri = vscode.Uri.file(await locateSession(config, id));
      const isInExplorer = vscode.workspace.getWorkspaceFolder(uri)?.uri.toString() === folder.uri.toString();
      await vscode.commands.executeCommand(isInExplorer ? "revealInExplorer" : "revealFileInOS", uri);
      return uri.fsPath;
    },
    "deepResearch.renameSession": async (passed) => {
      const argument = passed ?? view.selected()[0];
      const { folder, config, id, listed } = await resolveSession(argument);
      const given = z.object({ name: z.string() }).safeParse(argument);
      const name = given.success ? given.data.name : await askForName(listed);
      if (name === undefined) return undefined;
      await renameSession(config.settings.sessionStoragePath, id, name, new Date());
      await view.update(folder, [id]);
      return name;
    },
    "deepResearch.archiveSession": async (argument, selected) => {
      for (const { config, ids } of await groupByFolder(argument, selected)) {
        await archive(config, ids, log).finally(() => view.refresh());
      }
    },
    "deepResearch.unarchiveSession": async (argument, selected) => {
      for (const { config, ids } of await groupByFolder(argument, selected)) {
        for (const id of ids)
          await unarchiveSession(config.settings.sessionStoragePath, id, new AbortController().signal);
        view.refresh();
      }
    },
    "deepResearch.deleteSession": async (passed, several) => {
      // A key of the view passes nothing: it applies to what is selected there.
      const argument = passed ?? view.selected()[0];
      const selected = passed === undefined ? view.selected() : several;
      const toRemove: SessionToDelete[] = [];
      for (const { config, ids } of await groupByFolder(argument, selected)) {
        for (const listed of await findSessionsToDelete(config, ids)) toRemove.push({ config, listed });
      }
      // Only a test, in place of a user, passes the answer.
      const confirmed = DeleteAnswer.safeParse(isOwnArgument(argument) ? argument : undefined);
      const report = confirmed.success ? confirmed.data.report : await confirmDelete(toRemove);
      if (report === undefined) return undefined;
      try {
        for (const { config, listed } of toRemove)
          await deleteListedSession(config, listed, report === "delete", deleteToTrash);
      } finally {
        view.refresh();
      }
      return toRemove.map(({ listed }) => listed.id);
    },
    "deepResearch.filterSessions": (argument) => filterSessions(view, argument),
    "deepResearch.clearFilter": () => clearFilter(view),
    "deepResearch.showMoreSessions": (node) => {
      if (isMore(node)) view.tree.more(node);
      return Promise.resolve();
    },
    "deepResearch.showSession": (argument) => view.show(chosenSession(argument)?.id),
    "deepResearch.openSource": async (node) => {
      if (isSource(node)) await openSource(node);
    },
    "deepResearch.openSnapshot": async (node) => {
      if (isSource(node)) await openSnapshot(node);
    },
    "deepResearch.openPage": async (node) => {
      if (isSource(node) && !isLocalLocation(node.source.place)) await openPage(node.source.place.url);
    },
  };
}

/** Archives sessions without a message on success, because the view shows it. */
async function archive(config: EngineConfig, ids: string[], log: vscode.LogOutputChannel): Promise<void> {
  const { skipped } = await vscode.window.withProgress(
    { location: { viewId: "deepResearch.sessions" } },
    () =>
      archiveChosenSessions(
        config,
        { ids, olderThan: null, keep: null },
        { signal: new AbortController().signal },
      ),
  );
  for (const { id, why } of skipped) log.warn(`Not archived: ${id}: ${formatMessage(why)}.`);
  const [first, ...more] = skipped;
  if (first === undefined) return;
  const showLog = vscode.l10n.t("Show Log");
  const message =
    more.length === 0
      ? vscode.l10n.t("The session was not archived: {0}.", localizeText(first.why))
      : vscode.l10n.t("{0} sessions were not archived.", skipped.length);
  void showWarning(message, showLog).then((chosen) => {
    if (chosen === showLog) log.show();
  });
}

function askForName({ name, question }: ListedSession): Thenable<string | undefined> {
  return askForText({
    title: vscode.l10n.t("Deep Research: Rename Session"),
    prompt: vscode.l10n.t("The question itself does not change. Leave empty to remove the name."),
    value: name ?? question,
    placeHolder: question,
    validateInput: (text) =>
      text.trim().length > MAX_NAME_LENGTH
        ? vscode.l10n.t("The name can have at most {0} characters.", MAX_NAME_LENGTH)
        : undefined,
  });
}

const isMore = (node: unknown): node is MoreNode =>
  z.object({ kind: z.literal("more") }).safeParse(node).success;
const isSource = (node: unknown): node is SourceNode | QuoteNode =>
  z.object({ kind: z.enum(["source", "quote"]) }).safeParse(node).success;

/** Opens the workspace file; otherwise the snapshot; otherwise the page. */
async function openSource(node: SourceNode | QuoteNode): Promise<void> {
  const { place, sha256 } = node.source;
  const file = place.kind === "workspace" ? place.path : place.kind === "package" ? place.file : null;
  if (file !== null) {
    const uri = vscode.Uri.joinPath(node.session.folder.uri, file);
    const exists = await vscode.workspace.fs.stat(uri).then(
      () => true,
      () => false,
    );
    const isOurs = await isInside(uri.fsPath, node.session.folder.uri.fsPath);
    if (isOurs && (exists || sha256 === null)) await openAtQuote(uri, await firstQuote(node));
    else await openSnapshot(node);
  } else if (sha256 !== null || isLocalLocation(place)) await openSnapshot(node);
  else await openPage(place.url);
}

/** Journals are untrusted, so only web addresses are opened. */
async function openPage(url: string): Promise<void> {
  if (/^https?:\/\//i.test(url)) await vscode.env.openExternal(vscode.Uri.parse(url, true));
}

/** The quote of the node, or the first one of its source. */
async function firstQuote(node: SourceNode | QuoteNode): Promise<SessionQuote | undefined> {
  return node.kind === "quote" ? node.quote : (await quotesOfSource(node))[0];
}

async function openSnapshot(node: SourceNode | QuoteNode): Promise<void> {
  const { session, source } = node;
  if (source.sha256 === null) return;
  const config = await loadWorkspaceConfig(session.folder, null);
  const file = locateSnapshot(config, session.id, source.sha256);
  if (file === null) return;
  await openAtQuote(vscode.Uri.file(file), await firstQuote(node));
}
