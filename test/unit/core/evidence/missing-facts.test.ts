import assert from "node:assert/strict";
import { findMissingFacts } from "../../../../src/core/evidence/missing-facts.js";
import { findNumbers, findMissingNumbers } from "../../../../src/core/evidence/numbers.js";
import { findMissingNames } from "../../../../src/core/evidence/proper-names.js";

describe("figures", () => {
  it("reads numbers, versions, dates, words and addresses in one spelling", () => {
    assert.deepEqual(
      findNumbers("In 1,000 runs of v2.10 on 2026-11-22, two failed; see https://example.org/a."),
      new Set(["https://example.org/a", "1000", "2.10", "2026", "11", "22", "2"]),
    );
    assert.deepEqual(findNumbers("Twenty-five of ٣٤ and １２"), new Set(["34", "12", "25"]));
  });

  const same: [string, string][] = [
    ["It keeps 30 days.", "It keeps 30 days of logs."],
    ["It keeps 2 copies.", "It keeps two copies."],
    ["It keeps twelve copies.", "It keeps 12 copies."],
    ["It takes twenty-five seconds.", "It takes 25 s."],
    ["It holds 12,000 rows.", "It holds 12\u202f000 rows."],
    ["It starts at 10.", "It starts at 10:15."],
    ["Five million people saw it.", "It was seen by 5 million."],
    ["Five million people saw it.", "It was seen by 5,000,000."],
    ["Some five hundred came.", "500 came."],
    ["Compare the two fields.", "Breaks and Conflicts are fields."],
    ["No one knows.", "It is not known."],
    ["It cost $142 million.", "It cost $142M."],
    ["It cost 21.4 million dollars.", "It cost US$21.40M."],
    ["Fourteen came.", "14 came."],
    ["It rose by 12%.", "It rose by 12 per cent."],
    ["It waits 1 second.", "It waits 1,000 ms."],
    ["It takes 1 GiB.", "It takes 1024 MiB."],
    ["It waits half a minute.", "It waits 30 s."],
    ["The delay is 2 times as long.", "The delay is twice as long."],
    ["In Q3 it grew.", "It grew in the third quarter."],
    ["It began on 12 March 2024.", "It began on 2024-03-12."],
    ["It began on March 12, 2024.", "It began on 03/12/2024."],
    ["It began in March 2024.", "It began on 12.03.2024."],
    ["Am 12. März 1848 begann es.", "Es begann am 12.03.1848."],
    ["Es kostete 142 Mio. €.", "Es kostete 142 Millionen Euro, und das ist nicht wenig."],
    ["Die Datei ist nicht größer als 1500 Zeilen.", "Die Datei ist nicht größer als 1.500 Zeilen."],
    ["Vierzehn kamen, fünfundzwanzig gingen.", "Es kamen 14, und 25 gingen."],
    ["It covers 1240 km².", "It covers 1,240 square kilometres."],
    ["It runs at 10 Gbit/s.", "It runs at 10 Gb/s."],
    ["It takes 5 seconds.", "| Timeout (seconds) | 5 |"],
    ["It takes 4096 MB.", "It takes 4 GB."],
    ["A quarter of the rows are empty.", "25 % of the rows are empty."],
    ["About half of the voters came.", "1,204 of 2,408 voters came."],
    ["One in five came.", "20 percent came."],
    ["Less than half of the town voted.", "44 % of the town voted."],
    ["Memory fell to a quarter of it.", "Memory fell from 1.2 GB to 300 MB."],
    ["Three of ten cases are fatal.", "30% of cases are fatal."],
    ["It lasts 7 days.", "It lasts a week."],
    ["It ends within a day.", "It ends within 24 hours."],
    ["It was ten years later.", "It began in 1609 and ended in 1619."],
    ["Some 84 000 came.", "84,000 came."],
    ["Those between 16 and 18 may enter.", "Those aged 16 to 18 enter."],
    ["It is for those over 16 years.", "Nobody under the age of 16 is admitted."],
    ["Jeder Vierte kam, und das ist nicht wenig.", "25 Prozent kamen, und das ist nicht wenig."],
    ["Die Regel gilt seit dem 1.7. auch für sie.", "Die Regel gilt seit dem 1. Juli auch für sie."],
    ["It was so in the 1990s.", "It was so in the 1990s, for 5 s."],
  ];
  for (const [sentence, quote] of same) {
    it(`lets pass: ${sentence}`, () => assert.deepEqual(findMissingNumbers(sentence, [quote]), []));
  }

  const other: [string, string, string[]][] = [
    ["It keeps 31 days.", "It keeps 30 days of logs.", ["31"]],
    ["It keeps three copies.", "It keeps two copies.", ["3"]],
    ["It keeps two copies.", "It keeps three copies.", ["2"]],
    ["It holds 1.5 GB.", "It holds 15 GB.", ["1.5"]],
    ["Five billion people saw it.", "It was seen by 5 million.", ["5000000000"]],
    ["It had 60 billion rows.", "It had 60 million of 2.3 billion rows.", ["60000000000"]],
    ["It is version 2.10.1.", "It is version 2.10.", ["2.10.1"]],
    ["On April 5 it had five rounds.", "On April 4 it had five rounds.", ["April 5"]],
    ["It came third.", "It came fourth.", ["3"]],
    ["See https://evil.example/x.", "See the manual.", ["https://evil.example/x"]],
    ["It cost $21.4B.", "It cost $21.4M.", ["$21.4B"]],
    ["It cost €142 million.", "It cost $142 million.", ["€142 million"]],
    ["It waits 12 days.", "It waits 12 hours.", ["12 days"]],
    ["It holds 100 MB.", "It holds 100 Mb.", ["100 MB"]],
    ["It holds 100 MB.", "It holds 100 MiB.", ["100 MB"]],
    ["It rose by 5 percentage points.", "It rose by 5 percent.", ["5 percentage points"]],
    ["It takes 1 week.", "It takes 1 month.", ["1 week"]],
    ["It pumps 5 litres per hour.", "It pumps 5 litres per minute.", ["5 litres per hour"]],
    ["It earns $15 a day.", "It earns $15 an hour.", ["$15 a day"]],
    ["It began on 12 April 2024.", "It began on 12 March 2024.", ["12 April 2024"]],
    ["It began on 2024-12-03.", "It began on 12 March 2024.", ["3"]],
    ["Es begann am 12. Mai 1848.", "Es begann am 12.03.1848.", ["12. Mai 1848"]],
    ["Es kostete 142 Milliarden Euro.", "Es kostete 142 Millionen Euro.", ["142 Milliarden Euro"]],
    ["It takes 4096 MB.", "It takes 4 GiB.", ["4096"]],
    ["A third of the rows are empty.", "25 % of the rows are empty.", ["1/3"]],
    ["More than half of the town voted.", "44 % of the town voted.", ["1/2"]],
    ["It ends within a month.", "It ends within a week.", ["1 month"]],
    ["It was ten years later.", "It began in 1609 and ended in 1629.", ["10"]],
    ["It was read by 1 in 4.", "It was read by 1 of 3.", ["4"]],
    ["It came in the second quarter.", "It came in the third quarter.", ["2/4"]],
  ];
  for (const [sentence, quote, missing] of other) {
    it(`misses ${missing.join()} in: ${sentence}`, () =>
      assert.deepEqual(findMissingNumbers(sentence, [quote]), missing));
  }
});

