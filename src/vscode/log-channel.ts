import * as vscode from "vscode";
import { redactLogText } from "../common/redact-log.js";

const WRITING = new Set<PropertyKey>(["trace", "debug", "info", "warn", "error", "append", "appendLine"]);

/** Opens the log of the window. Whoever writes to it: secrets, query strings and home folders are removed here. */
export function openLogChannel(): vscode.LogOutputChannel {
  const channel = vscode.window.createOutputChannel("Deep Research", { log: true });
  return new Proxy(channel, {
    get(target, name): unknown {
      const value: unknown = Reflect.get(target, name);
      if (typeof value !== "function") return value;
      if (!WRITING.has(name)) return value.bind(target) as unknown;
      return (message: unknown) => {
        const text = message instanceof Error ? (message.stack ?? message.message) : String(message);
        Reflect.apply(value, target, [redactLogText(text, null)]);
      };
    },
  });
}
