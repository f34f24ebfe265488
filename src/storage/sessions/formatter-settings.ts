import { writeFile } from "node:fs/promises";
import path from "node:path";

/**
 * Settings that keep formatters away from the session files below them: a snapshot whose bytes change no longer has
 * the hash that its report names. Prettier reads ignore files only in the folder that it is started in, but settings
 * everywhere: with `requirePragma` it leaves files without its own comment alone, in all formats that have comments.
 */
const SETTINGS: Record<string, string> = {
  ".prettierrc.json": `${JSON.stringify({ requirePragma: true }, null, 2)}\n`,
  ".editorconfig": [
    "# Session files are checked by their hash: they stay as they were written.",
    "root = true",
    "",
    "[*]",
    ...["charset", "end_of_line", "insert_final_newline", "trim_trailing_whitespace"].map(
      (name) => `${name} = unset`,
    ),
    "",
  ].join("\n"),
};

/** Writes the settings into the sessions folder, once. Files that are there stay; what cannot be written is left out. */
export async function writeFormatterSettings(sessions: string): Promise<void> {
  const written = Object.entries(SETTINGS).map(([name, text]) =>
    writeFile(path.join(sessions, name), text, { flag: "wx" }).catch(() => undefined),
  );
  await Promise.all(written);
}
