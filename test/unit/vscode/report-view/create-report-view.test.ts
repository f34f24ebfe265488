import assert from "node:assert/strict";
import { ENGLISH_LOCALIZER } from "../../../../src/common/messages.js";
import { createReportView } from "../../../../src/vscode/report-view/create-report-view.js";
import {
  HostMessage,
  type BlockData,
  type SentenceData,
} from "../../../../src/vscode/report-view/page-messages.js";
import {
  checkSample,
  SAMPLE_DAY,
  SAMPLE_SENTENCES,
  SAMPLE_MARKDOWN,
  VIEW_CONTEXT,
} from "../../../fakes/sample-report.js";

const sentencesOf = (blocks: BlockData[]): SentenceData[] =>
  blocks.flatMap((block) => {
    if (block.kind === "paragraph") return block.sentences;
    if (block.kind === "table") return block.rows.flatMap(({ sentence }) => sentence ?? []);
    return block.kind === "heading" || block.kind === "links" ? [] : (block.sentence ?? []);
  });
const textOf = ({ pieces }: SentenceData): string => pieces.map(({ text }) => text).join("");
const sentence = (blocks: BlockData[], part: string): SentenceData => {
  const found = sentencesOf(blocks).find((each) => textOf(each).includes(part));
  assert.ok(found !== undefined, part);
  return found;
};
const changed = (from: string, to: string): string => {
  assert.ok(SAMPLE_MARKDOWN.includes(from), from);
  return SAMPLE_MARKDOWN.replace(from, to);
};

