import { createInterface } from "node:readline/promises";

/** Asks the user in the terminal. Must be closed. */
export interface TerminalInput {
  /**
   * The answer; null if the terminal was closed, including by Ctrl-C or Ctrl-D.
   * @throws the signal's reason if the command was cancelled
   */
  ask(question: string): Promise<string | null>;
  close(): void;
}

/** Whether the terminal is interactive. */
export function canAsk(): boolean {
  return process.stdin.isTTY && process.stderr.isTTY;
}

export function openTerminalInput(signal: AbortSignal): TerminalInput {
  const { stdin, stderr } = process;
  const terminal = createInterface({ input: stdin, output: stderr });
  let isClosing = false;
  const close = (): void => {
    // Closing can fail again if the terminal is gone.
    if (isClosing) return;
    isClosing = true;
    terminal.close();
  };
  // A lost terminal causes an error event on stdin, which readline emits again, even when no question is open.
  stdin.on("error", close);
  terminal.on("error", close);
  signal.addEventListener("abort", close);
  const closed = new Promise<null>((resolve) => terminal.once("close", () => resolve(null)));
  if (signal.aborted) close();
  return {
    ask: async (question) => {
      const asking = terminal.question(question).catch(() => null);
      const answer = await Promise.race([asking, closed]);
      signal.throwIfAborted();
      return answer;
    },
    close() {
      signal.removeEventListener("abort", close);
      close();
    },
  };
}

/**
 * Asks a yes/no question in the terminal. Any answer other than yes is no; without a terminal the answer is no.
 * @throws the signal's reason if the command was cancelled
 */
export async function askYesNo(question: string, signal: AbortSignal): Promise<boolean> {
  if (!canAsk()) return false;
  const questions = openTerminalInput(signal);
  try {
    return /^\s*y(?:es)?\s*$/i.test((await questions.ask(question)) ?? "");
  } finally {
    questions.close();
  }
}
