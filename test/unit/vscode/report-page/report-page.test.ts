import assert from "node:assert/strict";
import { createReportView } from "../../../../src/vscode/report-view/create-report-view.js";
import type { ReportViewData, RunViewData } from "../../../../src/vscode/report-view/page-messages.js";
import { hostileReports } from "../../../fakes/hostile-reports.js";
import { hostileViewReports } from "../../../fakes/hostile-view-reports.js";
import { openFakePage } from "../../../fakes/report-page.js";
import {
  checkSample,
  SAMPLE_HEADINGS,
  SAMPLE_MARKDOWN,
  SAMPLE_SENTENCES,
  VIEW_CONTEXT,
} from "../../../fakes/sample-report.js";

const BASES = ["https://canary.test"];
/** What the page may consist of. */
const TAGS = new Set(
  "a article blockquote body button code details div em figcaption figure h1 h2 h3 head header html label li main mark nav ol p pre progress section span strong summary table tbody td textarea th thead tr ul".split(
    " ",
  ),
);
const ATTRIBUTES =
  /^(?:aria-[a-z]+|class|disabled|for|hidden|href|id|max|role|rows|scope|start|style|tabindex|title|type|value)$/;

const sampleView = async (markdown = SAMPLE_MARKDOWN): Promise<ReportViewData> =>
  createReportView(markdown, await checkSample(markdown), VIEW_CONTEXT);