describe("the data of the report view", () => {
  it("has the question, the facts and all sentences with their quotes in context", async () => {
    const view = createReportView(SAMPLE_MARKDOWN, await checkSample(SAMPLE_MARKDOWN), VIEW_CONTEXT);
    assert.equal(view.question, "What happens to a job whose worker dies?");
    assert.deepEqual(view.facts, [SAMPLE_DAY, "offline engine", "standard"]);
    assert.deepEqual(view.checked, {
      verified: SAMPLE_SENTENCES,
      all: SAMPLE_SENTENCES,
      label: `${SAMPLE_SENTENCES} of ${SAMPLE_SENTENCES} verified`,
      when: "checked at 10:15",
    });
    assert.deepEqual(view.problems, []);
    assert.equal(view.missing, null);
    assert.deepEqual(
      view.blocks.flatMap((block) => (block.kind === "heading" ? [block.text] : [])),
      [...SAMPLE_MARKDOWN.matchAll(/^## (?!Sources$)(.+)$/gm)].map(([, heading]) => heading),
    );
    const [citation] = sentence(view.blocks, "renews the lease").citations;
    assert.equal(citation?.n, "1.2");
    assert.equal(citation.state, "supported");
    assert.equal(citation.word, "word for word");
    assert.match(citation.quote?.before ?? "", /lease on it for 60 seconds\.\n$/);
    assert.match(citation.quote?.after ?? "", /^\n+When a worker dies/);
    assert.equal(citation.title, "Workers");
    assert.equal(citation.hasSnapshot, true);
    assert.equal(view.sources[0]?.citedBy.length, 8);
    assert.equal(HostMessage.safeParse({ type: "report", report: view }).success, true);
  });

  it("claims nothing before the first check", () => {
    const view = createReportView(SAMPLE_MARKDOWN, null, VIEW_CONTEXT);
    assert.equal(view.checked.verified, 0);
    assert.equal(view.checked.label, `Checking ${SAMPLE_SENTENCES} sentences …`);
    assert.ok(
      sentencesOf(view.blocks).every(({ citations }) => citations.every(({ state }) => state === "pending")),
    );
  });

  const states: { what: string; from: string; to: string; part: string; state: string }[] = [
    { what: "an edited number", from: "every 20 seconds, so", to: "every 25 seconds, so", part: "25 seconds", state: "edited" },
    { what: "an edited word", from: "so a long job keeps", to: "so a short job keeps", part: "short job", state: "edited" },
    { what: "a quote that is not there", from: "looks at it. [[2.2]]", to: "looks at it. [[2.9]]", part: "looks at it", state: "broken" },
    { what: "a source that is not there", from: "[[2.2]](#source-2)", to: "[[7.2]](#source-7)", part: "looks at it", state: "broken" },
    { what: "a link to another source", from: "[[2.2]](#source-2)", to: "[[2.2]](#source-1)", part: "looks at it", state: "broken" },
    { what: "a contradicted sentence", from: "[[2.2]](#source-2)", to: "[[2.2]](#source-2) *(contradicted: no shelf)*", part: "looks at it", state: "contradicted" },
    { what: "an unsupported sentence", from: "[[2.2]](#source-2)", to: "[[2.2]](#source-2) *(unsupported)*", part: "looks at it", state: "unsupported" },
  ]; // prettier-ignore
  for (const { what, from, to, part, state } of states) {
    it(`shows ${what} as ${state}, and counts it as not verified`, async () => {
      const markdown = changed(from, to);
      const view = createReportView(markdown, await checkSample(markdown), VIEW_CONTEXT);
      const found = sentence(view.blocks, part);
      assert.equal(found.citations[0]?.state, state);
      assert.notEqual(found.citations[0].problem, "");
      assert.notDeepEqual(found.attention, []);
      assert.equal(view.checked.verified, SAMPLE_SENTENCES - 1);
    });
  }

  it("shows a mark as the report states it, with its reason", async () => {
    const markdown = changed("[[2.2]](#source-2)", "[[2.2]](#source-2) *(qualified: only for `ferry`)*");
    const view = createReportView(markdown, await checkSample(markdown), VIEW_CONTEXT);
    const { verdict } = sentence(view.blocks, "looks at it");
    assert.deepEqual(verdict, { state: "qualified", word: "qualified", reason: "only for `ferry`" });
  });

  it("reads tables, code, quotes and lists with their citations", async () => {
    const more = [
      "| what | `for` |", "|---|---|", "| a \\| b | 60 seconds [[1.1]](#source-1) |", "",
      "```sh", "ferry stop", "```", "", "[[1.5]](#source-1)", "",
      "> A quoted *line*", "> - and another", "", "[[1.5]](#source-1)", "",
      "- An item. [[1.2]](#source-1)", "- Another.", "",
    ].join("\n"); // prettier-ignore
    const markdown = changed("## Retries\n", `${more}\n## Retries\n`);
    const { blocks } = createReportView(markdown, await checkSample(markdown), VIEW_CONTEXT);
    const table = blocks.find((block) => block.kind === "table");
    assert.ok(table !== undefined);
    assert.deepEqual(
      table.rows[0]?.cells.map((cell) => cell.map(({ text }) => text).join("")),
      ["a | b", "60 seconds"],
    );
    assert.deepEqual(table.head[1], [{ text: "for", isCode: true }]);
    assert.equal(table.rows[0].sentence?.citations[0]?.n, "1.1");
    const code = blocks.find((block) => block.kind === "code");
    assert.deepEqual(
      [code?.language, code?.text, code?.sentence?.citations[0]?.n],
      ["sh", "ferry stop", "1.5"],
    );
    const quote = blocks.find((block) => block.kind === "quote");
    assert.match(quote?.text ?? "", /A quoted \*line\*\n- and another/);
    assert.equal(blocks.filter((block) => block.kind === "paragraph" && block.isItem).length, 2);
  });

  it("reads quoted lists and tables with the citations below, as this and earlier versions write them", async () => {
    const list = ["It takes:", "- `--keep` days", "  and hours", "  1. *one*", "- two"];
    const table = ["| a | `b` |", "| --- | --- |", "| c | d |"];
    const cited = ["", "[[1.5]](#source-1)", ""];
    const asQuote = (lines: string[]): string[] => lines.map((line) => `> ${line}`);
    for (const blocks of [
      [list, table],
      [asQuote(list.slice(1)), asQuote(table)],
    ]) {
      const more = blocks.flatMap((lines) => [...lines, ...cited]).join("\n");
      const markdown = changed("## Retries\n", `${more}\n## Retries\n`);
      const view = createReportView(markdown, await checkSample(markdown), VIEW_CONTEXT);
      const shown = view.blocks.find((block) => block.kind === "list");
      assert.ok(shown !== undefined);
      const plain = (pieces: { text: string }[]): string => pieces.map(({ text }) => text).join("");
      assert.equal(plain(shown.lead), blocks[0] === list ? "It takes:" : "");
      assert.deepEqual(
        shown.items.map(({ depth, number, pieces }) => [depth, number, plain(pieces)]),
        [
          [0, "", "--keep days and hours"],
          [1, "1.", "*one*"],
          [0, "", "two"],
        ],
      );
      assert.equal(shown.sentence?.citations[0]?.n, "1.5");
      const rows = view.blocks.find((block) => block.kind === "table");
      assert.deepEqual(rows?.rows[0]?.cells.map(plain), ["c", "d"]);
      assert.equal(rows.sentence?.citations[0]?.n, "1.5");
    }
  });

  it("says on top what was not found, and when there is no answer at all", async () => {
    const gaps =
      "## What could not be settled\n\nNothing here speaks of zebra.\nNothing was found about this point: costs.\n\n";
    const partly = changed("## Sources", `${gaps}## Sources`);
    const some = createReportView(partly, await checkSample(partly), VIEW_CONTEXT).missing;
    assert.deepEqual(some, {
      isWhole: false,
      title: "Parts of the question were not answered",
      points: ["Nothing here speaks of zebra.", "Nothing was found about this point: costs."],
    });
    const none = `---\ntitle: T\nsession: s\n---\n\n# T\n\n${gaps}## Sources\n\nNo source is cited.\n`;
    const whole = createReportView(none, null, VIEW_CONTEXT).missing;
    assert.equal(whole?.isWhole, true);
    assert.equal(whole.title, "No answer was found");
    assert.equal(whole.points.length, 2);
  });

  it("links to web pages only", () => {
    const entry = (link: string): string =>
      `---\ntitle: T\nsession: s\n---\n\n# T\n\nIt is so. [[1.1]](#source-1)\n\n## Sources\n\n### Source 1\n\n[P](${link}), read on 2026-11-22.\n\n1. "It is so."\n`;
    const pageOf = (link: string): unknown =>
      sentencesOf(createReportView(entry(link), null, VIEW_CONTEXT).blocks)[0]?.citations[0]?.page;
    assert.equal(pageOf("https://example.org/a"), "https://example.org/a#:~:text=It%20is%20so.");
    for (const link of [
      "javascript:alert(1)",
      "command:deepResearch.research",
      "file:///etc/passwd",
      "data:text/html,x",
      "vscode://x",
    ])
      assert.equal(pageOf(link), null, link);
  });

  it("shows characters that nobody sees", () => {
    const markdown = changed("When a worker dies,", "When a \u202eworker\u200b dies,");
    const view = createReportView(markdown, null, VIEW_CONTEXT);
    assert.match(textOf(sentence(view.blocks, "worker")), /^When a \[U\+202E\]worker\[U\+200B\] dies/);
  });

  it("takes little time for a line of very many citations", () => {
    const line = "So. [[1.1]](#source-1) ".repeat(4000);
    const began = performance.now();
    createReportView(changed("## Leases", `${line}\n\n## Leases`), null, {
      ...VIEW_CONTEXT,
      l10n: ENGLISH_LOCALIZER,
    });
    assert.ok(performance.now() - began < 3000);
  });
});
