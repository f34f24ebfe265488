import { createInterface } from "node:readline/promises";

/** Questions to whoever sits at the terminal. Must be closed. */
export interface Questions {
  /**
   * The answer; null where the terminal was closed, by Ctrl-C or Ctrl-D too.
   * @throws the signal's reason where the command was cancelled: that is no answer
   */
  ask(question: string): Promise<string | null>;
  close(): void;
}

/** Whether there is a terminal to ask in. */
export function canAsk(): boolean {
  return process.stdin.isTTY && process.stderr.isTTY;
}

export function openQuestions(signal: AbortSignal): Questions {
  const { stdin, stderr } = process;
  const terminal = createInterface({ input: stdin, output: stderr });
  // A terminal that is gone says so as an error of its input.
  const end = (): void => terminal.close();
  stdin.on("error", end);
  signal.addEventListener("abort", end);
  const closed = new Promise<null>((resolve) => terminal.once("close", () => resolve(null)));
  if (signal.aborted) end();
  return {
    ask: async (question) => {
      const asking = terminal.question(question).catch(() => null);
      const answer = await Promise.race([asking, closed]);
      signal.throwIfAborted();
      return answer;
    },
    close() {
      signal.removeEventListener("abort", end);
      terminal.close();
      stdin.off("error", end);
    },
  };
}

/**
 * Asks for yes or no on a terminal. Whatever is not yes is no, and so is having nobody to ask.
 * @throws the signal's reason where the command was cancelled
 */
export async function askYesNo(question: string, signal: AbortSignal): Promise<boolean> {
  if (!canAsk()) return false;
  const questions = openQuestions(signal);
  try {
    return /^\s*y(?:es)?\s*$/i.test((await questions.ask(question)) ?? "");
  } finally {
    questions.close();
  }
}
