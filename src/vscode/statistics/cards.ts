import { statisticsLabels } from "../../app/statistics-labels.js";
import type { Localizer } from "../../common/messages.js";
import type { Statistics } from "../../app/statistics.js";
import type { Card } from "./card.js";
import { createDailyCards } from "./daily-cards.js";
import { createErrorsCard, createFailuresCard, createKindsCard, createVerdictsCard } from "./count-cards.js";
import { createCompletionCard, createModelsCard, createStepsCard } from "./duration-cards.js";
import type { StatisticsFormat } from "./format.js";

/** The cards of one date range, in reading order. */
export function createCards(statistics: Statistics, l10n: Localizer, format: StatisticsFormat): Card[] {
  const context = { statistics, l10n, format, names: statisticsLabels(l10n) };
  const { sessions, spend, tokens } = createDailyCards(context);
  return [
    sessions,
    spend,
    createCompletionCard(context),
    createStepsCard(context),
    createVerdictsCard(context),
    createKindsCard(context),
    createModelsCard(context),
    tokens,
    createFailuresCard(context),
    createErrorsCard(context),
  ];
}
