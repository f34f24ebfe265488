import assert from "node:assert/strict";
import { checkSentence, verdictByCode } from "../../../../src/core/evidence/check-sentence.js";

/* Sentences that say the same in other words, numbers or units, and some that seem to: as a report's writer makes them. */

const doubtOf = (sentence: string, quote: string): string | null =>
  verdictByCode(checkSentence(sentence, [quote]))?.reason ?? null;

const SAME: [string, [string, string][]][] = [
  [
    "a number that is computed from others",
    [
      ["The mill sold four times as many sacks in 1911 as in 1901.", "The mill sold 300 sacks in 1901 and 1,200 in 1911."],
      ["The number of sacks quadrupled.", "The number of sacks rose from 300 to 1,200."],
      ["Sales rose by 300% from 1901 to 1911.", "Sales rose from 300 sacks in 1901 to 1,200 in 1911."],
      ["The new kiln burns 35% less wood than the old one.", "The new kiln burns 65% of the wood of the old one."],
      ["The new kiln needs three quarters of the wood.", "The new kiln needs 25% less wood."],
      ["The path is 4 km shorter than the road.", "The path measures 17 km and the road 21 km."],
      ["A third of the 1,200 sacks, 400 in all, were wet.", "A third of the 1,200 sacks were wet."],
      ["The work had been planned for 7 weeks.", "The work took 14 weeks, twice as long as planned."],
      ["After the sale, 260 sheep remain.", "The farm sold 90 of its 350 sheep."],
      ["He was mayor from 1880 to 1889.", "He was mayor for nine years until 1889."],
      ["The mill burned down in the 19th century.", "The mill burned down in 1874."],
      ["12 of the 300 sacks were not sold.", "288 of the 300 sacks were sold."],
      ["Last year, the prize was €800.", "The prize is €950, €150 more than last year."],
      ["Der Preis lag im Vorjahr bei 0,80 Euro.", "Der Preis liegt bei 1,10 Euro, 30 Cent mehr als im Vorjahr."],
      ["Die Zahl der Schafe hat sich verdreifacht.", "Die Zahl der Schafe stieg von 50 auf 150."],
    ],
  ],
  [
    "a rounded number",
    [
      ["More than a thousand sacks were sold.", "1,043 sacks were sold."],
      ["Nearly 400 sheep were shorn.", "391 sheep were shorn."],
      ["About 400 sheep were shorn.", "403 sheep were shorn."],
    ],
  ],
  [
    "a number, date or unit in another form",
    [
      ["The lamp burns for one and a half hours.", "The lamp burns for 90 minutes."],
      ["The lamp burned for a year and a half.", "The lamp burned for 18 months."],
      ["Die Lampe brennt zweieinhalb Stunden.", "Die Lampe brennt 150 Minuten."],
      ["The gate opens at 3 p.m.", "The gate opens at 15:00."],
      ["Das Tor öffnet um 7:30 Uhr.", "Das Tor öffnet um 7.30 Uhr."],
      ["The fair takes place on 8 and 9 May 2021.", "The fair takes place on May 8 and 9, 2021."],
      ["Version 4.0 was released in 06/2019.", "Version 4.0 was released in June 2019."],
      ["The lamp costs $0.07 a day.", "The lamp costs 7 cents a day."],
      ["The stock grew from 2 million to 3 million sacks.", "The stock grew from 2 to 3 million sacks."],
      ["Fares must be paid with 30 days' notice.", "Fares must be paid with notice of 30 days."],
      ["Children under 12 years pay nothing.", "Children under 12 pay nothing."],
      ["Patches for v3.2 are free.", "Patches for version 3.2 are free."],
    ],
  ],
  [
    "an ordinary word at the start",
    [
      ["Fourteen sheep were shorn.", "They shore 14 sheep."],
      ["Bicycles may be taken along.", "Bikes may be taken along."],
      ["Nowadays, the mill stands still.", "The mill stands still today."],
      ["Wird die Klappe geöffnet, lehnt der Wächter Säcke ab.", "Säcke werden abgelehnt, wenn die Klappe offen ist."],
    ],
  ],
  [
    "a condition, a negation or a comparison turned round twice",
    [
      ["Unless the gate is shut, the bell rings.", "The bell rings if the gate is not shut."],
      ["If the gate is shut, the bell does not ring.", "The bell rings unless the gate is shut."],
      ["Ist das Tor zu, läutet die Glocke nicht.", "Die Glocke läutet, sofern das Tor nicht zu ist."],
      ["Before 1990, letters could be sent by boat.", "Since 1990, letters can no longer be sent by boat."],
      ["No other mill ground more flour.", "The mill ground more flour than any other."],
      ["Stone conducts heat less well than tin.", "Tin conducts heat better than stone."],
      ["The gate does not open by itself when `auto` is 0.", "Set `auto` to 0 to disable opening of the gate by itself."],
      ["The map was printed in 1931.", "The map was not printed until 1931."],
      ["Wer den Antrag nicht stellt, verliert die Wiese.", "Der Antrag ist zu stellen, sonst verliert man die Wiese."],
      ["The tower has a height of 0.3 km.", "The tower, 300 m tall, can be climbed by visitors all year."],
    ],
  ],
]; // prettier-ignore

