import * as vscode from "vscode";
import * as z from "zod";
import { loadReportSession } from "../../app/report-session.js";
import type { CheckedText } from "../../app/check-report.js";
import { isSessionId } from "../../app/sessions.js";
import { isCancelled, ResearchError } from "../../common/errors.js";
import { Depth } from "../../core/domain/schema.js";
import { parseReport } from "../../core/report/parse-report.js";
import { isReport, isTooLarge } from "../report-editor/checked-documents.js";
import { openCitation } from "../report-editor/open-citation.js";
import type { ReportFeatures } from "../report-editor/register.js";
import { toRange } from "../report-editor/locations.js";
import { markOwn } from "../command-callers.js";
import { showProblem } from "../errors.js";
import { formatDollars } from "../l10n/format.js";
import { windowLocalizer } from "../l10n/localize.js";
import { formatDuration } from "../l10n/session-words.js";
import { askChoices, type AskChoices } from "../runs/ask-question.js";
import type { ApiKeyStore } from "../api-key.js";
import { loadWorkspaceConfig } from "../workspace-config.js";
import { copyReportText } from "./copy-markdown.js";
import { createReportView } from "./create-report-view.js";
import { openReportPage, type ReportPageHost } from "./report-page-host.js";
import { suggestQuestions } from "./suggested-questions.js";
import type { PageMessage, SessionViewData } from "./page-messages.js";

/** What a report view needs of the window. */
export interface ReportViewServices extends Pick<ReportFeatures, "reports" | "snapshots"> {
  context: vscode.ExtensionContext;
  key: ApiKeyStore;
  log: vscode.LogOutputChannel;
}

/** Milliseconds after an edit. */
const PAUSE = 120;
/** Milliseconds to wait for a check before the report is shown without one. */
const WAIT_FOR_CHECK = 100;
const WAIT_FOR_CHECK_AFTER_EDIT = 500;

/** Shows a report in the panel of a custom editor, and keeps it up to date until the panel is closed. */
export function showReportView(
  document: vscode.TextDocument,
  panel: vscode.WebviewPanel,
  services: ReportViewServices,
): void {
  const view = new ReportView(document, services, panel);
  panel.onDidDispose(() => view.dispose());
  void view.update(WAIT_FOR_CHECK);
  void view.loadSession();
}

class ReportView {
  private readonly page: ReportPageHost;
  private readonly closed = new AbortController();
  private readonly listeners: vscode.Disposable;
  private timer: NodeJS.Timeout | undefined;
  private checkedAt: Date | null = null;
  private updates = 0;

  constructor(
    private readonly document: vscode.TextDocument,
    private readonly services: ReportViewServices,
    private readonly panel: vscode.WebviewPanel,
  ) {
    const { context, log, reports } = services;
    this.page = openReportPage(panel.webview, context.extensionUri, log, (message) => this.receive(message));
    const key = document.uri.toString();
    this.listeners = vscode.Disposable.from(
      this.page,
      vscode.workspace.onDidChangeTextDocument(({ document: changed, contentChanges }) => {
        if (changed === document && contentChanges.length > 0) this.updateSoon();
      }),
      reports.onDidCheck((uri) => {
        if (uri.toString() !== key) return;
        this.checkedAt = new Date();
        this.updateSoon();
      }),
    );
  }

  dispose(): void {
    clearTimeout(this.timer);
    this.closed.abort();
    this.listeners.dispose();
  }

