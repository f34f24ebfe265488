import { figureNames } from "../../app/statistics-labels.js";
import type { Words } from "../../common/messages.js";
import type { Statistics } from "../../storage/statistics/summarize.js";
import type { Card } from "./card.js";
import { cardsByDay } from "./daily-cards.js";
import { failuresCard, kindsCard, verdictsCard } from "./count-cards.js";
import { completionCard, modelsCard, stepsCard } from "./duration-cards.js";
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
