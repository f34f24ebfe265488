import { mkdir, writeFile } from "node:fs/promises";
import path from "node:path";
import { EMPTY_READING } from "../../src/core/domain/empty-reading.js";
import { renderReport, listVerdicts } from "../../src/core/report/render-report.js";
import type { Claim, Evidence, SourceLocation, Report, Source } from "../../src/core/domain/schema.js";
import { SCHEMA, type Header } from "../../src/storage/sessions/journal-schema.js";
import { SnapshotFiles } from "../../src/storage/sessions/snapshots.js";
import { recordOfReport } from "./report-record.js";
import { aFolder } from "./temporary-folder.js";

/* Sound reports with all that a report may hold, each with its session on the disk as a run leaves it. */

/** A report on the disk, and what belongs to it. */
export interface SoundReport {
  workspace: string;
  /** Absolute. */
  report: string;
  /** The session's folder. */
  session: string;
  journal: string;
  remove: () => Promise<void>;
}

const READ = new Date("2026-11-22T10:15:00Z");
const COMMIT = "9f2c1d0aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";

/** What the sources of both reports say. */
const TEXTS = {
  keeping: [
    "# Keeping", "", "A killed session keeps 45 days of journals.", "", "It goes on where the journal ends.", "",
    "Alice reviews what Bob wrote.", "", "The limit is 10⁶ rows.", "", "A backup does not hold the cache.", "",
  ].join("\n"),
  limits: "# Limits\n\nThe cache may hold 106 files & “more” than 30 of `them`.\n\nIt is emptied after 12 hours.\n",
  page: "Pages are read once a day.\n\nA page that is gone stays known for 90 days.\n",
  other: "Pages are read twice a day, says the older guide.\n",
  pdf: "The first page.\nThe pump has 3 valves.\nThe second page.\nEach valve holds 250 bar.\n",
}; // prettier-ignore

const CODE = ["keep --days 45 \\", "\t--to data  # not `$HOME`, see [[1.1]](#source-1)"].join("\n");
const TABLE = ["| Name | Default |", "| --- | --- |", "| `--days` | 45 |", "| `--to` | data |"].join("\n");
const ROW = "| `--to` | data |";
const LIST = ["- journal: what was *done*", "  - one line for each step", "- snapshot: what was read"].join(
  "\n",
);
const SETUP = [
  "# Setup", "", "Journals are kept for 45 days unless told otherwise.", "", "```sh", CODE, "```", "", TABLE, "", LIST, "",
  "The cache is emptied by hand.", "",
].join("\n"); // prettier-ignore

interface Given {
  id: string;
  question: string;
  engine: Header["engine"];
  sources: {
    place: SourceLocation;
    title: string;
    text: string;
    commit?: string;
    pages?: number[];
    quotes: string[];
  }[];
  grounded?: { url: string; title: string; queries: string[]; quotes: string[] };
  report: (cite: (...quotes: string[]) => string[]) => Partial<Report>;
}

/** A claim that is supported unless something else is said. */
function claim(
  text: string,
  evidence: string[],
  verdict: Claim["verdict"] = "supported",
  reason = "",
): Claim {
  return { text, evidence, verdict, reason };
}

/** Written by the offline engine, of the workspace's own files, partial, with a table and marks. */
export function offlineReport(): Promise<SoundReport> {
  return build({
    id: "20261122-101500-how-long-are-journals-kept-7f3a",
    question: "How long are `journals` kept?",
    engine: "offline",
    sources: [
      {
        place: { kind: "workspace", path: "docs/keeping.md" },
        title: "Keeping",
        text: TEXTS.keeping,
        commit: COMMIT,
        quotes: [
          "A killed session keeps 45 days of journals.",
          "It goes on where the journal ends.",
          "Alice reviews what Bob wrote.",
          "The limit is 10⁶ rows.",
          "A backup does not hold the cache.",
        ],
      },
      {
        place: { kind: "workspace", path: "docs/limits (1).md" },
        title: "Limits",
        text: TEXTS.limits,
        quotes: ["The cache may hold 106 files & “more” than 30 of `them`.", "It is emptied after 12 hours."],
      },
    ],
    report: (cite) => ({
      status: "partial",
      partial: "The limit of calls was reached.",
      summary: [
        claim(
          "A killed session keeps 45 days of journals.",
          cite("A killed session keeps 45 days of journals."),
        ),
        claim("Alice reviews what Bob wrote.", cite("Alice reviews what Bob wrote.")),
        claim("A backup does not hold the cache.", cite("A backup does not hold the cache.")),
      ],
      sections: [
        {
          heading: "What is kept",
          paragraphs: [
            [
              claim(
                "It goes on where the journal ends.",
                cite("It goes on where the journal ends."),
                "qualified",
                "only where it was *killed*",
              ),
              claim("The limit is 10⁶ rows.", cite("The limit is 10⁶ rows.")),
              claim("The cache is emptied after 12 hours.", cite("It is emptied after 12 hours.")),
            ],
          ],
          table: {
            columns: ["what", "how long"],
            rows: [
              {
                ...claim("journals 45 days", cite("A killed session keeps 45 days of journals.")),
                cells: ["journals", "45 days"],
              },
              {
                ...claim("cache 12 hours", cite("It is emptied after 12 hours."), "not-checked"),
                cells: ["cache | files", "12 hours"],
              },
            ],
          },
        },
      ],
      disagreements: [
        claim(
          "One file says 106 files, the other 10⁶ rows.",
          cite("The cache may hold 106 files & “more” than 30 of `them`.", "The limit is 10⁶ rows."),
        ),
      ],
      limits: [claim("Nothing was found about: costs.", [])],
    }),
  });
}

