import type { Claim, Evidence, Report } from "../../src/core/domain/schema.js";

/** A small report over one workspace file, whose sentences cite the given quotes one by one. */
export function aReport(given: { quotes: string[]; claims?: Partial<Claim>[] } & Partial<Report>): Report {
  const { quotes, claims = [], ...rest } = given;
  const evidence = quotes.map((quote, index): Evidence => ({
    id: `e${index + 1}`,
    source: 0,
    quote,
    start: index * 100,
    end: index * 100 + quote.length,
    check: "exact",
    lines: [index + 1, index + 1],
    pages: null,
    heading: "",
    claim: quote,
    questions: ["q0"],
  }));
  return {
    title: "A title",
    question: "What is it?",
    date: "2026-11-22",
    engine: "offline",
    depth: "standard",
    session: "20261122-101500-what-is-it-7f3a",
    status: "done",
    partial: "",
    summary: evidence.map(({ id }, index) => ({
      text: `Sentence ${id}.`,
      evidence: [id],
      verdict: "supported",
      reason: "",
      ...claims[index],
    })),
    sections: [],
    disagreements: [],
    limits: [],
    evidence,
    sources: [
      {
        place: { kind: "workspace", path: "docs/a file (1).md" },
        title: "A file",
        readAt: "2026-11-22T10:15:00.000Z",
        sha256: "ab".repeat(32),
        textSha256: "cd".repeat(32),
        commit: "9f2c1d0aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
        lines: null,
        pages: null,
        canonical: null,
        queries: [],
        warnings: [],
      },
    ],
    ...rest,
  };
}
