import * as vscode from "vscode";
import type { EngineConfig } from "../../app/types.js";
import { RunProgressReducer, type RunProgress } from "../../core/progress/run-progress.js";
import { redact } from "../../common/redact.js";
import type { ResearchEvent } from "../../core/domain/events.js";
import type { SteeringControls } from "../../core/pipeline/steering.js";

/** A run of this window. */
export interface ActiveRun {
  readonly folder: vscode.WorkspaceFolder;
  readonly live: RunProgress;
  /** The session's id; null until it has begun. */
  readonly session: string | null;
  readonly cancel: AbortController;
  /** Aborted to end with what is there. */
  readonly finish: AbortController;
  /** Changes it while it runs; null until it can be. */
  steering: SteeringControls | null;
}

/** Milliseconds between two looks at a run: a person sees no more, and a run may tell a thousand things a second. */
const PACE = 200;
/** Time passes while nothing else happens. */
const BEAT = 1000;

/** The runs of this window, each with what is known of it. */
export class ActiveRuns {
  private readonly runs = new Set<ActiveRun>();
  private readonly changed = new vscode.EventEmitter<ActiveRun>();
  /** A run began, went on or ended; at most so often that a person can follow it. */
  readonly onDidChange = this.changed.event;

  list(): readonly ActiveRun[] {
    return [...this.runs];
  }

  /** Adds a run, until `end` is called. @param session its id, where it is known before it begins */
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

/** What is shown never holds a key, whatever a question or an error may say. */
function withoutKey(event: ResearchEvent, key: string | null): ResearchEvent {
  const text = JSON.stringify(event);
  const clean = redact(text, key);
  return clean === text ? event : (JSON.parse(clean) as ResearchEvent);
}
