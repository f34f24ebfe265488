import assert from "node:assert/strict";
import { parseHTML } from "linkedom";
import { ENGLISH_LOCALIZER } from "../../../../src/common/messages.js";
import {
  createSessionStatsReader,
  type SessionStats,
} from "../../../../src/storage/statistics/session-stats.js";
import { summarizeStatistics } from "../../../../src/storage/statistics/summarize.js";
import { formatStatistics } from "../../../../src/cli/stats-command.js";
import { listBuckets, bucketStart } from "../../../../src/vscode/statistics/time-buckets.js";
import { createStatisticsFormat } from "../../../../src/vscode/statistics/format.js";
import { renderStatisticsPage, RANGES } from "../../../../src/vscode/statistics/page.js";
import { renderBars, renderColumns, axisTicks } from "../../../../src/vscode/statistics/svg-charts.js";

const NOW = new Date(2026, 10, 25, 12);
const HOSTILE = `<img src=x onerror="x"> & 'm'`;

const session = (over: Partial<SessionStats> = {}): SessionStats => ({
  ...createSessionStatsReader("20261124-120000-how-3f3f", "2026-11-24T12:00:00.000Z").close(false),
  outcome: "done",
  engine: "gemini",
  depth: "quick",
  kind: "lookup",
  seconds: 42,
  steps: [
    {
      step: "plan",
      by: HOSTILE,
      at: "2026-11-24T12:00:01.000Z",
      milliseconds: 900,
      waited: 0,
      in: 10,
      out: 5,
      usd: 0.5,
    },
  ],
  failures: [{ step: "read", what: "timeout", at: "2026-11-24T12:00:01.000Z", in: 0, out: 0, usd: 0 }],
  verdicts: { supported: 3, qualified: 1 },
  ...over,
});

/** What is needed of linkedom's document; the DOM's own types belong to browsers. */
interface Element {
  id: string;
  textContent: string;
  outerHTML: string;
  getAttribute(name: string): string | null;
  closest(selector: string): Element | null;
  querySelector(selector: string): Element | null;
  querySelectorAll(selector: string): Iterable<Element> & { length: number };
}
const parsed = (html: string): Element => (parseHTML(html) as unknown as { document: Element }).document;

const page = (sessions: SessionStats[]): string =>
  renderStatisticsPage(
    {
      folder: HOSTILE,
      ranges: RANGES.map((days) => summarizeStatistics(sessions, days, NOW)),
      style: "https://webview.example/media/statistics.css",
      script: "https://webview.example/media/statistics.js",
      source: "https://webview.example",
      language: "en",
    },
    ENGLISH_LOCALIZER,
    createStatisticsFormat("en"),
  );

describe("the page of statistics", () => {
  const document = parsed(page([session(), session({ outcome: "failed", failed: "day-quota" })]));
  const all = (selector: string): Element[] => [...document.querySelectorAll(selector)];

  it("says how long calls waited for limits, as the terminal does, and nothing where none did", () => {
    const [step] = session().steps;
    assert.ok(step !== undefined);
    const waiting = session({ steps: [{ ...step, waited: 1500 }, { ...step, waited: 2500 }, step] });
    const shown = page([waiting]);
    assert.match(shown, /2 calls waited for limits, 4(\.0)? s in all\./);
    const lines = formatStatistics(summarizeStatistics([waiting], null, NOW), "w");
    assert.ok(lines.includes("2 calls waited for limits, 4.0 s in all"), lines.join("\n"));
    assert.doesNotMatch(page([session()]), /waited for limits/);
  });

  it("loads nothing but its own style and script, and runs nothing inline", () => {
    const policy = document.querySelector("meta[http-equiv]")?.getAttribute("content") ?? "";
    assert.equal(
      policy,
      "default-src 'none'; style-src https://webview.example; script-src https://webview.example",
    );
    assert.equal(all("script:not([src]), style, [style], [onclick], img, iframe").length, 0);
    for (const link of all("a")) assert.match(link.getAttribute("href") ?? "", /^command:deepResearch\./);
  });

  it("shows names of folders and models to the letter", () => {
    assert.equal(document.querySelector("h1")?.textContent, `Research in ${HOSTILE}`);
    assert.ok(all("th").some(({ textContent }) => textContent === HOSTILE));
  });

  it("gives every plot a name, axes with units, and a table", () => {
    const plots = all(".view[data-range=all] svg");
    assert.equal(plots.length, 9);
    for (const plot of plots) {
      assert.equal(plot.getAttribute("role"), "img");
      const card = plot.closest("section");
      const title = card?.querySelector("h2")?.textContent ?? "";
      assert.ok(title !== "" && (plot.getAttribute("aria-label") ?? "").startsWith(title));
      assert.ok(plot.querySelectorAll(".axis").length > 0, `${title} names its axes`);
      assert.ok(plot.querySelectorAll(".tick").length > 1, `${title} has a scale`);
      assert.ok((card?.querySelectorAll("details tbody tr").length ?? 0) > 0, `${title} has a table`);
      assert.equal(/NaN|Infinity|undefined/.test(plot.outerHTML), false, title);
    }
    assert.equal(new Set(all("[id]").map(({ id }) => id)).size, all("[id]").length, "ids are there once");
  });

  it("lets a range be chosen by the keyboard, with labels", () => {
    assert.deepEqual(
      all("input[type=radio]").map(({ id }) => document.querySelector(`label[for="${id}"]`)?.textContent),
      ["7 days", "30 days", "90 days", "All"],
    );
    assert.equal(all("input[checked]")[0]?.id, "last-30");
  });

  it("says what will be here where there is nothing yet, or nothing in a range", () => {
    const none = parsed(page([]));
    assert.match(none.querySelector("main")?.textContent ?? "", /No sessions yet/);
    assert.equal(none.querySelector("a.button")?.getAttribute("href"), "command:deepResearch.research");
    assert.equal(none.querySelectorAll("script, input, svg").length, 0);
    const old = parsed(page([session({ started: "2026-01-01T12:00:00.000Z" })]));
    assert.match(
      old.querySelector("[data-range=last-7]")?.textContent ?? "",
      /No sessions started in the last 7 days/,
    );
    assert.ok(old.querySelector("[data-range=all] svg") !== null);
  });

  it("draws free research and failures without a plan, too", () => {
    const offline = session({ engine: "offline", steps: [], kind: null, verdicts: {}, failures: [] });
    const free = parsed(page([offline, session({ ...offline, outcome: "damaged" })]));
    const text = free.querySelector("[data-range=all]")?.textContent ?? "";
    for (const said of [
      "Nothing was spent",
      "No tokens were used",
      "No sentences have been checked",
      "Nothing failed",
    ]) {
      assert.ok(text.includes(said), said);
    }
    assert.equal(/NaN|Infinity|undefined/.test(text), false);
  });
});