/** Written by a model, of pages, a PDF and what Google found. */
export function geminiReport(): Promise<SoundReport> {
  return build({
    id: "20261122-101500-how-often-are-pages-read-9b1c",
    question: "How often are pages read?",
    engine: "gemini",
    sources: [
      {
        place: { kind: "page", url: "https://example.org/pages?a=1#often" },
        title: "How [pages] are read",
        text: TEXTS.page,
        quotes: ["Pages are read once a day.", "A page that is gone stays known for 90 days."],
      },
      {
        place: { kind: "page", url: "https://example.org/guide" },
        title: "The older guide",
        text: TEXTS.other,
        quotes: ["Pages are read twice a day, says the older guide."],
      },
      {
        place: { kind: "page", url: "https://example.org/pump.pdf" },
        title: "Pump",
        text: TEXTS.pdf,
        pages: [1, 1, 2, 2],
        quotes: ["The pump has 3 valves.", "Each valve holds 250 bar."],
      },
    ],
    grounded: {
      url: "https://vertexaisearch.cloud.google.com/grounding-api-redirect/abc",
      title: "example.net",
      queries: ["how often pages"],
      quotes: ["Some read pages hourly."],
    },
    report: (cite) => ({
      summary: [
        claim("Pages are read once a day.", cite("Pages are read once a day.")),
        claim("`Pages` are read once a day.", cite("Pages are read once a day.")),
      ],
      sections: [
        {
          heading: "What is gone",
          paragraphs: [
            [
              claim(
                "A gone page stays known for 90 days.",
                cite("A page that is gone stays known for 90 days."),
              ),
              claim(
                "Each of the 3 valves holds 250 bar.",
                cite("The pump has 3 valves.", "Each valve holds 250 bar."),
              ),
            ],
          ],
          table: null,
        },
      ],
      disagreements: [
        claim(
          "One source says once a day, the other twice.",
          cite("Pages are read once a day.", "Pages are read twice a day, says the older guide."),
        ),
      ],
      limits: [
        claim(
          "Some read pages hourly.",
          cite("Some read pages hourly."),
          "not-checked",
          "found by Google, not read word for word",
        ),
      ],
    }),
  });
}

/** Written by a model, of a file's code, table and list, shown as they stand. */
export function blockReport(): Promise<SoundReport> {
  const RETENTION = "Journals are kept for 45 days unless told otherwise.";
  const block = (text: string, evidence: string[], language?: string): Claim => ({
    ...claim(text, evidence),
    asBlock: true,
    ...(language === undefined ? {} : { language }),
  });
  return build({
    id: "20261122-101500-how-are-journals-set-up-3c2d",
    question: "How are journals set up?",
    engine: "gemini",
    sources: [
      {
        place: { kind: "workspace", path: "docs/setup.md" },
        title: "Setup",
        text: SETUP,
        commit: COMMIT,
        quotes: [RETENTION, CODE, TABLE, ROW, LIST, "The cache is emptied by hand."],
      },
    ],
    report: (cite) => ({
      summary: [
        claim("Journals are kept for 45 days.", cite(RETENTION)),
        block(CODE, cite(CODE), "sh"),
        claim("The cache is emptied by hand.", cite("The cache is emptied by hand.")),
      ],
      sections: [
        {
          heading: "What is kept",
          paragraphs: [
            [
              claim(
                "Nothing is kept longer than 45 days by default.",
                cite(RETENTION),
                "qualified",
                "unless told",
              ),
            ],
            [block(LIST, cite(LIST))],
          ],
          table: null,
        },
        {
          heading: "What can be set",
          paragraphs: [[block(TABLE, cite(TABLE))], [block(ROW, cite(ROW))]],
          table: null,
        },
      ],
    }),
  });
}

