import assert from "node:assert/strict";
import { concludeOffline } from "../../../../src/models/offline/conclude.js";

function summaryOf(question: string, sections: [string, string[]][]): string[] {
  const evidence: { id: string; quote: string; claim: string; source: string }[] = [];
  const written = sections.map(([heading, texts]) => ({
    heading,
    sentences: texts.map((text) => {
      const id = `e${evidence.length + 1}`;
      evidence.push({ id, quote: text, claim: text, source: "Kettle" });
      return { text, evidence: [id] };
    }),
  }));
  const kind = question.includes("difference") ? "comparison" : "lookup";
  return concludeOffline({ question, kind, cover: [], sections: written, evidence, gaps: [] }).summary.map(
    ({ text }) => text,
  );
}

describe("the summary of the offline engine", () => {
  it("leads with a sentence that stands by itself, in whatever section it is", () => {
    assert.equal(
      summaryOf("How long does the kettle boil water?", [
        [
          "Times",
          ["The kettle boils the water for as long as set in:", "Refs: https://kettle.example/boil."],
        ],
        ["Boiling", ["The kettle boils water for three minutes."]],
      ])[0],
      "The kettle boils water for three minutes.",
    );
  });

  it("is left out where only a sentence that leads to code answers", () => {
    assert.deepEqual(
      summaryOf("How do I set the boiling time of the kettle?", [
        [
          "Times",
          ["Set the boiling time of the kettle with `boilTime`:", "The lid must be closed for that."],
        ],
      ]),
      [],
    );
  });

  it("leads with the reason where a reason is asked for", () => {
    assert.equal(
      summaryOf("Why should I not open the lid of the kettle?", [
        [
          "Lid",
          [
            "The lid of the kettle is made of steel.",
            "An open lid of the kettle prevents the timer from switching off.",
          ],
        ],
      ])[0],
      "An open lid of the kettle prevents the timer from switching off.",
    );
  });

  it("leads with the definition where a meaning is asked for", () => {
    assert.equal(
      summaryOf('What does "limescale" mean in a report of the kettle?', [
        [
          "Questions",
          ["The kettle reports limescale at the end of a report of its state, and means no harm."],
        ],
        ["Words", ["Limescale means that the water was hard."]],
      ])[0],
      "Limescale means that the water was hard.",
    );
  });

  it("says of a comparison what each side is", () => {
    assert.deepEqual(
      summaryOf("What is the difference between a kettle and a samovar?", [
        ["Feedback", ["If you have comments on the samovar, write to the makers of it."]],
        ["Kettles", ["A kettle is a vessel that boils water on a stove.", "The kettle has a lid of steel."]],
        ["Samovars", ["A samovar is an urn that keeps water hot for hours."]],
      ]),
      [
        "A kettle is a vessel that boils water on a stove.",
        "A samovar is an urn that keeps water hot for hours.",
      ],
    );
  });
});
