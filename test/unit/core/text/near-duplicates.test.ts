import assert from "node:assert/strict";
import { isNearDuplicate, minHash } from "../../../../src/core/text/near-duplicates.js";

const WORDS = "the journal keeps what was done and what it cost so that nothing is paid twice".split(" ");
/** Prose that repeats little, the same for the same seed. */
function prose(seed: number, sentences: number): string {
  let state = seed;
  const next = (): number => (state = (state * 1103515245 + 12345) % 2147483648);
  return Array.from(
    { length: sentences },
    (_, n) =>
      Array.from({ length: 12 }, () => `${WORDS[next() % WORDS.length] ?? ""}${next() % 40}`).join(" ") +
      `. ${n}`,
  ).join("\n");
}

describe("copies of one text", () => {
  const article = prose(7, 60);

  it("are one on two sites, whatever stands around them", () => {
    const other = `By our staff\n\n${article}\n\nWe use cookies. Read more news.`;
    assert.equal(isNearDuplicate(minHash(article, "a.example"), minHash(other, "b.example")), true);
  });

  it("are one on one site where only blanks and case differ", () => {
    const other = article.toUpperCase().replaceAll(" ", "\n");
    assert.equal(isNearDuplicate(minHash(article, "a.example"), minHash(other, "a.example")), true);
  });

  it("are not two versions on one site, nor two texts, nor a few words", () => {
    const version = article.replace(/the(\d+)/g, "this$1");
    assert.equal(
      isNearDuplicate(minHash(article, "a.example"), minHash(`${article} ${version}`, "a.example")),
      false,
    );
    assert.equal(isNearDuplicate(minHash(article, "a.example"), minHash(prose(8, 60), "b.example")), false);
    assert.equal(
      isNearDuplicate(minHash("Not found", "a.example"), minHash("Not found", "b.example")),
      false,
    );
  });
});
