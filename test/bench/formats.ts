/*
 * Encodings that nobody names, and PDFs that are broken: how many are read right, and whether any
 * takes more down than itself.
 */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { ResearchError } from "../../src/common/errors.js";
import { decodePage } from "../../src/reading/documents/decode-page.js";
import { openExtractionPool } from "../../src/reading/documents/extraction-pool.js";
import type { Row } from "./results-table.js";

/** What the sets' file names say, where TextDecoder says it otherwise. */
const LABELS: Record<string, string> = {
  ascii: "utf-8",
  "utf-8-sig": "utf-8",
  "utf-16": "utf-16be",
  "iso-8859-1": "windows-1252",
  cp949: "euc-kr",
  gb2312: "gb18030",
  "iso-8859-9": "windows-1254",
};
const LANGUAGES = /-(?:arabic|bulgarian|croatian|czech|finnish|greek|hebrew|hungarian|polish|romanian|russian|slovak|slovene|thai|turkish|ukrainian|german|french|spanish|italian|portuguese|dutch|danish|swedish|norwegian|estonian|latvian|lithuanian|vietnamese|macedonian|serbian|belarusian|english|welsh|irish|icelandic|esperanto|maltese|farsi|urdu)$/; // prettier-ignore

/** Pairs of characters beyond ASCII that two texts share, 0 to 1. */
function sameness(one: string, other: string): number {
  const pairs = (text: string): Map<string, number> => {
    // eslint-disable-next-line no-control-regex -- text beyond ASCII is what counts
    const beyond = Array.from(text.replace(/[\u0000-\u007f\ufeff]/g, ""));
    const count = new Map<string, number>();
    beyond.forEach((each, index) => {
      const pair = each + (beyond[index + 1] ?? "");
      count.set(pair, (count.get(pair) ?? 0) + 1);
    });
    return count;
  };
  const [a, b] = [pairs(one), pairs(other)];
  let shared = 0;
  let all = 0;
  for (const pair of new Set([...a.keys(), ...b.keys()])) {
    shared += Math.min(a.get(pair) ?? 0, b.get(pair) ?? 0);
    all += Math.max(a.get(pair) ?? 0, b.get(pair) ?? 0);
  }
  return all === 0 ? 1 : shared / all;
}

/** Text in an encoding; one that no browser knows counts as not read. */
function decodeAs(bytes: Uint8Array, label: string): string {
  try {
    return new TextDecoder(label).decode(bytes);
  } catch {
    return "\ufffd";
  }
}

function encodings(folder: string): Row {
  const what = "encodings decoded right";
  // What the detector in use reaches: the others are rare, and guessing them would cost common ones.
  const reach = "≥ 22 of 26";
  if (!existsSync(folder)) return { what, measured: "–", reach, ok: null };
  const files = readdirSync(folder);
  const wrong = files.filter((file) => {
    const bytes = readFileSync(path.join(folder, file));
    const said = (file.split("__")[0] ?? "").toLowerCase().replace(LANGUAGES, "");
    return sameness(decodeAs(bytes, LABELS[said] ?? said), decodePage(bytes, null)?.text ?? "") < 0.99;
  });
  const right = files.length - wrong.length;
  const measured = `${right} of ${files.length}${wrong.length === 0 ? "" : ` (not ${wrong.join(", ")})`}`;
  return { what, measured, reach, ok: right / files.length >= 22 / 26 };
}

async function pdfs(folder: string): Promise<Row> {
  const what = "broken PDFs: crash, hang, lost run";
  const reach = "0";
  if (!existsSync(folder)) return { what, measured: "–", reach, ok: null };
  const threads = openExtractionPool();
  const signal = new AbortController().signal;
  const ended = new Map<string, number>();
  let lost = 0;
  const files = readdirSync(folder).filter((file) => file.endsWith(".pdf"));
  try {
    for (const file of files) {
      const bytes = readFileSync(path.join(folder, file));
      const document = { bytes, type: "application/pdf", charset: null, address: file };
      const outcome = await threads.read(document, signal).then(
        () => "text",
        (error: unknown) => (error instanceof ResearchError ? error.code : "crash"),
      );
      ended.set(outcome, (ended.get(outcome) ?? 0) + 1);
      if (!["text", "no-text-layer", "password", "damaged-file"].includes(outcome)) lost++;
    }
  } finally {
    await threads.close();
  }
  const counts = [...ended].map(([outcome, count]) => `${count} ${outcome}`).join(", ");
  return { what, measured: `${lost} of ${files.length} (${counts})`, reach, ok: lost === 0 };
}

export async function rows(material: string): Promise<Row[]> {
  return [encodings(path.join(material, "hostile/charset")), await pdfs(path.join(material, "hostile/pdf"))];
}
