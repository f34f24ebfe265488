import * as vscode from "vscode";
import type { EngineConfig } from "../../app/types.js";
import { RunProgressReducer, type RunProgress } from "../../core/progress/run-progress.js";
import { redact } from "../../common/redact.js";
import type { ResearchEvent } from "../../core/domain/events.js";
import type { SteeringControls } from "../../core/pipeline/steering.js";

/** A run in this window. */
export interface ActiveRun {
  readonly folder: vscode.WorkspaceFolder;
  readonly live: RunProgress;
  /** The session's id; null until it has started. */
  readonly session: string | null;
  readonly cancel: AbortController;
  /** Aborted to finish the run with what has been found. */
  readonly finish: AbortController;
  /** Controls for changes during the run; null until it accepts changes. */
  steering: SteeringControls | null;
}

/** Milliseconds between two updates of a run, which may emit a thousand events per second. */
const PACE = 200;
/** Milliseconds between updates of the elapsed time while nothing else happens. */
const BEAT = 1000;

/** The runs of this window and their progress. */
export class ActiveRuns {
  private readonly runs = new Set<ActiveRun>();
  private readonly changed = new vscode.EventEmitter<ActiveRun>();
  /** A run started, progressed or ended; throttled. */
  readonly onDidChange = this.changed.event;

  list(): readonly ActiveRun[] {
    return [...this.runs];
  }

  /** Adds a run until `end` is called. @param session its id, if it is known before the start */
  begin(
    config: EngineConfig,
    folder: vscode.WorkspaceFolder,
    question: string,
    session?: string,
  ): { run: ActiveRun; tell: (event: ResearchEvent) => void; end: () => void } {
    const following = new RunProgressReducer(question);
    const { live } = following;
    live.session = session ?? null;
    const run: ActiveRun = {
      folder,
      live,
      get session() {
        return live.session;
      },
      cancel: new AbortController(),
      finish: new AbortController(),
      steering: null,
    };
    this.runs.add(run);
    this.changed.fire(run);
    let due: NodeJS.Timeout | undefined;
    const beat = setInterval(() => this.changed.fire(run), BEAT);
    return {
      run,
      tell: (event) => {
        following.tell(withoutKey(event, config.key), new Date());
        due ??= setTimeout(() => {
          due = undefined;
          this.changed.fire(run);
        }, PACE);
      },
      end: () => {
        clearTimeout(due);
        clearInterval(beat);
        this.runs.delete(run);
        this.changed.fire(run);
      },
    };
  }

  dispose(): void {
    for (const { cancel } of this.runs) cancel.abort();
    this.changed.dispose();
  }
}

/** Removes the key from an event, because questions and errors may contain it. */
function withoutKey(event: ResearchEvent, key: string | null): ResearchEvent {
  const text = JSON.stringify(event);
  const clean = redact(text, key);
  return clean === text ? event : (JSON.parse(clean) as ResearchEvent);
}
