import assert from "node:assert/strict";
import {
  asksForChanges,
  scopeFactors,
  subjectTest,
  type LabelledText,
} from "../../../../src/core/text/question-scope.js";
import { compareVersions, findNewestDay, findVersions } from "../../../../src/core/text/version-labels.js";

const text = (source: string, heading: string, said: string): LabelledText => ({
  source,
  heading,
  text: said,
});

/** Numbers of the texts that count most for a question, and of those that count as being about another thing. */
function weigh(question: string, texts: LabelledText[]): { best: number[]; other: number[] } {
  const factors = scopeFactors(question, texts);
  const most = Math.max(...factors);
  const pick = (test: (factor: number) => boolean): number[] =>
    factors.flatMap((factor, at) => (test(factor) ? [at] : []));
  return { best: pick((factor) => factor === most), other: pick((factor) => factor < 0.5) };
}

describe("version labels", () => {
  it("are read from headings of every form, and numbers of sections are none", () => {
    const versions: [label: string, versions: number[][]][] = [
      ["Changelog > [2.3.0] - 2024-03-12", [[2, 3, 0]]],
      ["v3.0.0 (unreleased)", [[3, 0, 0]]],
      ["Version 4", [[4]]],
      ["Kite 2.4 manual", [[2, 4]]],
      ["Release 1.10", [[1, 10]]],
      ["2.1 Caching", []],
      ["Guide > 4.2. How to install", []],
      ["Reserved ports", []],
    ];
    for (const [label, expected] of versions) assert.deepEqual(findVersions(label), expected, label);
    assert.ok(compareVersions([1, 10], [1, 9, 5]) > 0);
  });

  it("have their newest day", () => {
    assert.equal(findNewestDay("2.3.0 (2024-03-12)"), 20240312);
    assert.equal(findNewestDay("Annual report 2023"), 20230000);
    assert.equal(findNewestDay("Notes of 3 May 2021 and 12 March 2022"), 20220312);
    assert.equal(findNewestDay("Caching"), null);
  });
});

describe("what a question is confined to", () => {
  const reports = [
    text("Contoso annual report 2022", "Results", "Revenue was 410 million dollars."),
    text("Contoso annual report 2023", "Results", "Revenue was 455 million dollars."),
    text("Fabrikam annual report 2023", "Results", "Revenue was 390 million dollars."),
    text("Fabrikam annual report 2023", "Acquisitions", "Fabrikam announced three acquisitions."),
    text("Fabrikam annual report 2023", "Rivals", "Its rival Contoso announced an acquisition, too."),
  ];

  it("is the organisation that it names: reports of others that do not mention it are about something else", () => {
    assert.deepEqual(weigh("Has Contoso announced acquisitions?", reports).other, [2, 3]);
    assert.deepEqual(weigh("which acquisitions has fabrikam announced?", reports.slice(0, 4)).other, [0, 1]);
    assert.deepEqual(weigh("How did Contoso and Fabrikam compare?", reports).other, []);
    assert.deepEqual(weigh("How high was the revenue?", reports).other, []);
  });

  it("is the year or quarter that it names", () => {
    assert.deepEqual(weigh("What was Contoso's revenue in 2022?", reports), {
      best: [0],
      other: [1, 2, 3, 4],
    });
    assert.deepEqual(weigh("What was Contoso's revenue in FY23?", reports.slice(0, 4)).best, [1]);
    assert.deepEqual(weigh("What was Contoso's revenue in 2025?", reports).other, [0, 1, 2, 3, 4]);
    const quarters = [
      text("Results of Q1 2023", "", "Revenue was 90 million."),
      text("Results of the second quarter of 2023", "", "Revenue was 98 million."),
    ];
    assert.deepEqual(weigh("What was the revenue in Q2 2023?", quarters), { best: [1], other: [0] });
  });

  it("is no year that stands in a few titles, as beside a film's name", () => {
    const films = [
      text("Kiss and Tell (1945 film)", "", "Shirley Temple starred as Corliss Archer."),
      text("Shirley Temple", "", "She was named ambassador."),
      text("Corliss Archer", "", "A character of the radio."),
      text("Ambassador", "", "A diplomat."),
    ];
    assert.deepEqual(weigh("Who starred in the film and became ambassador in 1974?", films).other, []);
  });

  const notes = [
    text("Changelog", "3.1.0 (2024-06-11)", "Added --watch."),
    text("Changelog", "2.10.0 (2023-11-02)", "Fixed a crash."),
    text("Changelog", "2.4.1 (2023-08-02)", "Fixed a leak."),
    text("Changelog", "2.4.0 (2023-07-15)", "Added retries."),
    text("Guide", "Timeout", "A test that takes longer fails."),
  ];

  it("is the version that it names, with all that begin with its numbers", () => {
    assert.deepEqual(weigh("What changed in version 2.4?", notes), { best: [2, 3], other: [0, 1] });
    assert.deepEqual(weigh("What changed in v3?", notes), { best: [0], other: [1, 2, 3] });
    assert.deepEqual(weigh("What was added in Kite 3?", notes), { best: [0], other: [1, 2, 3] });
  });

  it("is the newest where that is asked for, by number and by day", () => {
    assert.deepEqual(weigh("What is new in the latest version?", notes).best, [0]);
    assert.deepEqual(weigh("Was ist neu in der neuesten Version?", notes).best, [0]);
    assert.deepEqual(weigh("What was the latest revenue of Contoso?", reports.slice(0, 4)).best, [1]);
    assert.deepEqual(weigh("How large is the current working directory?", notes).best, [0, 1, 2, 3, 4]);
  });

  it("asks for changes only where a release is meant", () => {
    for (const question of [
      "What changed in 2.4?",
      "What is new in the latest version?",
      "What was removed in Kite 3?",
    ])
      assert.equal(asksForChanges(question), true, question);
    for (const question of ["How do I change the port?", "Which port is new?"])
      assert.equal(asksForChanges(question), false, question);
  });

  it("tells sources apart that cannot disagree", () => {
    const isOneSubject = subjectTest(reports.map(({ source, text: quote }) => ({ source, quote })));
    assert.equal(isOneSubject("Contoso annual report 2022", "Contoso annual report 2023"), false);
    assert.equal(isOneSubject("Contoso annual report 2023", "Fabrikam annual report 2023"), false);
    assert.equal(isOneSubject("Kite 2.4 manual", "Kite 3.1 manual"), false);
    assert.equal(isOneSubject("Kite 2.4 manual", "Kite 2.4.1 guide"), true);
    assert.equal(isOneSubject("Install guide", "Upgrade guide"), true);
    assert.equal(isOneSubject("Manual", "Reference"), true);
  });
});
