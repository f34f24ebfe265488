import { createInterface } from "node:readline/promises";

/** Asks the user in the terminal. Must be closed. */
export interface TerminalInput {
  /**
   * The answer; null if the terminal was closed, including by Escape, Ctrl-C or Ctrl-D.
   * @throws the signal's reason if the command was cancelled
   */
  ask(question: string): Promise<string | null>;
  close(): void;
}

/** What a terminal is read from and written to. */
export interface TerminalStreams {
  input: NodeJS.ReadableStream;
  output: NodeJS.WritableStream;
  isInteractive: boolean;
}

/** The terminal of this process. */
export function processTerminal(): TerminalStreams {
  return { input: process.stdin, output: process.stderr, isInteractive: canAsk() };
}

/** Whether the terminal is interactive. */
export function canAsk(): boolean {
  return process.stdin.isTTY && process.stderr.isTTY;
}

/** @param streams the terminal; absent: that of this process */
export function openTerminalInput(
  signal: AbortSignal,
  { input, output, isInteractive }: TerminalStreams = processTerminal(),
): TerminalInput {
  const terminal = createInterface({ input, output, terminal: isInteractive });
  let isClosing = false;
  const close = (): void => {
    // Closing can fail again if the terminal is gone.
    if (isClosing) return;
    isClosing = true;
    terminal.close();
  };
  // A lost terminal causes an error event on stdin, which readline emits again, even when no question is open.
  input.on("error", close);
  const closeByEscape = (_: unknown, key: { name?: string } | undefined): void => {
    if (key?.name === "escape") close();
  };
  input.on("keypress", closeByEscape);
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
      input.removeListener("keypress", closeByEscape);
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
