import type { Localizer } from "../../common/messages.js";
import type { Statistics } from "../../app/statistics.js";
import type { Card } from "./card.js";
import { createCards } from "./cards.js";
import { escapeHtml, type StatisticsFormat } from "./format.js";

/*
 * The statistics page is one document that contains all ranges; the style sheet shows the selected one. Its
 * script only remembers the selection.
 */

/** Selectable ranges in days; null is all time. */
export const RANGES = [7, 30, 90, null] as const;
const CHOSEN = 30;

export interface StatisticsPage {
  /** The folder that contains the sessions. */
  folder: string;
  /** One for each of RANGES. */
  ranges: Statistics[];
  /** Webview addresses. */
  style: string;
  script: string;
  /** The source from which styles and scripts may be loaded (for the content security policy). */
  source: string;
  language: string;
}

export function renderStatisticsPage(
  page: StatisticsPage,
  l10n: Localizer,
  format: StatisticsFormat,
): string {
  const all = page.ranges.at(-1);
  const isEmpty = all === undefined || all.sessions.total === 0;
  const policy = `default-src 'none'; style-src ${page.source}; script-src ${page.source}`;
  return `<!DOCTYPE html>
<html lang="${escapeHtml(page.language)}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(l10n.t("Statistics"))}</title>
<link rel="stylesheet" href="${escapeHtml(page.style)}">
</head>
<body>
<header>
<div>
<h1>${escapeHtml(l10n.t("Research in {0}", page.folder))}</h1>
<p class="quiet">${escapeHtml(l10n.t("Computed on this machine from the session journals. Nothing is sent."))}</p>
</div>
${isEmpty ? "" : renderRangePicker(l10n)}
</header>
<main>
${isEmpty ? renderEmpty(l10n) : page.ranges.map((range, index) => renderRange(range, RANGES[index] ?? null, l10n, format)).join("\n")}
</main>
${isEmpty ? "" : `<script src="${escapeHtml(page.script)}"></script>`}
</body>
</html>`;
}

const idOf = (days: number | null): string => (days === null ? "all" : `last-${days}`);

function renderRangePicker(l10n: Localizer): string {
  const choices = RANGES.map((days) => {
    const label = days === null ? l10n.t("All") : l10n.t("{0} days", days);
    const checked = days === CHOSEN ? " checked" : "";
    return `<input type="radio" name="range" id="${idOf(days)}"${checked}><label for="${idOf(days)}">${escapeHtml(label)}</label>`;
  });
  return `<div class="tools"><fieldset><legend class="unseen">${escapeHtml(l10n.t("Time range"))}</legend>${choices.join("")}</fieldset>
<a class="button quietly" href="command:deepResearch.showStatistics">${escapeHtml(l10n.t("Refresh"))}</a></div>`;
}

/** The text that is shown while there are no sessions. */
function renderEmpty(l10n: Localizer): string {
  return `<section class="empty">
<h2>${escapeHtml(l10n.t("No sessions yet"))}</h2>
<p>${escapeHtml(
    l10n.t(
      "After your first session, this page shows the duration and cost of sessions, the verdicts on the sentences in their reports, and failures.",
    ),
  )}</p>
<p><a class="button" href="command:deepResearch.research">${escapeHtml(l10n.t("Research…"))}</a></p>
</section>`;
}

function renderRange(
  statistics: Statistics,
  days: number | null,
  l10n: Localizer,
  format: StatisticsFormat,
): string {
  const view = idOf(days);
  if (statistics.sessions.total === 0) {
    const none = l10n.t("No sessions started in the last {0} days.", days ?? 0);
    return `<div class="view" data-range="${view}"><section class="empty"><h2>${escapeHtml(none)}</h2></section></div>`;
  }
  const cards = createCards(statistics, l10n, format).map((card, index) =>
    renderCard(card, `${view}-${index}`, l10n),
  );
  return `<div class="view" data-range="${view}">
${renderTiles(statistics, l10n, format)}
<div class="cards">
${cards.join("\n")}
</div>
</div>`;
}

/** The key figures. */
function renderTiles(statistics: Statistics, l10n: Localizer, format: StatisticsFormat): string {
  const { sessions, completion, verdicts, reused, usd, calls } = statistics;
  const sentences = Object.values(verdicts).reduce((sum, count) => sum + count, 0);
  const withReport = (sessions.outcomes.done ?? 0) + (sessions.outcomes.partial ?? 0);
  const tiles: [string, string, string][] = [
    [
      l10n.t("Sessions"),
      format.number(sessions.total),
      l10n.t("{0} with a report", format.percent(withReport / Math.max(1, sessions.total))),
    ],
    [
      l10n.t("Typical time"),
      completion.count === 0 ? "–" : format.duration(completion.p50 * 1000),
      completion.count === 0 ? "" : l10n.t("p95: {0}", format.duration(completion.p95 * 1000)),
    ],
    [l10n.t("Spent"), format.usd(usd), l10n.t("{0} model calls", format.number(calls.model))],
    [
      l10n.t("Supported"),
      sentences === 0 ? "–" : format.percent((verdicts.supported ?? 0) / sentences),
      l10n.t("of {0} sentences", format.number(sentences)),
    ],
    [
      l10n.t("Reused results"),
      format.number(reused.cache + reused.resumed),
      l10n.t("{0} from the cache, {1} resumed", format.number(reused.cache), format.number(reused.resumed)),
    ],
  ];
  return `<dl class="tiles">${tiles
    .map(
      ([name, value, more]) =>
        `<div><dt>${escapeHtml(name)}</dt><dd class="large">${escapeHtml(value)}</dd><dd class="quiet">${escapeHtml(more)}</dd></div>`,
    )
    .join("")}</dl>`;
}

function renderCard({ title, summary, legend, plot, table }: Card, id: string, l10n: Localizer): string {
  const items = legend.map(
    ({ colour, name }) =>
      `<li><span class="swatch ${colour}" aria-hidden="true"></span>${escapeHtml(name)}</li>`,
  );
  const cells = (tag: "th" | "td", row: string[]): string =>
    row
      .map((text, index) =>
        index === 0 || tag === "th"
          ? `<th scope="${tag === "th" ? "col" : "row"}">${escapeHtml(text)}</th>`
          : `<td>${escapeHtml(text)}</td>`,
      )
      .join("");
  const details =
    table.rows.length === 0
      ? ""
      : `<details><summary>${escapeHtml(l10n.t("Show as a table"))}</summary>
<div class="table" role="region" tabindex="0" aria-label="${escapeHtml(l10n.t("Table: {0}", title))}"><table><thead><tr>${cells("th", table.head)}</tr></thead>
<tbody>${table.rows.map((row) => `<tr>${cells("td", row)}</tr>`).join("")}</tbody></table></div></details>`;
  return `<section class="card" aria-labelledby="h-${id}">
<h2 id="h-${id}">${escapeHtml(title)}</h2>
<p class="quiet">${escapeHtml(summary)}</p>
${items.length === 0 ? "" : `<ul class="legend">${items.join("")}</ul>`}
${plot}
${details}
</section>`;
}
