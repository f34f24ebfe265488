import { removeSecrets } from "./secrets.js";

/** Replaces keys: the one in use, anything that looks like a key or token, and values of key parameters. */
export function redact(text: string, key: string | null): string {
  const known = key !== null && key.trim().length >= 4 ? text.replaceAll(key.trim(), "[key]") : text;
  const named = known
    .replace(/\bAIza[0-9A-Za-z_-]{10,}/g, "[key]")
    .replace(/\bAQ\.[0-9A-Za-z_-]{10,}/g, "[key]")
    .replace(/((?:x-goog-api-key|GEMINI_API_KEY)["']?\s*[:=]\s*["']?)[^\s"',}]+/gi, "$1[key]")
    .replace(/([?&]key=)[^&\s"']+/gi, "$1[key]");
  return removeSecrets(named).text;
}
