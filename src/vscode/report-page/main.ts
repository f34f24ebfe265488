import type { HostMessage } from "../report-view/page-messages.js";
import { announce } from "./announcement.js";
import { closeCardByKey, hideCard, placeCard } from "./citation-card.js";
import { button, element } from "./elements.js";
import { listenToHost, postToHost, viewText } from "./host.js";
import { createReportPage, type ReportPage } from "./report-page.js";
import { createRunPage, type RunPage } from "./run-page.js";

/*
 * The script of the report view. It draws what the host sends, sends back what the user does, and loads nothing. It never
 * takes the focus by itself.
 */

const view = document.getElementById("view");
let report: ReportPage | null = null;
let run: RunPage | null = null;

function show(message: Exclude<HostMessage, { type: "texts" }>): void {
  if (view === null) return;
  switch (message.type) {
    case "report":
      run = null;
      report ??= createReportPage(view);
      report.show(message.report);
      break;
    case "session":
      report?.showSession(message.session);
      break;
    case "run":
      report = null;
      run ??= createRunPage(view);
      run.show(message.run);
      break;
    case "problem":
      report = null;
      run = null;
      view.replaceChildren(
        element(
          "main",
          {},
          element("h1", { text: message.text }),
          button(viewText("openMarkdown"), () => postToHost({ type: "action", name: "markdown" })),
        ),
      );
      break;
    case "announcement":
      announce(message.text, true);
  }
}

let scrolling = false;
window.addEventListener("scroll", () => {
  if (scrolling) return;
  scrolling = true;
  requestAnimationFrame(() => {
    scrolling = false;
    placeCard();
    report?.onScroll();
  });
});
window.addEventListener("resize", hideCard);
document.addEventListener("keydown", closeCardByKey);
listenToHost((message) => {
  if (message.type !== "texts") show(message);
});
postToHost({ type: "ready" });
