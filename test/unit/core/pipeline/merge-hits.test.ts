import assert from "node:assert/strict";
import type { SearchHit } from "../../../../src/core/domain/ports.js";
import { mergeByRank, mergeInTurns } from "../../../../src/core/pipeline/merge-hits.js";

const list = (...names: string[]): SearchHit[] =>
  names.map((name) => ({ place: { kind: "page", url: `https://${name}` }, title: name }));
const titles = (hits: SearchHit[]): string => hits.map(({ title }) => title).join(" ");

describe("merging the hits of several searches", () => {
  it("puts first what several searches find, by the sum of their reciprocal ranks", () => {
    const lists = [
      list("a.example", "b.example", "c.example"),
      list("x.example", "b.example"),
      list("c.example", "b.example"),
    ];
    // b: 3 × 1/62; c: 1/63 + 1/61; a, x: 1/61.
    assert.equal(titles(mergeByRank(lists)), "b.example c.example a.example x.example");
  });

  it("takes lists that share nothing in turns, so that a long one cannot fill the report", () => {
    const lists = [
      list("a1.example", "a2.example", "a3.example"),
      list("b1.example"),
      list("c1.example", "c2.example"),
    ];
    const inTurns = "a1.example b1.example c1.example a2.example c2.example a3.example";
    assert.equal(titles(mergeByRank(lists)), inTurns);
    assert.equal(titles(mergeInTurns(lists)), inTurns);
  });

  it("takes addresses of one page for one place, which counts once in each list", () => {
    const lists = [
      list("a.example/?utm_source=x", "b.example", "www.a.example/#top", "a.example/"),
      list("c.example", "b.example"),
    ];
    assert.equal(titles(mergeByRank(lists)), "b.example a.example/?utm_source=x c.example");
  });

  it("gives the same order however often it is asked, and nothing for nothing", () => {
    const lists = Array.from({ length: 5 }, (_, at) =>
      list(...Array.from({ length: 40 }, (__, n) => `p${(n * 7 + at * 3) % 60}.example`)),
    );
    assert.equal(titles(mergeByRank(lists)), titles(mergeByRank(lists)));
    assert.deepEqual(mergeByRank([]), []);
    assert.deepEqual(mergeByRank([[], []]), []);
  });
});
