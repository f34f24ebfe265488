import assert from "node:assert/strict";
import { escapeLabel, formatPrometheus } from "../../../src/app/prometheus.js";
import { summarizeStatistics } from "../../../src/storage/statistics/summarize.js";

describe("statistics for Prometheus", () => {
  it("escape what would end a label's value", () => {
    assert.equal(escapeLabel('a "b" \\ c\nd'), 'a \\"b\\" \\\\ c\\nd');
  });

  it("name each metric once, with its help and type before its samples", () => {
    const at = "2026-11-29T12:00:00.000Z";
    const errors = [{ where: 'model:"x"', code: "a\\b\nc", count: 2, first: at, last: at }];
    const text = formatPrometheus(summarizeStatistics([], null, new Date(at), errors));
    assert.ok(text.endsWith("\n") && !text.includes("\n\n"));
    assert.match(text, /^deep_research_errors\{where="model:\\"x\\"",code="a\\\\b\\nc"\} 2$/m);
    assert.match(
      text,
      /^# HELP deep_research_spend_usd .+\n# TYPE deep_research_spend_usd gauge\ndeep_research_spend_usd 0$/m,
    );
    const types = Array.from(text.matchAll(/^# TYPE (\w+)/gm), ([, name]) => name);
    assert.equal(new Set(types).size, types.length);
  });
});
