import { formatMessage } from "../../common/messages.js";
import type { EventListener, ResearchEvent } from "../domain/events.js";
import { OFFLINE_PROVIDER } from "../domain/schema.js";
import { describeStepTask } from "../domain/step-task.js";
import { RunProgressReducer, countReadSources, type RunProgress } from "./run-progress.js";

/** A listener that keeps what is known of a run up to date, and tells it after each event. */
export function trackProgress(tell: (live: RunProgress, event: ResearchEvent) => void): EventListener {
  const following = new RunProgressReducer();
  return (event) => {
    following.tell(event, new Date());
    tell(following.live, event);
  };
}

/** The progress as one line: "Reading docs/x.md · 3 sources · 12 calls · $0.0042". */
export function formatProgress(live: RunProgress): string {
  const sources = countReadSources(live);
  return [
    live.doing === null ? "Starting" : formatMessage(describeStepTask(live.doing)),
    `${sources} ${sources === 1 ? "source" : "sources"}`,
    ...describeCalls(live),
  ].join(" · ");
}

/** The offline engine's steps are no calls, and cost nothing. */
function describeCalls({ engine, calls, usd }: RunProgress): string[] {
  if (engine === OFFLINE_PROVIDER) return [];
  const asked = calls.model + calls.search;
  return [`${asked} ${asked === 1 ? "call" : "calls"}`, formatUsd(usd)];
}

/** An amount as it is shown: cents where there are some, and what is less to the hundredth of a cent. */
export function formatUsd(usd: number): string {
  return usd === 0 ? "$0" : `$${usd < 0.1 ? usd.toFixed(4) : usd.toFixed(2)}`;
}