describe("names", () => {
  const same: [string, string][] = [
    ["Developers should restart Kubernetes’s pods.", "Pods restart under kubernetes."],
    ["The WHO warned of it.", "The World Health Organization warned of it."],
    ["The World Health Organization warned of it.", "The WHO warned of it."],
    ["Einstein died in April.", "Einstein died on 1955-04-18."],
    ["Docker-based builds are quick.", "Builds with Docker are quick."],
    ["`maxRetries` sets how often.", "Set `options.maxRetries` to a number."],
    ["Setting it helps: Restart the program.", "Restart the program after setting it."],
    ["Die Sitzung beginnt neu, und das Protokoll ist nicht verloren.", "Nach dem Neustart geht es weiter."],
    ["I found that it works.", "It works."],
    [
      "Après un arrêt, les sessions sont reprises par le journal.",
      "Le journal reprend les sessions après un arrêt.",
    ],
    ["Cada fuente se puede comprobar en los informes.", "Los informes se comprueban; la fuente también."],
    ["Apples and Oranges | Pears", "apples, oranges and pears"],
    ["It was the Halden Corporation.", "It was Halden Corp."],
    ["They climbed Mt. Kessu.", "They climbed Mount Kessu."],
    ["He left the United States.", "He left the U.S."],
    ["He left the U.S. at last.", "He left the United States."],
    ["He left the US.", "He left the U.S."],
    ["It boils at 100 degrees Celsius.", "It boils at 100 °C."],
    ["It takes 0.5 GiB.", "It takes 512 MiB."],
    ["It cost $142M.", "It cost $142 million."],
    ["Canadian banks lend less.", "Banks lend less in Canada."],
    ["Banks lend less in Sweden.", "Swedish banks lend less."],
    ["TLS is required.", "It requires transport layer security."],
    ["Flushing takes a second.", "It flushes the buffer every second."],
    ["It cost CHF 12 billion.", "It cost 12 billion francs."],
    ["Die Bank ist nicht in Schweden und nicht in Deutschland.", "The bank is not in Sweden or Germany."],
  ];
  for (const [sentence, quote] of same) {
    it(`lets pass: ${sentence}`, () => assert.deepEqual(findMissingNames(sentence, [quote]), []));
  }

  const other: [string, string, string[]][] = [
    ["In 1955, Newton died in Princeton.", "In 1955, Einstein died in Princeton.", ["Newton"]],
    ["Newton died in Princeton.", "Einstein died in Princeton.", ["Newton"]],
    ["Shirley Jackson was an ambassador.", "Shirley Temple was an ambassador.", ["Jackson"]],
    ["Python supports it, and C++ does not.", "Python supports it, and C does not.", ["C++"]],
    ["Use `Conflicts` there.", "Use `Breaks` there.", ["Conflicts"]],
    ["It was signed in May.", "It was signed in June.", ["May"]],
    ["He said: “Never in Paris”.", "He said: “Never in Rome”.", ["Paris"]],
    ["iPhone owners like it.", "Android owners like it.", ["iPhone"]],
    ["Der Vertrag wurde mit Angela Merkel und nicht mit ihm geschlossen.", "Der Vertrag wurde mit Olaf Scholz geschlossen.", ["Angela", "Merkel"]],
    ["Les sessions sont nées à Lyon pour les journaux.", "Les sessions sont nées à Paris pour les journaux.", ["Lyon"]],
    ["Москва и Париж — города.", "Москва и Рим — города.", ["Париж"]],
    ["Shell Perry is an author.", "Anne Perry is an author.", ["Shell"]],
    ["Straight No Comandos (SNC) sings.", "Straight No Chaser (SNC) sings.", ["Comandos"]],
    ["It was in The January League.", "It was 1 of the Football League.", ["January"]],
    ["Austrian wool is thick.", "Wool from Australia is thick.", ["Austrian"]],
    ["Die Nachfrage aus Indien ist gestiegen und nicht gesunken.", "Die Nachfrage aus Japan ist gestiegen.", ["Indien"]],
    ["Am Montag wurde der Antrag nicht gestellt.", "Am Freitag wurde der Antrag nicht gestellt.", ["Montag"]],
    ["| It uses SQLite.", "It uses Postgres.", ["SQLite"]],
    ["He left the US.", "He told us of it.", ["US"]],
  ]; // prettier-ignore
  for (const [sentence, quote, missing] of other) {
    it(`misses ${missing.join()} in: ${sentence}`, () =>
      assert.deepEqual(findMissingNames(sentence, [quote]), missing));
  }

  it("takes what several quotes show together", () => {
    assert.deepEqual(
      findMissingFacts("Ada met Babbage in 1833.", ["Ada was there.", "Babbage came in 1833."]),
      [],
    );
  });
});
