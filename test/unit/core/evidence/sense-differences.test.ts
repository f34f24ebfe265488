import assert from "node:assert/strict";
import { formatMessage } from "../../../../src/common/messages.js";
import { checkSentence, verdictByCode } from "../../../../src/core/evidence/check-sentence.js";
import { findSenseDifferences, isOtherLanguage } from "../../../../src/core/evidence/sense-differences.js";

const differences = (sentence: string, ...quotes: string[]): string[] =>
  findSenseDifferences(sentence, quotes).map(formatMessage);

describe("the sense of a sentence", () => {
  const same: [string, string][] = [
    [
      "The vaccine didn't reduce admissions in that year.",
      "The vaccine did not reduce admissions in that year.",
    ],
    ["Files of up to 10 MB are accepted.", "It accepts files no larger than 10 MB."],
    ["Compression is disabled by default.", "Compression is off by default."],
    ["The old engine is slower than the new one.", "The new engine is faster than the old one."],
    ["Graduates had a lower rate than school leavers.", "School leavers had a higher rate than graduates."],
    ["Every request must have a token.", "All requests must carry a token."],
    ["Ships were sunk by the storm.", "The storm sank ships."],
    ["Crane was defeated by Marlow in 1904.", "Marlow defeated Crane in 1904."],
    ["After the siege ended, the treaty was signed.", "The treaty was signed after the siege ended."],
    ["Backups run each day at noon.", "Backups run daily at noon."],
    ["Der alte Motor ist langsamer als der neue.", "Der neue Motor ist schneller als der alte."],
    ["Die Pumpe fördert maximal 250 Liter.", "Die Pumpe fördert höchstens 250 Liter."],
    ["Drafts may be published only after review.", "Drafts must not be published until review is complete."],
    ["Guests can join only with an invitation.", "Guests cannot join without an invitation."],
    ["Higher pressure means less flow in the valve.", "Higher pressure reduced the flow in the valve."],
    ["Sync is off unless it is turned on.", "Sync is off if it is not turned on."],
    [
      "From 2.0 on, plugins are not loaded from the home folder.",
      "Since 2.0, plugins are no longer loaded from the home folder.",
    ],
    ["The relay must open before the pump starts.", "The pump starts after the relay must open."],
    ["Files of at most 3 MB are accepted.", "Files of more than 3 MB are rejected."],
    [
      "The crash of the parser no longer loses drafts.",
      "The release fixes a crash of the parser that loses drafts.",
    ],
    ["Backups are made each week.", "Backups are made weekly."],
    [
      "Das Tor bleibt geschlossen, es sei denn, der Wärter öffnet es.",
      "Das Tor bleibt geschlossen, sofern der Wärter es nicht öffnet.",
    ],
    [
      "Nach dem 3. Mai beträgt der Preis 80 Euro.",
      "Vor dem 3. Mai ist der Eintritt frei, danach beträgt der Preis 80 Euro.",
    ],
    ["1472 gründete Ilsabet die Universität.", "Ilsabet gründete die Universität im Jahr 1472."],
  ];
  for (const [sentence, quote] of same) {
    it(`lets pass: ${sentence}`, () => assert.deepEqual(differences(sentence, quote), []));
  }

  const other: [string, string, string][] = [
    ["The cache does not hold rows.", "The cache does hold rows.", "its quotes do not say “not”"],
    ["Plain text is written to the disk.", "Plain text is never written to the disk.", "its quotes say “never”"],
    ["Open the valve under load.", "Do not open the valve under load.", "its quotes say “not”"],
    ["Revenue fell in the quarter.", "Revenue rose in the quarter.", "its quotes say “rose”, and not “fell”"],
    ["Notice is given after the lease ends.", "Notice is given before the lease ends.", "its quotes say “before”, and not “after”"],
    ["The option disables caching.", "The option enables caching.", "its quotes say “enables”, and not “disables”"],
    ["It runs at the minimum pressure.", "It runs at the maximum pressure.", "its quotes say “maximum”, and not “minimum”"],
    ["The rule permits the sale of fireworks.", "The rule prohibits the sale of fireworks.", "its quotes say “prohibits”, and not “permits”"],
    ["The numbers have been unstable since.", "The numbers have been stable since.", "its quotes say “stable”, and not “unstable”"],
    ["All patients took the drug.", "48 of 96 patients took the drug.", "its quotes do not say “all”"],
    ["Only the owner reads the log.", "The owner reads the log.", "its quotes do not say “only”"],
    ["It holds at least 5 rows.", "It holds 5 rows.", "its quotes do not say “at least”"],
    ["The member must vote by proxy.", "The member may vote by proxy.", "its quotes say “may”, and not “must”"],
    ["Logs are rotated weekly there.", "Logs are rotated daily there.", "its quotes say “daily”, and not “weekly”"],
    ["Crane defeated Marlow in the election.", "Marlow defeated Crane in the election.", "its quotes have “marlow” and “crane” the other way round"],
    ["The rate went from 4 to 5.", "The rate went from 5 to 4.", "its quotes have “5” and “4” the other way round"],
    ["It has 61 pupils and 900 teachers.", "It has 900 pupils, more than ever, and 61 teachers.", "its quotes have “900” and “61” the other way round"],
    ["The pump delivers water to the tank.", "Seals nurse their pups for weeks.", "its quotes are about something else"],
    ["Die Bank senkte den Zins nicht.", "Die Bank senkte den Zins.", "its quotes do not say “nicht”"],
    ["Das Gesetz erlaubt den Verkauf.", "Das Gesetz verbietet den Verkauf.", "its quotes say “verbietet”, and not “erlaubt”"],
    ["Der Umsatz sank im Jahr stark.", "Der Umsatz stieg im Jahr stark.", "its quotes say “stieg”, and not “sank”"],
    ["The tool reads drafts from the folder.", "The tool no longer reads drafts from the folder.", "its quotes say “not”"],
    ["Editors must archive the draft.", "Editors may archive the draft.", "its quotes say “may”, and not “must”"],
    ["Writers must lock rows, and readers must lock rows too.", "Writers should lock rows, and readers must wait.", "its quotes say “should”, and not “must”"],
    ["A name has at most 3 letters.", "A name has at least 3 and at most 40 letters.", "its quotes say “at least”, and not “at most”"],
    ["Only guests may close the ballot.", "Only the chair may close the ballot; guests can watch.", "its quotes say “only chair”, and not “only guest”"],
    ["The chair and guests may close the ballot.", "Only the chair may close the ballot; guests can watch.", "its quotes say “only”"],
    ["The valve opens if the pump stops.", "The pump stops if the valve opens.", "its quotes have “pump” and “valve” the other way round"],
    ["The worker never retries the upload.", "The worker retries the upload unless the disk is full.", "its quotes say “unless”, and not “never”"],
    ["The lessor pays for the repair of the roof.", "The lessee pays for the repair of the roof.", "its quotes say “lessee”, and not “lessor”"],
    ["Until version 3, the daemon reads the old file.", "Starting with version 3, the daemon reads the old file.", "its quotes say “since”, and not “until”"],
    ["Most voters in the town backed the plan.", "A third of the voters in the town backed the plan.", "its quotes say “1/3”, and not “most”"],
    ["The heater runs twice per week.", "The heater runs twice per month.", "its quotes say “monthly”, and not “weekly”"],
    ["Die Frist wird um 3 Tage verkürzt.", "Die Frist wird um 3 Tage verlängert.", "its quotes say “verlängert”, and not “verkürzt”"],
    ["Es fasst mindestens 5 Zeilen.", "Es fasst höchstens 5 Zeilen.", "its quotes do not say “at least”"],
  ]; // prettier-ignore
  for (const [sentence, quote, reason] of other) {
    it(`is not its quote's: ${sentence}`, () => {
      assert.ok(differences(sentence, quote).includes(reason), differences(sentence, quote).join("; "));
      assert.deepEqual(verdictByCode(checkSentence(sentence, [quote]))?.verdict, "qualified");
    });
  }

  it("is not compared word by word where the sentence is written in other words", () => {
    const quote = "Both sides must support compression, otherwise messages are sent uncompressed.";
    assert.deepEqual(
      differences("Messages are compressed only if each of both sides supports it.", quote),
      [],
    );
  });

  it("is the quote's where it stands there as a whole clause, and not where it is cut from one", () => {
    const quote = "Do not open the valve, and keep the pump dry.";
    assert.deepEqual(differences("keep the pump dry", "Wait and see: keep the pump dry. Never run it."), []);
    assert.deepEqual(differences("Open the valve.", quote), ["its quotes say “not”"]);
  });

  it("is taken from several quotes together", () => {
    assert.deepEqual(
      differences(
        "Keys never leave the machine, and reports may be shared.",
        "Keys never leave the machine.",
        "Reports may be shared.",
      ),
      [],
    );
  });

  it("is compared in English and German alone", () => {
    assert.equal(isOtherLanguage("Le journal ne reprend pas les sessions après un arrêt."), true);
    assert.equal(isOtherLanguage("Москва и Париж — города."), true);
    assert.equal(isOtherLanguage("Der Dienst beendet die Sitzung nicht."), false);
    assert.equal(isOtherLanguage("The service ends the session."), false);
    assert.deepEqual(
      differences(
        "Le journal ne reprend pas les sessions.",
        "Le journal reprend les sessions après un arrêt.",
      ),
      [],
    );
  });

  it("does not count where a fact is missing: that is worse", () => {
    const found = checkSentence("It never keeps 31 days.", ["It keeps 30 days."]);
    assert.deepEqual(found, { missing: ["31"], differences: [] });
    assert.deepEqual(verdictByCode(found), { verdict: "unsupported", reason: "not in its quotes: 31" });
  });
});
