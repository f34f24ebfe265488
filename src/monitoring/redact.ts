/** Replaces keys: the one in use, and whatever has the look of a Gemini key or sits in a key's place. */
export function redact(text: string, key: string | null): string {
  const known = key !== null && key.trim().length >= 4 ? text.replaceAll(key.trim(), "[key]") : text;
  return known
    .replace(/\bAIza[0-9A-Za-z_-]{10,}/g, "[key]")
    .replace(/\bAQ\.[0-9A-Za-z_-]{10,}/g, "[key]")
    .replace(/((?:x-goog-api-key|GEMINI_API_KEY)["']?\s*[:=]\s*["']?)[^\s"',}]+/gi, "$1[key]")
    .replace(/([?&]key=)[^&\s"']+/gi, "$1[key]");
}
