import { formatMessage } from "../common/messages.js";
import { describeStepTask } from "../core/domain/step-task.js";
import { describeEstimate } from "../core/pipeline/estimate.js";
import { formatLocation } from "../core/domain/schema.js";
import type { EventListener, ResearchEvent } from "../core/domain/events.js";
import type { LogLevel } from "../config/settings-schema.js";
import type { Log } from "./log.js";

/** A listener that writes the run's events to a log, as lines with the run's session. */
export function logEvents(log: Log): EventListener {
  let session: string | undefined;
  const searched = new Set<string>();
  return (event) => {
    if (event.type === "started") ({ session } = event);
    const [level, line] = lineOf(event);
    if (event.type === "searched") {
      // A question of the plan may be the user's own, which is searched as well.
      if (searched.has(line)) return;
      searched.add(line);
    }
    log.write(level, line, session);
  };
}

const STATES = {
  searching: "Searching",
  reading: "Reading for",
  read: "Read for",
  skipped: "Skipped",
} as const;

function lineOf(event: ResearchEvent): [LogLevel, string] {
  switch (event.type) {
    case "started":
      return [
        "INFO",
        `${event.resumed ? "Resumed" : "Started"} ${event.session} (${event.engine}, ${event.depth})`,
      ];
    case "step":
      if (event.phase === "started") return ["DEBUG", `${formatMessage(describeStepTask(event.task))} …`];
      if (event.phase === "failed")
        return ["WARN", `${formatMessage(describeStepTask(event.task))}: ${formatMessage(event.error)}`];
      return [
        "DEBUG",
        event.reused
          ? `${formatMessage(describeStepTask(event.task))}: from the journal`
          : `${formatMessage(describeStepTask(event.task))}: ${event.by}, ${event.milliseconds} ms, ${event.usage.in} + ${event.usage.out} tokens`,
      ];
    case "planned":
      return [
        "INFO",
        `Plan: ${event.plan.questions.map(({ question }) => question).join(" | ")}` +
          (event.estimate.usd[1] > 0 ? ` (${formatMessage(describeEstimate(event.estimate))})` : ""),
      ];
    case "clarified":
      return [
        "INFO",
        event.answers.length === 0
          ? "Clarification offered; question unchanged"
          : `Asked back: ${event.answers.map(({ question, answer }) => `${question} ${answer}`).join(" | ")}`,
      ];
    case "question":
      return [
        event.state === "skipped" ? "INFO" : "DEBUG",
        `${STATES[event.state]} (${event.id}): ${event.question}`,
      ];
    case "steered":
      return "skip" in event
        ? ["DEBUG", `Round ${event.round} goes on without ${event.skip}`]
        : [
            "INFO",
            `Added (${event.add.id}): ${event.add.question} (${formatMessage(describeEstimate(event.estimate))})`,
          ];
    case "searched":
      return ["INFO", `Searched ${event.search}: ${event.found} found for “${event.question}”`];
    case "source":
      return event.state === "failed"
        ? ["WARN", `Not read: ${formatLocation(event.place)}: ${formatMessage(event.error)}`]
        : [
            "INFO",
            `${event.state === "read" ? "Read" : "Same text as another source"}: ${formatLocation(event.place)}`,
          ];
    case "evidence":
      return [
        "INFO",
        `Evidence from ${formatLocation(event.place)}: ${event.kept} kept, ${event.dropped} dropped`,
      ];
    case "outlined":
      return ["INFO", `Outline ${event.round}: ${event.sections.join(" | ")}; gaps: ${event.gaps.length}`];
    case "gaps":
      return [
        "INFO",
        `Round ${event.round} asks: ${event.questions.map(({ question }) => question).join(" | ")}`,
      ];
    case "section":
      return ["INFO", `Section ${event.state}: ${event.heading}`];
    case "waiting":
      return ["DEBUG", event.isWaiting ? "Waiting for the user" : "The user answered"];
    case "notice":
      return ["WARN", formatMessage(event.message)];
    case "ended":
      return [
        event.status === "failed" ? "ERROR" : "INFO",
        `Ended: ${event.status}${event.report === null ? "" : `, ${event.report}`}${event.error === null ? "" : `, ${formatMessage(event.error)}`}`,
      ];
  }
}
