import type { EventListener, ResearchEvent } from "../research/events.js";

/** Where a run is, for people: derived from its events alone. */
export interface Progress {
  /** What is being done right now. */
  doing: string;
  sources: number;
  calls: { model: number; search: number; read: number };
  tokens: { in: number; out: number };
  usd: number;
}

/** A listener that keeps a run's progress up to date and tells it after each event. */
export function trackProgress(tell: (progress: Progress, event: ResearchEvent) => void): EventListener {
  const progress: Progress = {
    doing: "Starting",
    sources: 0,
    calls: { model: 0, search: 0, read: 0 },
    tokens: { in: 0, out: 0 },
    usd: 0,
  };
  return (event) => {
    if (event.type === "step" && event.phase === "started") progress.doing = event.label;
    if (event.type === "step" && event.phase === "done") {
      progress.calls[event.kind]++;
      progress.tokens.in += event.usage.in;
      progress.tokens.out += event.usage.out;
      progress.usd += event.usage.usd;
    }
    if (event.type === "source" && event.state === "read") progress.sources++;
    tell(progress, event);
  };
}

/** The progress as one line: "Reading docs/x.md · 3 sources · 12 calls · $0.0042". */
export function progressLine({ doing, sources, calls, usd }: Progress): string {
  const asked = calls.model + calls.search;
  return [
    doing,
    `${sources} ${sources === 1 ? "source" : "sources"}`,
    `${asked} ${asked === 1 ? "call" : "calls"}`,
    usd === 0 ? "$0" : `$${usd < 0.1 ? usd.toFixed(4) : usd.toFixed(2)}`,
  ].join(" · ");
}
