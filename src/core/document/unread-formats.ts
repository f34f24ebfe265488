/** A format of documents that is not read. */
interface UnreadFormat {
  /** Its files, as a plural: "Word 97 files". */
  name: string;
  /** The ending to save them with. */
  saveAs: string;
}

const FORMATS: [files: RegExp, format: UnreadFormat][] = [
  [/\.doc$/i, { name: "Word 97 files", saveAs: ".docx" }],
  [/\.rtf$/i, { name: "RTF files", saveAs: ".docx" }],
  [/\.(?:pages|wpd|sxw)$/i, { name: "documents of this word processor", saveAs: ".docx" }],
  [/\.(?:xls|xls[xmb]|ods|numbers)$/i, { name: "spreadsheets", saveAs: ".csv" }],
  [/\.(?:ppt|pptx|pps|ppsx|odp|key)$/i, { name: "slides", saveAs: ".pdf" }],
  [/\.(?:mobi|azw3?)$/i, { name: "e-books of this format", saveAs: ".epub" }],
  [/\.(?:djvu?|ps|xps)$/i, { name: "pages of this format", saveAs: ".pdf" }],
];

/** Names at most that a remark tells. */
const MOST_NAMES = 5;

/** The format of a document that is not read, by the file's name; null for files that are read, or that are no documents. */
export function unreadFormat(file: string): UnreadFormat | null {
  return FORMATS.find(([files]) => files.test(file))?.[1] ?? null;
}

/** What a report says of documents that were not read: a sentence for each format. */
export function describeUnreadFiles(files: readonly string[]): string[] {
  const byFormat = new Map<UnreadFormat, string[]>();
  for (const file of [...new Set(files)].sort()) {
    const format = unreadFormat(file);
    if (format !== null) byFormat.set(format, [...(byFormat.get(format) ?? []), file]);
  }
  return [...byFormat].map(([{ name, saveAs }, all]) => {
    const more = all.length > MOST_NAMES ? ` and ${all.length - MOST_NAMES} more` : "";
    const it = all.length === 1 ? "it" : "them";
    return `Not searched: ${all.slice(0, MOST_NAMES).join(", ")}${more} (${name} are not read; save ${it} as ${saveAs}).`;
  });
}
