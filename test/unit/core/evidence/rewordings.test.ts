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
  [
    "a figure in other words",
    [
      ["After twenty mills had closed, the fair ended.", "The fair ended when the twentieth mill had closed."],
      ["The vote on the mill was 9:4.", "The council kept the mill by nine votes to four."],
      ["The trough is filled twice an hour.", "The trough is filled every 30 minutes."],
      ["Notice must be given two months before.", "Notice must be given 60 days before."],
      ["Notice must be given within one month.", "Notice must be given within a period of 30 days."],
      ["65% of the mills that were asked closed.", "Of the 480 mills that were asked, 312 closed."],
      ["60% of the sheep were shorn.", "Of every ten sheep, six were shorn."],
      ["Four out of ten sheep were not shorn.", "Of every ten sheep, six were shorn."],
      ["Only a third of the sacks were not lost.", "Two thirds of the sacks were lost."],
      ["The toll was twice as high.", "The toll doubled."],
      ["In 1911, there were 20 mills.", "There are 60 mills, three times as many as in 1911."],
      ["In the whole country, one in six mills closed.", "One in three mills closed here, twice the share of the whole country."],
      ["The road was shut for more than a week.", "The road was shut for nine days."],
      ["25 of the 27 mills closed.", "All but two of the 27 mills closed."],
      ["The three breeds are Texel, Suffolk and Merino.", "The farm keeps Texel, Suffolk and Merino sheep."],
      ["The mill was built in the 800s.", "The mill was built in the ninth century."],
      ["The first fair was held on October 17, 1882.", "Founded in 1882, the fair was first held on 17 October of that year."],
      ["Sheep before the last hundred are forgotten.", "The book has the last 100 sheep."],
      ["The tank is not zero-filled.", "The tank is not zeroed."],
      ["The dairy needs −70 °C.", "The dairy needs minus 70 degrees Celsius."],
      ["Jeder achte Müller gab auf.", "12,5 Prozent der Müller gaben auf."],
      ["Die Mühle mahlt alle 30 Minuten.", "Die Mühle mahlt im Halbstundentakt."],
      ["Der Sack fasst ein halbes Kilo.", "Der Sack fasst 500 Gramm."],
      ["Innerhalb eines Jahres stieg der Preis.", "Der Preis liegt höher als vor einem Jahr."],
    ],
  ],
  [
    "a word that is no name",
    [
      ["Lazy shearing saves time.", "Sheep are shorn lazily, which saves time."],
      ["Shearer wages fell.", "Wages of those who shear fell."],
      ["Nowhere else is the toll higher.", "The toll here is the highest."],
      ["Sheepfolds of stone are rare.", "Folds for sheep that are built of stone are rare."],
      ["Sending SIGHUP stops the mill.", "The mill stops on SIGHUP."],
      ["The mill lies 0.4 AU away.", "The mill lies 0.4 astronomical units away."],
      ["The mill cost 40,000 US dollars.", "The mill cost $40,000."],
      ["The attack is known as XSS.", "The attack is cross-site scripting."],
      ["Im Streit hat die Herde Vorrang.", "Im Streit gewinnt die Herde, und die Mühle wartet."],
      ["Müller haben zwei Monate Zeit.", "Müller müssen innerhalb von zwei Monaten zahlen."],
      ["Roth kaufte den kleineren Betrieb Vogt.", "Roth kaufte die kleinere Mühle Vogt."],
    ],
  ],
  [
    "a denial of what its quote says in other words",
    [
      ["The grain can be sold but neither milled nor stored.", "The grain can not be milled or stored; it can only be sold."],
      ["No mill in the valley is older than this one.", "This is the oldest mill in the valley."],
      ["Once sold, a sheep can not be reclaimed.", "Selling a sheep is final, and it must be shorn before it is sold."],
      ["The gate opens without manual help.", "The gate opens automatically."],
      ["The old gate did not close.", "Unlike the old gate, the new gate closes."],
      ["Non-empty sacks can not be washed.", "A sack must be empty before it can be washed."],
      ["No toll is paid for sheep with a mark.", "A toll is paid for sheep unless they bear a mark."],
      ["More than half of the sheep were not shorn.", "Fewer than half of the sheep were shorn."],
      ["The gate stays shut while the pen is not full.", "The gate stays shut until the pen is full."],
      ["Die Mühle öffnet nicht vor 2026.", "Die Mühle öffnet erst 2026."],
      ["Der Rat plant nicht, die Mühle vor 2026 zu öffnen.", "Der Rat will die Mühle nicht vor 2026 öffnen."],
      ["Keines der Schafe war frei von Zecken.", "An allen Schafen fanden sich Zecken."],
    ],
  ],
  [
    "a limit that its quote has in other words",
    [
      ["All sheep are counted.", "Sheep are counted, and lambs are marked."],
      ["A sack may only be opened by the miller.", "You may weigh a sack, but it must be opened by the miller."],
      ["Only a few mills are left.", "Fewer than a tenth of the mills are left."],
      ["A pen can only be closed when it is empty.", "A pen must be empty before it can be closed."],
      ["Steiner ran the mill up to 1534.", "Steiner ran the mill until 1534."],
      ["The fleece is lost if the sheep has been washed.", "The fleece is kept only if the sheep has not been washed."],
      ["Before 1911, the mill was slow.", "In 1911, the mill became fast."],
      ["You can not sell sheep while the fair is open unless you pay.", "The fair refuses to sell sheep while the fair is open, unless you pay."],
    ],
  ],
  [
    "a word that only looks like another one",
    [
      ["Apart from sheep, no cart may enter.", "Only sheep enter until the end of March, and no cart."],
      ["A bus stops at the mill.", "Buses stop at the mill."],
      ["When the wheel is stuck, the mill turns to hand power.", "The mill uses the wheel and falls back to hand power when the wheel is stuck."],
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
  [
    "a figure that its quote does not have in any words",
    [
      ["After thirty mills had closed, the fair ended.", "The fair ended when the twentieth mill had closed."],
      ["The vote on the mill was 9:5.", "The council kept the mill by nine votes to four."],
      ["The trough is filled four times an hour.", "The trough is filled every 30 minutes."],
      ["Notice must be given three months before.", "Notice must be given 60 days before."],
      ["75% of the mills that were asked closed.", "Of the 480 mills that were asked, 312 closed."],
      ["Four out of ten sheep were shorn.", "Of every ten sheep, six were shorn."],
      ["26 of the 27 mills closed.", "All but two of the 27 mills closed."],
      ["The four breeds are well known.", "The farm keeps Texel, Suffolk and Merino sheep."],
      ["The mill was built in the 900s.", "The mill was built in the ninth century."],
    ],
  ],
  [
    "a name, denial or limit of its own",
    [
      ["Acme sheared 40 sheep.", "Apex sheared 40 sheep."],
      ["Sheep can not be sold in May.", "Sheep can be sold in May."],
      ["A pen need not be empty before it can be closed.", "A pen must be empty before it can be closed."],
      ["No toll is paid for sheep.", "A toll is paid for sheep unless they bear a mark."],
      ["All fourteen mills closed.", "Of the fourteen mills, only five closed."],
      ["All of the sheep were sold in May.", "None of the sheep were sold in May."],
      ["This is the shallowest well in the valley.", "This is the deepest well in the valley."],
      ["Der Preis sank auf 4 Euro je Sack.", "Der Preis kletterte auf 4 Euro je Sack."],
      ["A fair is held in May.", "A fair is held in March."],
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
