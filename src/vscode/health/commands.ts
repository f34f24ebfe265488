import * as vscode from "vscode";
import {
  checkHealth,
  type HealthCheck,
  type HealthReport,
  type HealthInput,
} from "../../app/health/check-health.js";
import { readEditorHealthInput } from "../../app/health/read-input.js";
import { createDiagnosticReport } from "../../app/diagnostic-report.js";
import { findSessionsFolder, YAML_FILE } from "../../app/load-config.js";
import { readErrorRecords } from "../../app/statistics.js";
import type { Commands } from "../command-ids.js";
import { readSettingsUi } from "../settings-ui.js";
import { renderHealthPage } from "./health-page.js";
import type { ApiKeyStore } from "../api-key.js";
import { readStoredServiceKeys } from "../service-keys.js";
import { showInformation, showWarning, withProgress } from "../show-messages.js";
import { windowLocalizer } from "../l10n/localize.js";
import { openDiskFolder } from "../virtual/virtual-folders.js";
import { isUsableFolder } from "../virtual/virtual-paths.js";
import { abortAfter } from "../../common/abort.js";

/** The health page is a read-only virtual document, shown in the Markdown preview. */
const SCHEME = "deep-research-health";
const DIAGNOSTIC_REPORT = "/diagnostic-report.md";
/** Time limit for all checks together, in milliseconds. */
const PATIENCE = 30_000;

/** “Check Health” must work without a folder, trust or network, and with invalid settings. */
export function healthCommands(
  context: vscode.ExtensionContext,
  key: ApiKeyStore,
  log: vscode.LogOutputChannel,
): Pick<Commands, "deepResearch.checkHealth" | "deepResearch.copyDiagnosticReport"> {
  const changed = new vscode.EventEmitter<vscode.Uri>();
  let page = "";
  let diagnosticReport = "";
  context.subscriptions.push(
    changed,
    vscode.workspace.registerTextDocumentContentProvider(SCHEME, {
      onDidChange: changed.event,
      provideTextDocumentContent: ({ path }) => (path === DIAGNOSTIC_REPORT ? diagnosticReport : page),
    }),
  );

  return {
    "deepResearch.checkHealth": async () => {
      const folder = await pickFolder();
      if (folder === "dismissed") return undefined;
      const health = await withProgress(
        vscode.l10n.t("Checking the health of Deep Research"),
        async (cancelled) => {
          const signal = abortAfter(PATIENCE, cancelled);
          const found = await checkHealth(
            await readHealthInput(context, key, folder),
            signal,
            windowLocalizer,
          );
          return cancelled.aborted ? undefined : found;
        },
      );
      if (health === undefined) return undefined;
      for (const { state, title, detail } of health.checks) {
        if (state !== "ok") log.warn(`${title}: ${detail}`);
      }
      page = renderHealthPage(health, windowLocalizer, folder?.name ?? null);
      const uri = vscode.Uri.from({
        scheme: SCHEME,
        path: `/${vscode.l10n.t("Deep Research Health")}.md`,
      });
      changed.fire(uri);
      await vscode.commands.executeCommand("markdown.showPreview", uri);
      void offerFix(health, folder);
      return health;
    },
    "deepResearch.copyDiagnosticReport": async () => {
      const folder = await pickFolder();
      if (folder === "dismissed") return undefined;
      const report = await withProgress(
        vscode.l10n.t("Creating the diagnostic report"),
        async (cancelled) => {
          const made = await makeDiagnosticReport(context, key, folder, cancelled);
          return cancelled.aborted ? undefined : made;
        },
      );
      if (report === undefined) return undefined;
      diagnosticReport = report;
      const uri = vscode.Uri.from({ scheme: SCHEME, path: DIAGNOSTIC_REPORT });
      changed.fire(uri);
      await vscode.window.showTextDocument(await vscode.workspace.openTextDocument(uri));
      const copy = vscode.l10n.t("Copy");
      const question = vscode.l10n.t(
        "This is the diagnostic report. It contains no questions, paths or setting values. Copy it?",
      );
      if ((await showInformation(question, copy)) !== copy) return undefined;
      await vscode.env.clipboard.writeText(report);
      return report;
    },
  };
}

