import * as vscode from "vscode";
import type { Finding } from "../../core/report/findings.js";
import { isReport, isTooLarge, type CheckedDocuments } from "./checked-documents.js";
import { hasMissingFile, createRetrySchedule } from "./retry-missing-files.js";
import { toRange } from "./locations.js";
import { describeProblem } from "../../core/report/findings.js";
import { localizeText } from "../l10n/localize.js";
import { watchFiles } from "./watch-files.js";

/** The source of our diagnostics. */
export const DIAGNOSTIC_SOURCE = "Deep Research";

/** Milliseconds after the last keystroke. */
const PAUSE = 400;

/** Shows the findings for open reports: on open, on edit, and when a file they depend on changes. */
export function createDiagnostics(reports: CheckedDocuments): vscode.Disposable {
  const shown = vscode.languages.createDiagnosticCollection("deepResearch");
  const waiting = new Map<string, NodeJS.Timeout>();
  const looks = createRetrySchedule();

  const soon = (document: vscode.TextDocument, pause = PAUSE): void => {
    const key = document.uri.toString();
    clearTimeout(waiting.get(key));
    waiting.set(
      key,
      setTimeout(() => {
        waiting.delete(key);
        void reports.of(document);
      }, pause),
    );
  };
  const stop = ({ uri }: vscode.TextDocument): void => {
    clearTimeout(waiting.get(uri.toString()));
    waiting.delete(uri.toString());
    looks.stop(uri.toString());
    shown.delete(uri);
  };
  /** While a visible report has missing files, it is checked again automatically. */
  const lookAgain = (uri: vscode.Uri): void => {
    const key = uri.toString();
    const visibleEditor = vscode.window.visibleTextEditors.find(
      ({ document }) => document.uri.toString() === key,
    );
    if (visibleEditor === undefined || !hasMissingFile(reports.last(uri)?.findings ?? [])) looks.stop(key);
    else looks.later(key, () => void reports.again(visibleEditor.document));
  };
  const touched = (isTouched: (file: string) => boolean): void => {
    for (const document of vscode.workspace.textDocuments) {
      // A running check may have read the old state.
      void reports.latest(document.uri)?.then((checked) => {
        if (checked?.files.some(isTouched) === true) void reports.again(document);
      });
    }
  };
  const listeners: { dispose(): unknown }[] = [
    shown,
    watchFiles(touched),
    vscode.workspace.onDidOpenTextDocument((document) => {
      if (isReport(document)) soon(document, 0);
    }),
    vscode.workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
      if (contentChanges.length === 0) return;
      if (isReport(document)) soon(document);
      else if (shown.has(document.uri)) stop(document);
    }),
    vscode.workspace.onDidCloseTextDocument(stop),
    looks,
    vscode.window.onDidChangeVisibleTextEditors((editors) => {
      for (const { document } of editors) if (isReport(document)) lookAgain(document.uri);
    }),
    reports.onDidCheck((uri) => {
      const checked = reports.last(uri);
      if (checked === null && isLargeReport(uri)) shown.set(uri, [tooLarge()]);
      else if (checked === null) shown.delete(uri);
      else
        shown.set(
          uri,
          checked.findings.map((each) => toDiagnostic(uri, each)),
        );
      lookAgain(uri);
    }),
  ];
  for (const document of vscode.workspace.textDocuments) if (isReport(document)) soon(document, 0);
  return vscode.Disposable.from(...listeners, new vscode.Disposable(() => waiting.forEach(clearTimeout)));
}

const SEVERITIES = {
  error: vscode.DiagnosticSeverity.Error,
  warning: vscode.DiagnosticSeverity.Warning,
  information: vscode.DiagnosticSeverity.Information,
};

function isLargeReport(uri: vscode.Uri): boolean {
  const document = vscode.workspace.textDocuments.find((each) => each.uri.toString() === uri.toString());
  return document?.isClosed === false && isReport(document) && isTooLarge(document);
}

function tooLarge(): vscode.Diagnostic {
  const diagnostic = new vscode.Diagnostic(
    new vscode.Range(0, 0, 0, 3),
    vscode.l10n.t("This report is too large to check here. Use “Verify Report”."),
    vscode.DiagnosticSeverity.Warning,
  );
  diagnostic.source = DIAGNOSTIC_SOURCE;
  diagnostic.code = "too-large";
  return diagnostic;
}

function toDiagnostic(uri: vscode.Uri, finding: Finding): vscode.Diagnostic {
  const diagnostic = new vscode.Diagnostic(
    toRange(finding),
    localizeText(describeProblem(finding)),
    SEVERITIES[finding.severity],
  );
  diagnostic.source = DIAGNOSTIC_SOURCE;
  diagnostic.code = finding.kind;
  if (finding.quoteAt !== null) {
    const place = new vscode.Location(uri, toRange(finding.quoteAt));
    diagnostic.relatedInformation = [
      new vscode.DiagnosticRelatedInformation(place, vscode.l10n.t("The quote that is cited")),
    ];
  }
  return diagnostic;
}