/** Written by a model, with a section by Google Search besides. */
export function googleReport(isGoogleAlone = false): Promise<SoundReport> {
  const RETENTION = "A killed session keeps 45 days of journals.";
  return build({
    id: "20261122-101500-how-long-are-journals-kept-9b1e",
    question: "How long are journals kept?",
    engine: "gemini",
    sources: isGoogleAlone
      ? []
      : [
          {
            place: { kind: "workspace", path: "docs/keeping.md" },
            title: "Keeping",
            text: TEXTS.keeping,
            quotes: [RETENTION],
          },
        ],
    report: (cite) => ({
      summary: isGoogleAlone ? [] : [claim(RETENTION, cite(RETENTION))],
      google: [
        {
          question: "How long are journals kept?",
          text: "* Journals stay for 30 days.\n\n    Others say 31 [[1.1]](#source-1) & <b>more</b>.",
          pages: [{ url: "https://vertexaisearch.cloud.google.com/x", title: "example [org]" }],
          suggestions: [{ text: "journal days", url: "https://www.google.com/search?q=journal%20days" }],
        },
      ],
    }),
  });
}

async function build({
  id,
  question,
  engine,
  sources: given,
  grounded,
  report: told,
}: Given): Promise<SoundReport> {
  const { path: workspace, remove } = await aFolder({ "README.md": "# A workspace\n" });
  const session = path.join(workspace, "data/sessions", id);
  const kept = new SnapshotFiles(path.join(session, "sources"));
  const sources: Source[] = [];
  const evidence: Evidence[] = [];
  for (const { place, title, text, commit = null, pages = null, quotes } of given) {
    if (place.kind === "workspace") {
      const file = path.join(workspace, place.path);
      await mkdir(path.dirname(file), { recursive: true });
      await writeFile(file, text);
    }
    sources.push(await kept.keep(place, { ...EMPTY_READING, title, text, commit, pages }, READ));
    for (const quote of quotes) {
      const start = text.indexOf(quote);
      const line = text.slice(0, start).split("\n").length;
      const last = line + quote.split("\n").length - 1;
      const page = pages?.[line - 1] ?? 1;
      evidence.push({
        id: `e${evidence.length + 1}`, source: sources.length - 1, quote, start, end: start + quote.length,
        check: "exact", heading: "", claim: quote, questions: ["q0"],
        lines: place.kind === "workspace" ? [line, last] : null, pages: pages === null ? null : [page, page],
      }); // prettier-ignore
    }
  }
  if (grounded !== undefined) {
    const { url, title, queries, quotes } = grounded;
    sources.push({
      place: { kind: "grounded", url }, title, readAt: READ.toISOString(), sha256: null, textSha256: null,
      commit: null, lines: null, pages: null, canonical: null, queries, warnings: [],
    }); // prettier-ignore
    for (const quote of quotes) {
      evidence.push({
        id: `e${evidence.length + 1}`, source: sources.length - 1, quote, start: 0, end: 0, check: "grounded",
        heading: "", claim: quote, questions: ["q0"], lines: null, pages: null,
      }); // prettier-ignore
    }
  }
  const cite = (...quotes: string[]): string[] =>
    quotes.map((quote) => evidence.find((each) => each.quote === quote)?.id ?? `no evidence for ${quote}`);
  const report: Report = {
    title: "How long it is kept", question, date: "2026-11-22", engine, depth: "standard", session: id, status: "done",
    partial: "", summary: [], sections: [], disagreements: [], limits: [], evidence, sources, ...told(cite),
  }; // prettier-ignore
  const markdown = renderReport(report, { workspace: "../..", session: `../sessions/${id}` });
  const file = path.join(workspace, "data/reports/2026-11-22-how-long-it-is-kept.md");
  await mkdir(path.dirname(file), { recursive: true });
  await writeFile(file, markdown);
  const header: Header = {
    schema: SCHEMA, id, question, started: READ.toISOString(), engine, depth: "standard", maxSources: 10, pages: [],
    scope: ["workspace"], environment: "production",
  }; // prettier-ignore
  const at = READ.toISOString();
  const lines = [
    header,
    { type: "asked", header },
    ...sources.flatMap((value) =>
      value.sha256 === null
        ? []
        : [{
            type: "outcome", key: value.sha256.slice(0, 32), kind: "read", task: { type: "other", label: "Reading" }, at, by: "workspace",
            usage: { in: 0, out: 0, usd: 0 }, milliseconds: 1, value,
          }],
    ),
    {
      type: "evidence",
      at,
      evidence: evidence.map(({ id: own, source, start, end, check }) => {
        return { id: own, sha256: sources[source]?.sha256 ?? null, start, end, check };
      }),
      sources: sources.map(({ place, title, sha256 }) => ({ place, title, sha256 })),
    },
    { type: "written", at, ...recordOfReport(markdown) },
    {
      type: "ended", at, status: report.status, report: path.relative(workspace, file).split(path.sep).join("/"),
      error: null, verdicts: listVerdicts(report),
    },
  ]; // prettier-ignore
  const journal = path.join(session, "journal.jsonl");
  await mkdir(session, { recursive: true });
  await writeFile(journal, lines.map((line) => `${JSON.stringify(line)}\n`).join(""));
  return { workspace, report: file, session, journal, remove };
}
