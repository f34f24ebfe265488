import { removeSecrets } from "./secrets.js";

const keysInUse = new Set<string>();

/** Makes `redact` replace a key wherever it stands. Services' keys have no form that would tell them. */
export function registerKey(key: string): void {
  if (key.trim().length >= 8) keysInUse.add(key.trim());
}

/** Replaces keys: the one in use, those that were registered, anything that looks like a key or token, and values of key parameters. */
export function redact(text: string, key: string | null): string {
  let known = key !== null && key.trim().length >= 4 ? text.replaceAll(key.trim(), "[key]") : text;
  for (const each of keysInUse) known = known.replaceAll(each, "[key]");
  const named = known
    .replace(/\bAIza[0-9A-Za-z_-]{10,}/g, "[key]")
    .replace(/\bAQ\.[0-9A-Za-z_-]{10,}/g, "[key]")
    .replace(
      /((?:x-goog-api-key|x-api-key|x-subscription-token|(?:GEMINI|TAVILY|BRAVE|EXA|SERPER)_API_KEY)["']?\s*[:=]\s*["']?)[^\s"',}]+/gi,
      "$1[key]",
    )
    .replace(/([?&]key=)[^&\s"']+/gi, "$1[key]");
  return removeSecrets(named).text;
}
