import path from "node:path";
import * as vscode from "vscode";
import * as z from "zod";
import type { CheckedText } from "../../app/check-report.js";
import { WindowProblem } from "../errors.js";
import type { CheckedDocuments } from "./checked-documents.js";
import { findOutsideTarget } from "./outside-links.js";
import { rangeOfOffsets } from "./locations.js";
import { allowedLinkRoots } from "./link-roots.js";
import { toDiskPath } from "../virtual/virtual-paths.js";

/*
 * Snapshots as read-only documents: only the text that was read, without the file's metadata. The address
 * contains the report and the hash, and the content is what the report's own link points to.
 */

export const SNAPSHOT_SCHEME = "deep-research-snapshot";

const Query = z.object({ report: z.string(), sha256: z.string().regex(/^[0-9a-f]{64}$/) });

interface QuoteInSnapshot {
  n: string;
  range: vscode.Range;
}

/** The address of a source's snapshot; null if it has no valid one. */
export function snapshotUri(
  report: vscode.Uri,
  { read, snapshots }: CheckedText,
  number: number,
): vscode.Uri | null {
  const source = read.sources.get(number);
  if (source?.snapshot == null || !snapshots.has(number)) return null;
  if (
    findOutsideTarget(source.snapshot.path, toDiskPath(report) ?? report.fsPath, allowedLinkRoots(report)) !==
    null
  )
    return null;
  const name = source.file === null ? `${source.title || "page"}.md` : path.posix.basename(source.file.path);
  const { sha256 } = source.snapshot;
  return vscode.Uri.from({
    scheme: SNAPSHOT_SCHEME,
    path: `/${readName(name, source.readOn)}`,
    query: JSON.stringify({ report: report.toString(), sha256 }),
  });
}

/** The tab's name, such as "ledger (read on 2026-11-22).md"; its extension sets the language. */
function readName(name: string, readOn: string | null): string {
  const { name: base, ext } = path.posix.parse(name.replace(/[\\/\s]+/g, " ").trim());
  const suffix = readOn === null ? vscode.l10n.t("snapshot") : vscode.l10n.t("read on {0}", readOn);
  return `${base.slice(0, 60)} (${suffix})${ext}`;
}

/** Shows snapshots and finds the report's quotes in them. */
export interface SnapshotDocuments {
  dispose(): void;
  /** The quotes in a snapshot document, in the order of the report; empty for other documents. */
  quotesIn(uri: vscode.Uri): Promise<QuoteInSnapshot[]>;
  /** Opens a snapshot at a quote. @throws WindowProblem if it cannot be shown */
  show(
    report: vscode.Uri,
    checked: CheckedText,
    source: number,
    quote: number | null,
    column: vscode.ViewColumn,
  ): Promise<vscode.TextEditor>;
}

export function createSnapshotDocuments(reports: CheckedDocuments): SnapshotDocuments {
  const provider = vscode.workspace.registerTextDocumentContentProvider(SNAPSHOT_SCHEME, {
    provideTextDocumentContent: async (uri) => {
      const found = await find(uri);
      return (
        found?.text ??
        vscode.l10n.t(
          "This snapshot cannot be shown: it is missing, it has been changed, or its report no longer refers to it.",
        )
      );
    },
  });
  return { quotesIn, show, dispose: () => void provider.dispose() };

  async function quotesIn(uri: vscode.Uri): Promise<QuoteInSnapshot[]> {
    return (await find(uri))?.quotes ?? [];
  }

  async function find(uri: vscode.Uri): Promise<{ text: string; quotes: QuoteInSnapshot[] } | null> {
    const query = Query.safeParse(parsed(uri.query));
    if (!query.success) return null;
    const report = vscode.Uri.parse(query.data.report, true);
    if (toDiskPath(report) === null) return null;
    try {
      const document = await vscode.workspace.openTextDocument(report);
      const checked = await reports.of(document);
      const number = [...(checked?.read.sources ?? [])].find(
        ([, { snapshot }]) => snapshot?.sha256 === query.data.sha256,
      )?.[0];
      const text = number === undefined ? undefined : checked?.snapshots.get(number);
      if (checked === null || number === undefined || text === undefined) return null;
      if (snapshotUri(report, checked, number) === null) return null;
      const quotes = [...checked.quotes].flatMap(([n, { inSnapshot }]): QuoteInSnapshot[] =>
        inSnapshot !== null && n.startsWith(`${number}.`)
          ? [{ n, range: rangeOfOffsets(text, inSnapshot.start, inSnapshot.end) }]
          : [],
      );
      return { text, quotes };
    } catch {
      return null;
    }
  }

  async function show(
    report: vscode.Uri,
    checked: CheckedText,
    source: number,
    quote: number | null,
    viewColumn: vscode.ViewColumn,
  ): Promise<vscode.TextEditor> {
    const uri = snapshotUri(report, checked, source);
    if (uri === null) {
      throw new WindowProblem(
        "no-snapshot",
        vscode.l10n.t(
          "The snapshot of source {0} is missing or has been changed, so it cannot be shown.",
          source,
        ),
      );
    }
    const quotes = await quotesIn(uri);
    const at = quotes.find(({ n }) => n === `${source}.${quote ?? 1}`)?.range;
    return vscode.window.showTextDocument(uri, {
      preview: true,
      viewColumn,
      ...(at === undefined ? {} : { selection: at }),
    });
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