  private updateSoon(): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.update(WAIT_FOR_CHECK_AFTER_EDIT), PAUSE);
  }

  /** Shows the report as it is now. @param wait milliseconds to wait for its check before it is shown without */
  async update(wait: number): Promise<void> {
    const update = ++this.updates;
    const { document, services } = this;
    if (!isReport(document) || isTooLarge(document)) {
      this.page.send({ type: "problem", text: this.describeRefusal() });
      return;
    }
    const checking = services.reports.of(document);
    const early = await Promise.race([checking, later(wait)]);
    if (early === undefined) this.show(null);
    const checked = await checking;
    if (this.closed.signal.aborted || update !== this.updates) return;
    this.show(checked);
  }

  private show(checked: CheckedText | null): void {
    const { document } = this;
    const time = new Intl.DateTimeFormat(vscode.env.language, { timeStyle: "short" });
    const days = new Intl.DateTimeFormat(vscode.env.language, { dateStyle: "medium", timeZone: "UTC" });
    try {
      const report = createReportView(document.getText(), checked, {
        id: document.uri.toString(),
        checkedWhen: vscode.l10n.t("checked at {0}", time.format(this.checkedAt ?? new Date())),
        canRun: this.canRun(),
        l10n: windowLocalizer,
        formatDay: (day) => (Number.isNaN(Date.parse(day)) ? day : days.format(new Date(day))),
      });
      this.page.send({ type: "report", report });
    } catch (error) {
      // While the user types in the text editor, the front matter or the sources may be incomplete.
      if (!(error instanceof ResearchError)) throw error;
      this.page.send({ type: "problem", text: this.describeRefusal() });
    }
  }

  private describeRefusal(): string {
    return isReport(this.document) && isTooLarge(this.document)
      ? vscode.l10n.t("This report is too large for the report view.")
      : vscode.l10n.t("This file cannot be shown as a report: its front matter or its sources are missing.");
  }

  private folder(): vscode.WorkspaceFolder | undefined {
    return vscode.workspace.getWorkspaceFolder(this.document.uri);
  }

  private canRun(): boolean {
    return vscode.workspace.isTrusted && this.folder() !== undefined;
  }

  /** Loads cost, suggestions and the thread. A session that cannot be read leaves them out. */
  async loadSession(): Promise<void> {
    const folder = this.folder();
    const id = sessionOf(this.document);
    if (folder === undefined || id === null) return;
    try {
      const config = await loadWorkspaceConfig(folder, null);
      const loaded = await loadReportSession(config, id, this.closed.signal);
      const { data, thread, usd, milliseconds } = loaded;
      const session: SessionViewData = {
        facts: [formatDollars(usd), ...(milliseconds >= 1000 ? [formatDuration(milliseconds)] : [])],
        suggestions:
          data === null
            ? []
            : suggestQuestions(
                { plan: data.plan, gaps: data.gaps, evidence: data.report.evidence },
                windowLocalizer,
              ),
        thread: thread.map((each) => ({ ...each, isThis: each.session === id })),
        askNote: describeChoices(await this.choices()),
      };
      if (!this.closed.signal.aborted) this.page.send({ type: "session", session });
    } catch (error) {
      if (!isCancelled(error) && !(error instanceof ResearchError)) this.services.log.error(String(error));
    }
  }

  private choices(): Promise<AskChoices> {
    return askChoices(this.services.context, this.services.key);
  }

  private async receive(message: PageMessage): Promise<void> {
    try {
      await this.act(message);
    } catch (error) {
      if (!isCancelled(error)) await showProblem(error, this.services.log);
    }
  }

  private async act(message: PageMessage): Promise<void> {
    const { document } = this;
    switch (message.type) {
      case "open":
        return this.open(message.n, message.at);
      case "edit":
        return this.edit(message.key);
      case "action":
        return this.run(message.name);
      case "ask":
        if (!this.canRun()) return;
        await vscode.commands.executeCommand(
          "deepResearch.followUp",
          markOwn(vscode.Uri.parse(document.uri.toString(), true)),
          markOwn({ question: message.question, ...(await this.choices()) }),
        );
        return;
      case "session":
        if (isSessionId(message.session))
          await vscode.commands.executeCommand("deepResearch.openReport", message.session);
        return;
      default:
        // The rest belongs to a run.
        return;
    }
  }

  /** Opens the source of a citation beside the view: the file at the quote, otherwise the snapshot. */
  private async open(n: string, at: "source" | "snapshot"): Promise<void> {
    const { reports, snapshots } = this.services;
    const checked = await reports.of(this.document);
    const isInFile = checked?.quotes.get(n)?.today?.lines != null;
    const report = this.document.uri.toString();
    const where = at === "source" && isInFile ? "file" : "snapshot";
    await openCitation({ report, n, at: where }, reports, snapshots, this.besides());
  }

  /** The group beside the view: the one before it if the view stands in the last one. */
  private besides(): vscode.ViewColumn {
    const own = this.panel.viewColumn;
    const others = vscode.window.tabGroups.all.filter(({ viewColumn }) => viewColumn !== own);
    const next = others.find(({ viewColumn }) => own !== undefined && viewColumn > own) ?? others.at(-1);
    return next?.viewColumn ?? vscode.ViewColumn.Beside;
  }

  /** Opens the text editor at a sentence, where quick fixes are offered. */
  private async edit(key: number): Promise<void> {
    const sentence = parseReport(this.document.getText()).sentences[key];
    if (sentence === undefined) return;
    const range = toRange(sentence.block ?? sentence);
    // With its citations: what is wrong may be one of them.
    const last = sentence.citations.at(-1);
    const selection = last === undefined ? range : range.union(toRange(last));
    await vscode.window.showTextDocument(this.document, { selection, viewColumn: this.besides() });
  }

  private async run(name: Extract<PageMessage, { type: "action" }>["name"]): Promise<void> {
    const { document, panel } = this;
    const uri = vscode.Uri.parse(document.uri.toString(), true);
    switch (name) {
      case "verify":
        return this.verify();
      case "refresh":
        await vscode.commands.executeCommand("deepResearch.refreshReport", markOwn(uri));
        return;
      case "copy":
        return this.copy("footnotes");
      case "copy-plain":
        return this.copy("none");
      case "markdown":
        await vscode.commands.executeCommand("vscode.openWith", uri, "default", panel.viewColumn);
        return;
      case "preview":
        await vscode.commands.executeCommand("markdown.showPreview", uri);
        return;
      case "research":
        await vscode.commands.executeCommand("deepResearch.research");
    }
  }

  private async verify(): Promise<void> {
    const checked = await this.services.reports.again(this.document);
    await this.update(WAIT_FOR_CHECK_AFTER_EDIT);
    if (checked === null) return;
    const errors = checked.findings.filter(({ severity }) => severity === "error").length;
    const text =
      errors === 0
        ? vscode.l10n.t("All checks passed.")
        : errors === 1
          ? vscode.l10n.t("1 problem was found.")
          : vscode.l10n.t("{0} problems were found.", errors);
    this.page.send({ type: "announcement", text });
  }

  private async copy(citations: "footnotes" | "none"): Promise<void> {
    const markdown = this.document.getText();
    await vscode.env.clipboard.writeText(copyReportText(markdown, parseReport(markdown), citations));
    const text =
      citations === "footnotes"
        ? vscode.l10n.t("Copied as Markdown, with citations as footnotes.")
        : vscode.l10n.t("Copied as Markdown, without citations.");
    this.page.send({ type: "announcement", text });
  }
}

