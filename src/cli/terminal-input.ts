import { createInterface } from "node:readline/promises";

/** Questions to whoever sits at the terminal. Must be closed. */
export interface TerminalInput {
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

export function openTerminalInput(signal: AbortSignal): TerminalInput {
  const { stdin, stderr } = process;
  const terminal = createInterface({ input: stdin, output: stderr });
  let isClosing = false;
  const close = (): void => {
    // To close it may fail again, where the terminal is gone.
    if (isClosing) return;
    isClosing = true;
    terminal.close();
  };
  // A terminal that is gone says so as an error of its input, which readline says once more; also when nobody asks.
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
 * Asks for yes or no on a terminal. Whatever is not yes is no, and so is having nobody to ask.
 * @throws the signal's reason where the command was cancelled
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