describe("plots", () => {
  it("have round ticks that reach beyond the highest value", () => {
    assert.deepEqual(axisTicks(0, true), [0, 1]);
    assert.deepEqual(axisTicks(3, true), [0, 1, 2, 3]);
    assert.deepEqual(axisTicks(10, true), [0, 3, 6, 9, 12]);
    assert.deepEqual(axisTicks(0.35, false), [0, 0.1, 0.2, 0.3, 0.4]);
    assert.deepEqual(axisTicks(1_000_000, true), [0, 250_000, 500_000, 750_000, 1_000_000]);
  });

  it("stack parts and draw a bar as long as its value", () => {
    const axis = { label: "n", tick: String, whole: true };
    const part = (value: number) => ({ value, colour: "blue" as const, text: "" });
    const stacked = renderColumns({
      title: "T",
      summary: "S",
      x: "day",
      y: axis,
      columns: [{ label: "a", parts: [part(1), part(0), part(3)] }],
    });
    const heights = Array.from(stacked.matchAll(/<rect[^>]* y="([\d.]+)" height="([\d.]+)"/g), ([, y, h]) => [
      y,
      h,
    ]);
    assert.deepEqual(heights, [
      ["112.5", "37.5"],
      ["0", "112.5"],
    ]);
    const drawn = renderBars({
      title: "T",
      summary: "S",
      x: axis,
      rows: [{ name: "a", value: "", parts: [part(3)] }],
    });
    assert.match(drawn, /<rect class="blue" x="0" y="18" width="100%"/);
  });

  it("put days together when there are many, without a gap", () => {
    assert.deepEqual(
      listBuckets("2026-02-27", "2026-03-02").map(({ day }) => day),
      ["2026-02-27", "2026-02-28", "2026-03-01", "2026-03-02"],
    );
    const weeks = listBuckets("2026-01-01", "2026-11-25");
    assert.deepEqual([weeks[0], weeks.at(-1)?.day], [{ day: "2025-12-29", size: "week" }, "2026-11-23"]);
    const months = listBuckets("2023-12-15", "2026-11-25");
    assert.deepEqual([months.length, months[1]], [36, { day: "2024-01-01", size: "month" }]);
    assert.equal(bucketStart("2026-11-29", "week"), "2026-11-23", "a week begins on Monday");
    const wrong = listBuckets("1026-01-01", "2026-11-25");
    assert.deepEqual([wrong.length, wrong.at(-1)?.day], [240, "2026-11-01"]);
  });

  it("write figures as the language does", () => {
    const [english, german] = [createStatisticsFormat("en"), createStatisticsFormat("de")];
    assert.deepEqual([0, 850, 4200, 59_970, 130_000, 3_600_000, 5_400_000].map(english.duration), [
      "0 ms",
      "850 ms",
      "4.2 s",
      "1 min",
      "2 min 10 s",
      "1 h",
      "1 h 30 min",
    ]);
    assert.equal(german.duration(4200), "4,2 s");
    assert.deepEqual([english.usd(0.0042), english.usd(1.5)], ["$0.0042", "$1.50"]);
    assert.equal(english.day("2026-11-24"), "Nov 24");
  });
});

describe("statistics in the terminal", () => {
  it("stand in aligned columns, block by block", () => {
    const lines = formatStatistics(
      summarizeStatistics([session({ failed: "day-quota" })], null, NOW),
      "docs",
    );
    assert.match(lines[1] ?? "", /^1 session: 1 done$/);
    for (const title of [
      "Kinds of question",
      "Completion time",
      "Kinds of call",
      "Models",
      "Spend by day",
      "Verdicts",
      "Failures",
    ]) {
      const at = lines.findIndex((line) => line.startsWith(title));
      assert.ok(at > 0, title);
      assert.equal(lines[at]?.length, lines[at + 1]?.length, `${title} is aligned`);
    }
  });
});
