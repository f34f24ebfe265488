import * as vscode from "vscode";
import { renderPageHtml } from "./page-html.js";
import { PageMessage, type HostMessage } from "./page-messages.js";
import { createViewTexts } from "./view-texts.js";

/* The extension's end of the page of a report or a run. */

export interface ReportPageHost {
  /** Sends a message. Before the page is ready, only the last one of each type is kept. */
  send(message: HostMessage): void;
  dispose(): void;
}

/**
 * Puts the page into a webview.
 * @param receive is called with each message of the page; errors are the caller's to show
 */
export function openReportPage(
  webview: vscode.Webview,
  extension: vscode.Uri,
  log: vscode.LogOutputChannel,
  receive: (message: PageMessage) => Promise<void>,
): ReportPageHost {
  const media = vscode.Uri.joinPath(extension, "media");
  const scripts = vscode.Uri.joinPath(extension, "dist", "vscode");
  const style = vscode.Uri.joinPath(media, "report-view.css");
  const script = vscode.Uri.joinPath(scripts, "report-page.js");
  webview.options = { enableScripts: true, localResourceRoots: [media, scripts] };
  const last = new Map<HostMessage["type"], HostMessage>();
  let isReady = false;
  const listener = webview.onDidReceiveMessage((given: unknown) => {
    const message = PageMessage.safeParse(given);
    if (!message.success) log.warn("A message of the report view was not understood.");
    else if (message.data.type === "ready") begin();
    else void receive(message.data);
  });
  webview.html = renderPageHtml({
    style: webview.asWebviewUri(style).toString(),
    script: webview.asWebviewUri(script).toString(),
    source: webview.cspSource,
    language: vscode.env.language,
    loading: vscode.l10n.t("Loading …"),
  });
  return { send, dispose: () => void listener.dispose() };

  /** A hidden page is thrown away; one that is shown again starts anew. */
  function begin(): void {
    isReady = true;
    void webview.postMessage({ type: "texts", texts: createViewTexts() } satisfies HostMessage);
    for (const message of last.values()) void webview.postMessage(message);
  }

  function send(message: HostMessage): void {
    if (message.type !== "announcement") last.set(message.type, message);
    if (isReady) void webview.postMessage(message);
  }
}
