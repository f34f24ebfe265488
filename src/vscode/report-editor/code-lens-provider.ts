import * as vscode from "vscode";
import { summarizeCheck, type CheckedText } from "../../app/check-report.js";
import type { CheckedDocuments } from "./checked-documents.js";
import { markOwn } from "../command-callers.js";
import { OPEN_CITATION } from "./hover-provider.js";

const REFRESH = "deepResearch.refreshReport";

/** Above the title: the number of verified citations, and what can be done with the report. */
export function createReportCodeLensProvider(
  context: vscode.ExtensionContext,
  reports: CheckedDocuments,
): vscode.CodeLensProvider {
  const manifest = context.extension.packageJSON as { contributes: { commands: { command: string }[] } };
  const canRefresh = manifest.contributes.commands.some(({ command }) => command === REFRESH);
  const changed = new vscode.EventEmitter<void>();
  context.subscriptions.push(
    changed,
    reports.onDidCheck(() => changed.fire()),
  );
  return {
    onDidChangeCodeLenses: changed.event,
    provideCodeLenses: async (document) => {
      // While the user types, keep the last lens: one that appears and disappears would move the text.
      const checked = reports.last(document.uri) ?? (await reports.of(document));
      const title = checked?.read.lines.title ?? null;
      if (checked === null || title === null) return [];
      const { uri } = document;
      const at = new vscode.Range(title - 1, 0, title - 1, 0);
      const sources = checked.read.sources.size;
      const lens = (label: string, tooltip: string, command: string, ...args: unknown[]): vscode.CodeLens =>
        new vscode.CodeLens(at, { title: label, tooltip, command, arguments: args });
      return [
        outcome(checked),
        lens(
          vscode.l10n.t("Verify"),
          vscode.l10n.t("Re-check every citation"),
          "deepResearch.verifyReport",
          uri,
        ),
        ...(canRefresh
          ? [
              lens(
                vscode.l10n.t("Refresh"),
                vscode.l10n.t("Re-read the sources and show what changed"),
                REFRESH,
                markOwn(uri),
              ),
            ]
          : []),
        lens(
          sources === 1 ? vscode.l10n.t("1 source") : vscode.l10n.t("{0} sources", sources),
          vscode.l10n.t("Go to the list of sources"),
          OPEN_CITATION,
          { report: uri.toString(), n: "", at: "sources" },
        ),
      ];

      function outcome(found: CheckedText): vscode.CodeLens {
        const { failed, all, others } = summarizeCheck(found);
        const verified = all - failed;
        const summary =
          failed + others === 0
            ? `$(pass)\u00a0${vscode.l10n.t("{0} of {1} citations verified", verified, all)}`
            : `$(error)\u00a0${vscode.l10n.t("{0} of {1} citations verified", verified, all)}`;
        const uncheckable =
          found.grounded === 0 ? "" : `, ${vscode.l10n.t("{0} cannot be checked", found.grounded)}`;
        const otherProblems =
          others === 0
            ? ""
            : `, ${others === 1 ? vscode.l10n.t("1 other problem") : vscode.l10n.t("{0} other problems", others)}`;
        return lens(
          summary + uncheckable + otherProblems,
          vscode.l10n.t("Show the findings"),
          "workbench.actions.view.problems",
        );
      }
    },
  };
}