async function makeDiagnosticReport(
  context: vscode.ExtensionContext,
  key: ApiKeyStore,
  folder: vscode.WorkspaceFolder | null,
  cancelled: AbortSignal,
): Promise<string> {
  const input = await readHealthInput(context, key, folder);
  const health = await checkHealth(input, abortAfter(PATIENCE, cancelled));
  const sessions = input.workspace === null ? null : await findSessionsFolder(input.workspace, input.places);
  const errors = sessions === null ? [] : await readErrorRecords(sessions);
  const { version, editor } = input;
  return createDiagnosticReport(health, errors, { version, editor, now: new Date() });
}

/** The only folder, or the one that the user picks; null if none is open. */
async function pickFolder(): Promise<vscode.WorkspaceFolder | null | "dismissed"> {
  const [first, ...others] = vscode.workspace.workspaceFolders ?? [];
  if (first === undefined) return null;
  if (others.length === 0) return first;
  const picked = await vscode.window.showWorkspaceFolderPick({
    placeHolder: vscode.l10n.t("Select the folder to check"),
  });
  return picked ?? "dismissed";
}

async function readHealthInput(
  context: vscode.ExtensionContext,
  key: ApiKeyStore,
  folder: vscode.WorkspaceFolder | null,
): Promise<HealthInput> {
  const { version } = context.extension.packageJSON as { version: string };
  const situation = {
    version,
    editor: { name: vscode.env.appName, version: vscode.version, remote: vscode.env.remoteName ?? null },
    workspace: folder !== null && isUsableFolder(folder) ? await openDiskFolder(folder) : null,
    trusted: vscode.workspace.isTrusted,
    layers: readSettingsUi(folder?.uri),
    key: await key.get(),
    serviceKeys: await readStoredServiceKeys(),
  };
  return readEditorHealthInput(situation, process.env);
}

/**
 * The first failed check that a command can fix gets a notification with a button, because the preview cannot
 * contain one.
 */
async function offerFix({ checks }: HealthReport, folder: vscode.WorkspaceFolder | null): Promise<void> {
  const first = checks.find(({ state, helps }) => state === "failed" && helps !== undefined);
  if (first?.helps === undefined) return;
  const { title, run } = buttonFor(first.helps, folder);
  const chosen = await showWarning(`${first.title}: ${first.detail}`, title);
  if (chosen === title) await run();
}

function buttonFor(
  helps: NonNullable<HealthCheck["helps"]>,
  folder: vscode.WorkspaceFolder | null,
): { title: string; run: () => Thenable<unknown> } {
  const command = (title: string, id: string, ...args: unknown[]) => ({
    title,
    run: () => vscode.commands.executeCommand(id, ...args),
  });
  switch (helps) {
    case "set-key":
      return command(vscode.l10n.t("Set API Key"), "deepResearch.setApiKey");
    case "settings-file": {
      const file = folder === null ? undefined : vscode.Uri.joinPath(folder.uri, YAML_FILE);
      return command(vscode.l10n.t("Open {0}", YAML_FILE), "vscode.open", file);
    }
    case "settings":
      return command(
        vscode.l10n.t("Open Settings"),
        "workbench.action.openSettings",
        "@ext:deep-research.deep-research",
      );
    case "open-folder":
      return command(vscode.l10n.t("Open Folder"), "workbench.action.files.openFolder");
    case "trust":
      return command(vscode.l10n.t("Manage Workspace Trust"), "workbench.trust.manage");
    case "resume":
      return command(vscode.l10n.t("Resume Session…"), "deepResearch.resume");
  }
}
