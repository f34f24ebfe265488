import assert from "node:assert/strict";
import type { OutlineInput } from "../../../../src/core/prompts/outline.js";
import { outlineOffline } from "../../../../src/models/offline/outline.js";
import { questionKind } from "../../../../src/models/offline/question-analysis.js";

function inputOf(question: string, claims: [string, string, string, string?][]): OutlineInput {
  return {
    question,
    kind: questionKind(question),
    questions: [{ id: "q0", question, query: question }],
    cover: [],
    evidence: claims.map(([source, heading, claim, under], at) => ({
      id: `e${at + 1}`,
      claim,
      source,
      heading,
      ...(under === undefined ? {} : { under }),
      questions: ["q0"],
    })),
    mayAsk: false,
  };
}

const BOILING = "The kettle boils a litre of water in three minutes.";

describe("the outline of the offline engine", () => {
  it("tells only what is nearest, and says so, where a subject of the question stands nowhere", () => {
    const { sections, hasAnswer, gaps } = outlineOffline(
      inputOf("How do I boil water in the kettle by a remote thermostat signal?", [
        ["Kettle manual", "Boiling", "The kettle boils water when the remote sends a signal."],
        ["Kettle manual", "Remote", "The remote of the kettle sends its signal to boil water."],
        ["Kettle manual", "Signals", "A signal from the remote makes the kettle boil water."],
        ["Kettle manual", "Lamp", "The lamp of the kettle shows the signal of the remote."],
      ]),
    );
    assert.equal(hasAnswer, false);
    assert.ok(sections.length <= 2);
    assert.ok(gaps.some(({ what }) => what === "“thermostat”"));
  });

  it("has no answer to a how-to whose action no section of the rest speaks of", () => {
    const { hasAnswer, gaps } = outlineOffline(
      inputOf("How do I descale the kettle lid?", [
        ["Kettle manual", "Lid", "The lid of the kettle is opened with the lid button of the kettle."],
        ["Kettle manual", "Lid care", "The kettle lid closes by itself."],
        ["History", "Plants", "Large plants descale their boilers once a year."],
      ]),
    );
    assert.equal(hasAnswer, false);
    assert.ok(gaps.some(({ what }) => what === "how to descale"));
  });

  it("answers a how-to whose verb any text may say otherwise", () => {
    const { hasAnswer } = outlineOffline(
      inputOf("How do I specify the time of the kettle?", [
        ["Kettle manual", "Time", "The time of the kettle is given with the wheel of the kettle."],
        ["History", "Plants", "Laws specify the time of large boilers."],
      ]),
    );
    assert.equal(hasAnswer, undefined);
  });

  it("answers where every subject is there", () => {
    const { sections, hasAnswer } = outlineOffline(
      inputOf("How long does the kettle boil water?", [["Kettle manual", "Boiling", BOILING]]),
    );
    assert.equal(hasAnswer, undefined);
    assert.deepEqual(
      sections.map(({ heading }) => heading),
      ["Boiling"],
    );
  });

  it("heads a section of a document that is named like a file by the section's own heading", () => {
    const { sections } = outlineOffline(
      inputOf("How long does the kettle boil water?", [["Kettle.js", "Boiling", BOILING, "Kettle.js"]]),
    );
    assert.equal(sections[0]?.heading, "Boiling");
  });

  it("takes the sections that say what each side of a comparison is, where none has both", () => {
    const { sections } = outlineOffline(
      inputOf("What is the difference between Samovar and Kettle?", [
        ["Lids", "Samovar and lids", "Samovar samovar samovar lids are made for the samovar of today."],
        ["Lids", "Kettle lids", "Only lids fit here, as the kettle maker says of every kettle lid."],
        ["Samovars", "Overview", "Samovar is an urn that keeps water hot."],
        ["Kettles", "Overview", "Kettle is a vessel that boils water."],
      ]),
    );
    assert.deepEqual(
      sections.slice(0, 2).map(({ evidence }) => evidence),
      [["e3"], ["e4"]],
    );
  });

  it("drops a section that has nothing of the question but a word that all have", () => {
    const { sections } = outlineOffline(
      inputOf("How do I change the maximum size of a request body?", [
        ["Server", "bodyLimit", "The option sets the maximum size of the body of a request in bytes."],
        ["Server", "Body parser", "The parser checks the maximum size of the request body."],
        ["Server", "Replies", "A request gets a reply."],
      ]),
    );
    assert.ok(!sections.some(({ heading }) => heading === "Replies"));
  });
});