const OTHER: [string, [string, string][]][] = [
  [
    "a number that nothing makes",
    [
      ["The mill sold six times as many sacks in 1911 as in 1901.", "The mill sold 300 sacks in 1901 and 1,200 in 1911."],
      ["Sales rose by 150% from 1901 to 1911.", "Sales rose from 300 sacks in 1901 to 1,200 in 1911."],
      ["The path is 5 km shorter than the road.", "The path measures 17 km and the road 21 km."],
      ["More than a thousand sacks were sold.", "1,943 sacks were sold."],
      ["Nearly 400 sheep were shorn.", "403 sheep were shorn."],
      ["The mill burned down in the 18th century.", "The mill burned down in 1874."],
      ["12 of the 300 sacks were sold.", "288 of the 300 sacks were sold."],
      ["The rate was cut by 0.5 percent.", "The rate was cut from 4.5 to 4 percent, by half a percentage point."],
      ["The lamp burns for one and a half hours.", "The lamp burns for 50 minutes."],
      ["The gate opens at 3 p.m.", "The gate opens at 3:00."],
      ["The fair takes place on 7 and 9 May 2021.", "The fair takes place on May 8 and 9, 2021."],
      ["The lamp costs $7 a day.", "The lamp costs 7 cents a day."],
    ],
  ],
  [
    "a condition that is turned round",
    [
      ["The bell rings if the gate is shut.", "The bell rings unless the gate is shut."],
      ["The bell rings if no sheep is missing.", "The bell rings if at least one sheep is missing."],
      ["The council did not approve the mill.", "The council did not approve the mill until the owner had paid for it."],
    ],
  ],
  [
    "another word of its kind",
    [
      ["The mill opens before the spring.", "The mill opens before the autumn."],
      ["Sheep can not tell red from green.", "Sheep can not tell red from black."],
      ["Set `max_sheep` to 0 to close the gate.", "Set `max_sacks` to 0 to close the gate for sheep."],
      ["Anna Steiner führt die Mühle.", "Anna Stein führt die Mühle."],
      ["The mill grinds 200 sacks per minute.", "The mill grinds 200 sacks per hour."],
    ],
  ],
  [
    "more for less, some for all, and the like",
    [
      ["More than one in ten of the mills expect to close.", "Fewer than one in ten mills expect to close."],
      ["The council raised the toll to 4 shillings.", "The council left the toll unchanged at 4 shillings."],
      ["The miller agreed to sell some of his sheep.", "They did not sign until the miller agreed to sell all of his sheep."],
      ["Unlike Steiner, Vogt has never owned sheep.", "Unlike Vogt, Steiner has never owned sheep."],
      ["Karl Roth defeated the incumbent, Ada Vogt.", "Ada Vogt defeated the incumbent, Karl Roth, in May."],
      ["Züge von Ulm nach Köln fahren länger.", "Züge von Köln nach Ulm fahren länger."],
    ],
  ],
]; // prettier-ignore

describe("a sentence in other words than its quote", () => {
  for (const [kind, cases] of SAME) {
    describe(`may have ${kind}`, () => {
      for (const [sentence, quote] of cases) it(sentence, () => assert.equal(doubtOf(sentence, quote), null));
    });
  }
  for (const [kind, cases] of OTHER) {
    describe(`must not have ${kind}`, () => {
      for (const [sentence, quote] of cases)
        it(sentence, () => assert.notEqual(doubtOf(sentence, quote), null));
    });
  }
});