describe("the page of the report view", () => {
  it("asks for its data and shows nothing before that comes", () => {
    const page = openFakePage();
    assert.deepEqual(page.sent, [{ type: "ready" }]);
    assert.equal(page.document.querySelector("#view")?.children.length, 0);
  });

  it("shows a report: title, bar, chips, contents, sources with back links", async () => {
    const page = openFakePage();
    page.send({ type: "report", report: await sampleView() });
    const { document } = page;
    assert.equal(document.querySelector("h1")?.textContent, "What happens to a job whose worker dies");
    const verified = `${SAMPLE_SENTENCES} of ${SAMPLE_SENTENCES} verified`;
    assert.ok(document.querySelector(".checked")?.textContent.includes(verified));
    assert.equal(document.querySelectorAll(".chip-supported").length, SAMPLE_SENTENCES);
    assert.equal(
      document.querySelector(".chip")?.getAttribute("aria-label"),
      "citation {0} 1.3, word for word, Workers",
    );
    assert.equal(document.querySelectorAll("nav a").length, SAMPLE_HEADINGS);
    assert.equal(document.querySelectorAll("#source-1 details a").length, 8);
    assert.equal(document.querySelectorAll(".attention").length, 0);
  });

  it("opens a source by its chip, and the editor at a sentence that needs attention", async () => {
    const page = openFakePage();
    page.send({ type: "report", report: await sampleView(SAMPLE_MARKDOWN.replace("every 20", "every 25")) });
    page.click(".chip");
    assert.deepEqual(page.sent.at(-1), { type: "open", n: "1.3", at: "source" });
    page.click(".note .link");
    assert.deepEqual(page.sent.at(-1), { type: "edit", key: 2 });
    assert.match(page.document.querySelector(".attention-bar")?.textContent ?? "", /attention 1/);
  });

  it("keeps the elements of what did not change", async () => {
    const page = openFakePage();
    page.send({ type: "report", report: await sampleView() });
    const before = [...page.document.querySelectorAll("article > *")];
    page.send({ type: "report", report: await sampleView(SAMPLE_MARKDOWN.replace("every 20", "every 25")) });
    const after = [...page.document.querySelectorAll("article > *")];
    assert.deepEqual(
      after.map((element, index) => element === before[index]),
      after.map((_, index) => index !== 2),
    );
  });

  it("asks a follow-up question, and keeps one that is being typed", async () => {
    const page = openFakePage({ id: VIEW_CONTEXT.id, scroll: 0, draft: "And th" });
    page.send({ type: "report", report: await sampleView() });
    const input = page.document.querySelector("textarea");
    assert.equal(input?.value, "And th");
    input.value = "And then? ";
    page.click(".ask-row button");
    assert.deepEqual(page.sent.at(-1), { type: "ask", question: "And then?" });
    assert.equal(input.value, "");
  });

  it("shows suggestions and the thread, and opens an earlier session", async () => {
    const page = openFakePage();
    page.send({ type: "report", report: await sampleView() });
    page.send({
      type: "session",
      session: {
        facts: ["$0"],
        suggestions: ["When?"],
        thread: [
          { session: "s1", question: "Before?", isThis: false },
          { session: "s2", question: "This?", isThis: true },
        ],
        askNote: "Standard.",
      },
    });
    page.click(".thread button");
    assert.deepEqual(page.sent.at(-1), { type: "session", session: "s1" });
    assert.equal(page.document.querySelector(".suggestion")?.textContent, "When?");
    assert.match(page.document.querySelector(".facts")?.textContent ?? "", /\$0/);
  });

  it("says on top that there is no answer, with what to try", () => {
    const none =
      "---\ntitle: T\nsession: s\n---\n\n# T\n\n## What could not be settled\n\nNothing here speaks of zebra.\n\n## Sources\n\nNo source is cited.\n";
    const page = openFakePage();
    page.send({ type: "report", report: createReportView(none, null, VIEW_CONTEXT) });
    const callout = page.document.querySelector(".no-answer");
    assert.match(callout?.textContent ?? "", /No answer was found.*zebra.*tryOtherWords/);
    const article = page.document.querySelector("article");
    assert.ok(callout !== null && article !== null);
    assert.equal(page.document.querySelector("progress"), null);
    assert.match(page.document.querySelector(".checked")?.textContent ?? "", /No sentence with a citation/);
    assert.equal(page.document.querySelector("#sources")?.hidden, true);
    const order = [...page.document.querySelectorAll(".no-answer, article")];
    assert.deepEqual(order, [callout, article]);
  });

  it("shows a run, and sends what the user does with it", () => {
    const page = openFakePage();
    page.send({
      type: "run",
      run: {
        question: "Who?", title: "", phases: [{ label: "Planning", state: "now" }], step: "Planning", facts: ["$0"], estimate: "",
        questions: [{ id: "q1", question: "Who?", state: "next", word: "waiting", canSkip: true }],
        sources: [{ title: "A", place: "a.md", state: "dropped", word: "duplicate", reason: "The same." }],
        sections: [
          { heading: "Costs", state: "done", word: "verified", paragraphs: [[{ text: "The sender pays.", note: "" }]] },
          { heading: "Later", state: "next", word: "not written yet", paragraphs: [] },
        ],
        verdicts: "", canSteer: true, ended: null,
      },
    }); // prettier-ignore
    const text = page.document.querySelector(".section-text");
    assert.equal(text?.textContent.trim(), "The sender pays.");
    assert.equal(page.document.querySelectorAll(".section-text").length, 1);
    assert.equal(page.document.querySelector("#announcement")?.textContent, "Costs: verified");
    page.click(".progress-list button");
    assert.deepEqual(page.sent.at(-1), { type: "skip-question", id: "q1" });
    page.click("main > .buttons .button");
    assert.deepEqual(page.sent.at(-1), { type: "control", name: "finish" });
    assert.match(page.document.querySelector(".state-dropped")?.textContent ?? "", /A a\.md/);
  });

  it("keeps the box for another question, and what is in it, when it is too late for one", () => {
    const page = openFakePage();
    const run: RunViewData = {
      question: "Who?", title: "Who does it", phases: [], step: "", facts: [], estimate: "",
      questions: [], sources: [], sections: [], verdicts: "", canSteer: false, ended: null,
    }; // prettier-ignore
    const isHidden = (): boolean | undefined => page.document.querySelector("form")?.hidden;
    page.send({ type: "run", run });
    assert.equal(page.document.querySelector("h1")?.textContent, "Who?");
    assert.equal(isHidden(), true);
    page.send({ type: "run", run: { ...run, canSteer: true } });
    assert.equal(isHidden(), false);
    const input = page.document.querySelector("input");
    assert.ok(input !== null);
    input.value = "And when?";
    page.send({ type: "run", run });
    assert.deepEqual([isHidden(), input.readOnly, input.value], [false, true, "And when?"]);
    assert.match(page.document.querySelector("form")?.textContent ?? "", /addTooLate/);
    page.send({
      type: "run",
      run: { ...run, ended: { title: "No answer was found", reason: "", isNoAnswer: true } },
    });
    assert.equal(isHidden(), true);
  });

  it("ends each reason of a note as a sentence", async () => {
    const page = openFakePage();
    const markdown = SAMPLE_MARKDOWN.replace(
      "half of a job. [[1.4]](#source-1)",
      "half of a job. [[1.4]](#source-1) *(qualified: only of whole jobs)*",
    );
    page.send({ type: "report", report: await sampleView(markdown) });
    assert.match(
      page.document.querySelector(".note")?.textContent ?? "",
      /: only of whole jobs\. The verdict /,
    );
  });

  it("ignores messages of any other shape", async () => {
    const page = openFakePage();
    page.send({ type: "report", report: await sampleView() });
    const before = page.document.querySelector("body")?.textContent;
    page.send({ type: "report" });
    page.send({ type: "html", html: "<b>x</b>" } as { type: string });
    page.send({ type: "report", report: { ...(await sampleView()), title: { toString: "x" } } } as {
      type: string;
    });
    assert.equal(page.document.querySelector("body")?.textContent, before);
  });

  const hostile = [...hostileReports(BASES), ...hostileViewReports(BASES)];
  it(`draws ${hostile.length} hostile reports with known elements, attributes and web links only`, () => {
    assert.ok(hostileViewReports(BASES).length >= 20);
    for (const { name, markdown } of hostile) {
      const page = openFakePage();
      page.send({ type: "report", report: createReportView(markdown, null, VIEW_CONTEXT) });
      assert.ok(page.document.querySelectorAll("h1").length > 0, name);
      for (const element of page.document.querySelectorAll("*")) {
        assert.ok(TAGS.has(element.localName), `${name}: <${element.localName}>`);
        for (const { name: attribute, value } of element.attributes) {
          assert.match(attribute, ATTRIBUTES, name);
          if (attribute === "href") assert.match(value, /^(?:https?:\/\/|#)/, name);
          if (attribute === "style") assert.doesNotMatch(value, /url|import/, name);
        }
      }
    }
  });

  it("has every text of hostile reports where it can be read", () => {
    for (const { name, markdown, end } of hostileViewReports(BASES)) {
      const page = openFakePage();
      page.send({ type: "report", report: createReportView(markdown, null, VIEW_CONTEXT) });
      assert.ok(page.document.querySelector("article")?.textContent.includes(end), name);
    }
  });
});
