import * as vscode from "vscode";
import { askModal } from "../show-messages.js";
import { isSafeTarget } from "../preview/sanitize-tokens.js";
import { isReport } from "./checked-documents.js";
import { findLinkTargetRanges, type LinkTargetRange } from "./link-ranges.js";
import { findOutsideTarget } from "./outside-links.js";
import { allowedLinkRoots } from "./link-roots.js";
import { toDiskPath } from "../virtual/virtual-paths.js";

/** A link that VS Code would open without asking. */
class OutsideLink extends vscode.DocumentLink {
  constructor(
    range: vscode.Range,
    readonly report: vscode.Uri,
    /** The full path; null if the link is never opened. */
    readonly leadsTo: string | null,
  ) {
    super(range);
  }
}

/**
 * Links in the editor that leave the workspace are opened only after a confirmation that shows the full path.
 * Commands, file: addresses and network shares are never opened. Our links take precedence over VS Code's at
 * the same range.
 */
export function createOutsideLinkProvider(): vscode.DocumentLinkProvider<OutsideLink> {
  return {
    provideDocumentLinks: (document) => {
      if (!isReport(document)) return [];
      const roots = allowedLinkRoots(document.uri);
      return findLinkTargetRanges(document.getText()).flatMap((place) => linkAt(document.uri, place, roots));
    },
    resolveDocumentLink: async (link) => {
      // A link that must not be opened points to itself.
      const stays = link.report.with({
        fragment: `L${link.range.start.line + 1},${link.range.start.character + 1}`,
      });
      const { leadsTo } = link;
      link.target = leadsTo !== null && (await mayOpen(leadsTo)) ? vscode.Uri.file(leadsTo) : stays;
      return link;
    },
  };
}

function linkAt(
  report: vscode.Uri,
  { line, start, end, href }: LinkTargetRange,
  roots: string[],
): OutsideLink[] {
  const range = new vscode.Range(line, start, line, end);
  if (!isSafeTarget(href) && !/^mailto:/i.test(href) && !isPlainPath(href)) {
    const link = new OutsideLink(range, report, null);
    link.tooltip = vscode.l10n.t("Deep Research does not follow links like this in reports");
    return [link];
  }
  const leadsTo = findOutsideTarget(href, toDiskPath(report) ?? report.fsPath, roots);
  if (leadsTo === null) return [];
  const link = new OutsideLink(range, report, leadsTo);
  link.tooltip = vscode.l10n.t("Points outside the workspace: {0}", leadsTo);
  return [link];
}

/** Whether this is a workspace path without characters that need escaping in an editor. */
function isPlainPath(href: string): boolean {
  return !/[:\\]|%5c|%3a|^[/%]/i.test(href);
}

async function mayOpen(file: string): Promise<boolean> {
  const open = vscode.l10n.t("Open");
  const chosen = await askModal({
    message: vscode.l10n.t("This link in the report points outside the workspace. Open it?"),
    detail: file,
    safe: vscode.l10n.t("Cancel"),
    buttons: [open],
  });
  return chosen === open;
}
