// Sessions that never were, so that statistics have something to show: made up, and the same each time.
import fs from "node:fs";
import path from "node:path";

const KINDS = ["lookup", "explanation", "howto", "comparison", "decision", "survey"];
const FAILURES = [
  ["Reading https://a.example/page", "read", "unreachable", "a.example answered HTTP 404."],
  [
    "Reading https://b.example/page",
    "read",
    "robots",
    "The robots.txt of b.example disallows https://b.example/page.",
  ],
  ["Reading https://c.example/page", "read", "timeout", "c.example did not answer within 20 seconds."],
  ["Extracting from A page", "model", "rate-limit", "Gemini allows no more requests at the moment."],
  ["Extracting from A page", "model", "overloaded", "Gemini is overloaded (503)."],
];

/** Numbers from 0 to 1 that look random. */
function seeded(seed) {
  let state = seed;
  return () => {
    state = (state * 1664525 + 1013904223) % 4294967296;
    return state / 4294967296;
  };
}

/**
 * Writes sessions of the last days.
 * @param {string} workspace
 * @param {{ days?: number }} [options]
 */
export function writeJournals(workspace, { days = 120 } = {}) {
  const random = seeded(7);
  const today = new Date();
  today.setHours(9, 0, 0, 0);
  for (let back = days - 1; back >= 0; back--) {
    const weekday = new Date(today.getTime() - back * 86_400_000).getDay();
    const busy = weekday === 0 || weekday === 6 ? 0.4 : 3;
    for (let n = 0; n < Math.floor(random() * busy + random()); n++) {
      const started = new Date(today.getTime() - back * 86_400_000 + n * 3_000_000);
      writeJournal(workspace, started, n, random);
    }
  }
}

function writeJournal(workspace, started, n, random) {
  const between = (low, high) => low + (high - low) * random();
  const isGemini = random() < 0.7;
  const depth = ["quick", "standard", "standard", "deep"][Math.floor(random() * 4)];
  const id = `${started.toISOString().replace(/[-:]/g, "").slice(0, 15).replace("T", "-")}-question-${n}`;
  const header = {
    schema: 4,
    id,
    question: `Question ${n}?`,
    started: started.toISOString(),
    engine: isGemini ? "gemini" : "offline",
    depth,
    maxSources: 10,
    pages: [],
    scope: [isGemini ? "web" : "workspace"],
    environment: "production",
  };
  let clock = started.getTime();
  let key = 0;
  const lines = [header, { type: "asked", header }];
  const step = (kind, task, role, value = {}) => {
    const milliseconds = Math.round(
      kind === "model"
        ? isGemini
          ? between(900, 9000) * (role === "think" ? 1.6 : 0.5)
          : between(1, 40)
        : between(40, 1400),
    );
    clock += milliseconds * (kind === "model" ? 0.7 : 0.2);
    const about = { key: String(key++), kind, task, at: new Date(clock).toISOString() };
    const cached = kind === "model" && isGemini && random() < 0.06;
    const model = role === "think" ? "gemini-3.8-flash" : "gemini-3.5-flash-lite";
    const by = kind !== "model" ? (isGemini ? "google" : "workspace") : cached ? "cache" : isGemini ? model : "offline engine"; // prettier-ignore
    const tokens = kind === "model" && isGemini && !cached;
    const into = tokens ? Math.round(between(600, 5200)) : 0;
    const out = tokens ? Math.round(between(120, 1500)) : 0;
    const usd = role === "think" ? (into * 0.75 + out * 3.75) / 1e6 : (into * 0.3 + out * 2.5) / 1e6;
    lines.push({ type: "intent", ...about });
    lines.push({ type: "outcome", ...about, by, usage: { in: into, out, usd }, milliseconds, value });
  };
  const pages = { quick: 3, standard: 6, deep: 10 }[depth];
  const kind = KINDS[Math.floor(random() ** 1.7 * KINDS.length)];
  step("model", { type: "plan", withAnswers: false }, "think", {
    title: "Q",
    kind,
    questions: [{ question: "Q", query: "q" }],
    cover: [],
  });
  for (let page = 0; page < pages; page++) {
    if (page % 3 === 0) step("search", { type: "search", search: "google", question: "Q" });
    step("read", { type: "read", place: { kind: "page", url: `https://example.org/${page}` } });
    step("model", { type: "extract", title: `Page ${page}` }, "read");
    if (random() < 0.08) {
      const [label, failing, code, error] = FAILURES[Math.floor(random() * FAILURES.length)];
      const at = new Date(clock).toISOString();
      lines.push({ type: "failure", key: String(key++), kind: failing, label, at, code, error });
    }
  }
  step("model", { type: "outline", round: 1 }, "think");
  const fate = random();
  if (fate > 0.1) {
    for (let section = 0; section < pages / 2; section++) {
      step("model", { type: "write", heading: `Section ${section}` }, "think");
      const verdicts = Array.from({ length: 4 }, (_, index) => {
        const drawn = random();
        const verdict = drawn < 0.84 ? "supported" : drawn < 0.94 ? "qualified" : drawn < 0.98 ? "unsupported" : "contradicted"; // prettier-ignore
        return { index, verdict, reason: "" };
      });
      step("model", { type: "check", heading: `Section ${section}`, again: false }, "read", { verdicts });
    }
    step("model", { type: "summarize" }, "think");
  }
  const at = new Date(clock).toISOString();
  const ended = { type: "ended", at, report: null, error: null };
  if (fate > 0.18) lines.push({ ...ended, status: "done", report: `data/reports/${id}.md` });
  else if (fate > 0.1) lines.push({ ...ended, status: "partial", report: `data/reports/${id}.md` });
  else if (fate > 0.06) lines.push({ ...ended, status: "failed", code: "day-quota", error: "Used up." });
  else if (fate > 0.03) lines.push({ ...ended, status: "cancelled" });
  const folder = path.join(workspace, "data/sessions", id);
  fs.mkdirSync(folder, { recursive: true });
  fs.writeFileSync(
    path.join(folder, "journal.jsonl"),
    lines.map((line) => `${JSON.stringify(line)}\n`).join(""),
  );
}