function later(milliseconds: number): Promise<undefined> {
  return new Promise((resolve) => setTimeout(() => resolve(undefined), milliseconds));
}

function sessionOf(document: vscode.TextDocument): string | null {
  try {
    const id = parseReport(document.getText()).fields.get("session") ?? "";
    return z.string().refine(isSessionId).safeParse(id).success ? id : null;
  } catch {
    return null;
  }
}

/** Where a follow-up question is answered from. */
function describeChoices({ depth, scope }: AskChoices): string {
  const depths: Record<Depth, string> = {
    quick: vscode.l10n.t("Quick"),
    standard: vscode.l10n.t("Standard"),
    deep: vscode.l10n.t("Deep"),
  };
  const scopes: Record<AskChoices["scope"], string> = {
    offline: vscode.l10n.t("The offline engine; nothing leaves this machine"),
    workspace: vscode.l10n.t("Passages from your files are sent to Google"),
    packages: vscode.l10n.t("Packages that this folder has installed"),
    history: vscode.l10n.t("The commits of this folder"),
    web: vscode.l10n.t("Reads and quotes pages that Gemini suggests; your question goes to Google"),
    google: vscode.l10n.t("Gemini with Google Search; your question goes to Google"),
    both: vscode.l10n.t(
      "Your files and the web; your question and passages of your files are sent to Google",
    ),
  };
  return `${depths[depth]}. ${scopes[scope]}.`;
}
