import { OFFLINE_PROVIDER } from "../core/domain/schema.js";
import { MODEL_PROVIDERS } from "../models/providers.js";
import type { Depth, ProviderId, QuestionKind, Verdict } from "../core/domain/schema.js";
import type { SessionOutcome, StepName } from "../storage/statistics/session-stats.js";
import type { FailureKind } from "../storage/statistics/failure-kind.js";
import type { Localizer } from "../common/messages.js";

/** What statistics speak of, as people say it. */
export interface StatisticsLabels {
  outcomes: Record<SessionOutcome, string>;
  kinds: Record<QuestionKind, string>;
  depths: Record<Depth, string>;
  engines: ReadonlyMap<ProviderId, string>;
  steps: Record<StepName, string>;
  verdicts: Record<Verdict, string>;
  failure(what: FailureKind): string;
}

export function statisticsLabels(l10n: Localizer): StatisticsLabels {
  const failures: Partial<Record<FailureKind, string>> = {
    "no-key": l10n.t("No key"),
    "bad-key": l10n.t("The key was refused"),
    billing: l10n.t("Billing is not set up"),
    "day-quota": l10n.t("The day’s quota was used up"),
    "rate-limit": l10n.t("Too many requests in a minute"),
    overloaded: l10n.t("The model was overloaded"),
    "no-network": l10n.t("No network"),
    "unknown-model": l10n.t("The model does not exist"),
    "bad-request": l10n.t("The request was refused"),
    blocked: l10n.t("Blocked by the model"),
    "bad-answer": l10n.t("The answer could not be used"),
    "bad-url": l10n.t("Invalid URL"),
    "refused-address": l10n.t("URL not allowed"),
    unreachable: l10n.t("The page could not be reached"),
    "too-large": l10n.t("Too large to read"),
    timeout: l10n.t("No answer in time"),
    unreadable: l10n.t("Could not be read"),
    "empty-page": l10n.t("The page was empty"),
    "consent-page": l10n.t("A consent form instead of the page"),
    paywall: l10n.t("Behind a paywall"),
    "no-text-layer": l10n.t("A PDF without text"),
    password: l10n.t("A PDF with a password"),
    "damaged-file": l10n.t("A damaged file"),
    robots: l10n.t("Disallowed by the site’s robots.txt"),
    "cannot-write": l10n.t("Could not be written"),
    "cannot-read": l10n.t("Could not be read"),
    budget: l10n.t("The budget was used up"),
    "not-approved": l10n.t("Cost not approved"),
  };
  const other = l10n.t("Something else");
  return {
    outcomes: {
      done: l10n.t("done"),
      partial: l10n.t("partial"),
      running: l10n.t("running"),
      interrupted: l10n.t("interrupted"),
      cancelled: l10n.t("cancelled"),
      failed: l10n.t("failed"),
      damaged: l10n.t("damaged"),
      newer: l10n.t("newer version"),
    },
    kinds: {
      lookup: l10n.t("Lookup"),
      explanation: l10n.t("Explanation"),
      howto: l10n.t("How to"),
      comparison: l10n.t("Comparison"),
      decision: l10n.t("Decision"),
      survey: l10n.t("Survey"),
    },
    depths: { quick: l10n.t("quick"), standard: l10n.t("standard"), deep: l10n.t("deep") },
    engines: new Map(
      MODEL_PROVIDERS.map(({ id, displayName }) => [
        id,
        id === OFFLINE_PROVIDER ? l10n.t("offline engine") : displayName,
      ]),
    ),
    steps: {
      plan: l10n.t("Planning"),
      search: l10n.t("Searching"),
      read: l10n.t("Reading"),
      extract: l10n.t("Extracting"),
      outline: l10n.t("Outlining"),
      write: l10n.t("Writing"),
      verify: l10n.t("Checking"),
      rewrite: l10n.t("Rewriting"),
      conclude: l10n.t("Summarizing"),
      other: l10n.t("Other calls"),
    },
    verdicts: {
      supported: l10n.t("supported"),
      qualified: l10n.t("qualified"),
      contradicted: l10n.t("contradicted"),
      unsupported: l10n.t("unsupported"),
      "not-checked": l10n.t("not checked"),
    },
    failure: (what) => failures[what] ?? other,
  };
}
