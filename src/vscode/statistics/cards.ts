import { figureNames } from "../../engine/figure-names.js";
import type { Words } from "../../engine/words.js";
import type { Statistics } from "../../sessions/statistics.js";
import type { Card } from "./card.js";
import { cardsByDay } from "./cards-by-day.js";
import { failuresCard, kindsCard, verdictsCard } from "./cards-of-counts.js";
import { completionCard, modelsCard, stepsCard } from "./cards-of-times.js";
import type { Format } from "./format.js";

/** What the page of statistics shows of one range of days, in the order in which it is read. */
export function cardsOf(statistics: Statistics, l10n: Words, format: Format): Card[] {
  const on = { statistics, l10n, format, names: figureNames(l10n) };
  const { sessions, spend, tokens } = cardsByDay(on);
  return [
    sessions,
    spend,
    completionCard(on),
    stepsCard(on),
    verdictsCard(on),
    kindsCard(on),
    modelsCard(on),
    tokens,
    failuresCard(on),
  ];
}
