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

  it("tells what is nearest where little of the question is found and none of its words stands nowhere", () => {
    const parts = [
      "filter",
      "descaler",
      "lamp",
      "lid",
      "boiler",
      "spout",
      "handle",
      "cable",
      "fuse",
      "gasket",
    ];
    const { sections, hasAnswer } = outlineOffline(
      inputOf(
        `Which of ${parts.join(", ")} fits?`,
        parts.map((part) => [`Manual of the ${part}`, "Care", `Every ${part} is washed by hand.`]),
      ),
    );
    assert.ok(sections.length > 0);
    assert.equal(hasAnswer, false);
  });

  it("names a subject that stands only in evidence of which nothing is told", () => {
    const { hasAnswer, gaps } = outlineOffline(
      inputOf("Which voltage does the samovar use?", [
        ["Kettle manual", "Voltage", "The kettle uses a voltage of 230 volts."],
        ["Lamp manual", "Voltage", "Use the lamp with a voltage of 12 volts."],
        ["src/names.ts", "NAMES", `${"Toaster, mixer, ".repeat(99)}samovar and oven`],
      ]),
    );
    assert.equal(hasAnswer, false);
    assert.ok(gaps.some(({ what }) => what === "samovar"));
  });

  it("begins with what says the default, where one is asked for", () => {
    for (const question of [
      "How many seconds does the kettle wait by default?",
      "If I set nothing, how many seconds does the kettle wait?",
    ]) {
      const { sections } = outlineOffline(
        inputOf(question, [
          ["Kettle manual", "Pauses", "The kettle waits up to 300 seconds before it boils again."],
          [
            "Kettle manual",
            "Dial",
            "The kettle waits 90 seconds before it boils again, a default for most kitchens.",
          ],
        ]),
      );
      assert.deepEqual(sections[0]?.evidence, ["e2"], question);
    }
  });

  it("takes the code that a sentence speaks of with the sentence", () => {
    const { sections } = outlineOffline(
      inputOf("What is the lid of the kettle?", [
        ["Manual", "Parts", "A kettle has parts."],
        ["Manual", "Parts", "``` part --list ```"],
        ["Manual", "Parts", "The last command shows the lid of the kettle."],
      ]),
    );
    assert.deepEqual(sections[0]?.evidence.slice(-2), ["e2", "e3"]);
  });

  it("leaves out what leads to a block that is not there", () => {
    const { sections } = outlineOffline(
      inputOf("How do I boil water in the kettle?", [
        ["Manual", "Boiling", "To boil water in the kettle, press this button of the kettle:"],
        ["Manual", "Boiling", "The kettle boils the water in three minutes."],
        ["Manual", "Boiling", "Boil the water of the kettle by this command:"],
        ["Manual", "Boiling", "``` kettle boil --water 1 ```"],
      ]),
    );
    assert.deepEqual(sections[0]?.evidence, ["e2", "e3", "e4"]);
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

  it("knows other forms of a question's words", () => {
    const { sections } = outlineOffline(
      inputOf("How is the kettle optimised?", [
        ["Kettle manual", "Descaler", "The descaler works best warm: an optimization for old kettles."],
        ["Kettle manual", "Lid", "The lid is how the kettle is opened."],
      ]),
    );
    assert.equal(sections[0]?.heading, "Descaler");
  });

  it("tells a flag apart that only stands below another one's heading, with what goes on from it", () => {
    const under = "kettle > OPTIONS";
    const { sections } = outlineOffline(
      inputOf("How does the water stay warm overnight?", [
        ["kettle", "--boil", "- `--boil`: Boils the water.", under],
        ["kettle", "--boil", "- `--quiet`: Prints nothing.", under],
        ["kettle", "--boil", "- `--keep-warm`: Keeps the water warm.", under],
        ["kettle", "--boil", "Overnight, the heating starts again each hour.", under],
      ]),
    );
    assert.equal(sections[0]?.heading, "--keep-warm");
    assert.deepEqual(sections[0].evidence, ["e3", "e4"]);
  });

  it("leaves the parameters of a function below its heading", () => {
    const under = "kettle > Methods";
    const { sections } = outlineOffline(
      inputOf("What does boil do with the temperature?", [
        ["kettle", "kettle.boil(temperature)", "- kettle.boil(temperature): Boils the water.", under],
        ["kettle", "kettle.boil(temperature)", "- `temperature` number - How hot the water gets.", under],
        ["kettle", "kettle.boil(temperature)", "It throws where the kettle is empty.", under],
      ]),
    );
    assert.equal(sections.length, 1);
  });

  it("tells what goes on from the sentence that answers rather than other sentences with one word of the question", () => {
    const filler = (n: number): string =>
      `The kettle, number ${n} of the series, has many parts of steel and copper that all have names of their own here.`;
    const { sections } = outlineOffline(
      inputOf("How do I descale the kettle?", [
        ...[1, 2, 3, 4, 5, 6].map((n): [string, string, string] => ["Manual", "Care", filler(n)]),
        ["Manual", "Care", "To descale the kettle, fill it with vinegar."],
        ["Manual", "Care", "Pour the vinegar away after an hour and rinse twice with clear cold water."],
        ["Manual", "Care", filler(7)],
        ["Manual", "Care", filler(8)],
      ]),
    );
    assert.ok(sections[0]?.evidence.includes("e8"));
  });
});
