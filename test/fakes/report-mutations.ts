import { cp, mkdir, readdir, readFile, rename, rm, symlink, writeFile } from "node:fs/promises";
import { createHash } from "node:crypto";
import path from "node:path";
import { format, type Options } from "prettier";
import type { SoundReport } from "./sound-report.js";

/* What somebody may do to a report, its snapshots and its session after it was written: a table of kinds. */

export interface Mutation {
  name: string;
  /** The report that it is done to. */
  of: "offline" | "gemini" | "blocks" | "both";
  do: (sound: SoundReport) => Promise<void>;
}

/** Changes the report's text. What changes nothing is a mistake of the table. */
function edit(
  name: string,
  of: Mutation["of"],
  change: (text: string, sound: SoundReport) => string,
): Mutation {
  return {
    name,
    of,
    do: async (sound) => {
      const before = await readFile(sound.report, "utf8");
      const after = change(before, sound);
      if (after === before) throw new Error(`“${name}” changes nothing.`);
      await writeFile(sound.report, after);
    },
  };
}

/** Runs a formatter over the report. */
function reformat(name: string, of: Mutation["of"], options: Options): Mutation {
  return {
    name,
    of,
    do: async ({ report }) =>
      writeFile(report, await format(await readFile(report, "utf8"), { parser: "markdown", ...options })),
  };
}

/** Puts lines before the heading of the sources. */
const insert = (text: string, lines: string): string =>
  text.replace("\n## Sources\n", `\n${lines}\n\n## Sources\n`);
const snapshotsOf = async ({ session }: SoundReport): Promise<string[]> =>
  (await readdir(path.join(session, "sources"))).sort().map((name) => path.join(session, "sources", name));
const hash = (text: string): string => createHash("sha256").update(text).digest("hex");

/** Forges a quote together with its snapshot, its name and its hash. */
async function forge({ report, session }: SoundReport, from: string, to: string): Promise<void> {
  let markdown = await readFile(report, "utf8");
  for (const file of await snapshotsOf({ session } as SoundReport)) {
    const text = await readFile(file, "utf8");
    if (!text.includes(from)) continue;
    const forged = text.replaceAll(from, to);
    await rm(file);
    await writeFile(path.join(path.dirname(file), `${hash(forged).slice(0, 16)}.md`), forged);
    markdown = markdown
      .replaceAll(hash(text), hash(forged))
      .replaceAll(hash(text).slice(0, 16), hash(forged).slice(0, 16));
  }
  await writeFile(report, markdown.replaceAll(from, to));
}

/** What must be caught where the session's journal is at hand. */
export const MUTATIONS: Mutation[] = [
  // Sentences.
  edit("a sentence is edited", "offline", (t) =>
    t.replace("Alice reviews what Bob wrote. [[", "Alice approves what Bob wrote. [["),
  ),
  edit("“not” is removed", "offline", (t) =>
    t.replace("A backup does not hold the cache. [[", "A backup does hold the cache. [["),
  ),
  edit("names are swapped", "offline", (t) =>
    t.replace("Alice reviews what Bob wrote. [[", "Bob reviews what Alice wrote. [["),
  ),
  edit("a number is changed", "offline", (t) =>
    t.replace("keeps 45 days of journals. [[", "keeps 54 days of journals. [["),
  ),
  edit("numbers are swapped", "gemini", (t) =>
    t.replace("Each of the 3 valves holds 250 bar.", "Each of the 250 valves holds 3 bar."),
  ),
  edit("a unit is changed", "offline", (t) =>
    t.replace("emptied after 12 hours. [[", "emptied after 12 days. [["),
  ),
  edit("a sentence is replaced by another's", "offline", (t) =>
    t.replace("Alice reviews what Bob wrote. [[1.3]]", "A backup does not hold the cache. [[1.3]]"),
  ),
  edit("a cited sentence is added", "offline", (t) =>
    t.replace("\nAlice reviews", "\nNothing else is kept. [[1.1]](#source-1)\nAlice reviews"),
  ),
  edit("an uncited sentence is added", "offline", (t) =>
    t.replace("\nAlice reviews", "\nEverything else is lost.\nAlice reviews"),
  ),
  edit("a sentence is deleted", "offline", (t) => t.replace(/^Alice reviews .*\n/m, "")),
  edit("a gap is deleted", "offline", (t) => t.replace(/^Nothing was found about.*\n/m, "")),
  edit("sentences change places", "offline", (t) =>
    t.replace(/^(Alice reviews .*)\n(A backup .*)$/m, "$2\n$1"),
  ),
  edit("a sentence moves to another section", "offline", (t) => {
    const [line = ""] = /^Alice reviews .*\n/m.exec(t) ?? [];
    return t.replace(line, "").replace("The limit is 10⁶ rows. [[", `${line}The limit is 10⁶ rows. [[`);
  }),
  edit("a sentence stands twice", "offline", (t) => t.replace(/^(Alice reviews .*)$/m, "$1\n$1")),
  edit("words are put behind the citation", "offline", (t) =>
    t.replace(/^(Alice reviews .*)$/m, "$1 But only on paper."),
  ),
  edit("a code span is changed", "gemini", (t) => t.replace("`Pages` are", "`Books` are")),
  // Citations.
  edit("a citation is moved to another quote", "offline", (t) =>
    t.replace("Bob wrote. [[1.3]]", "Bob wrote. [[1.2]]"),
  ),
  edit("a citation is added", "offline", (t) =>
    t.replace("Bob wrote. [[1.3]](#source-1)", "Bob wrote. [[1.2]](#source-1) [[1.3]](#source-1)"),
  ),
  edit("a citation is removed", "offline", (t) => t.replace("Bob wrote. [[1.3]](#source-1)", "Bob wrote.")),
  edit("one of two citations is removed", "gemini", (t) =>
    t.replace("[[2.1]](#source-2) [[2.2]](#source-2)", "[[2.2]](#source-2)"),
  ),
  edit("citations of two sentences are swapped", "offline", (t) =>
    t
      .replace("Bob wrote. [[1.3]]", "Bob wrote. [[x]]")
      .replace("the cache. [[1.5]]", "the cache. [[1.3]]")
      .replace("[[x]]", "[[1.5]]"),
  ),
  edit("a citation's number and link disagree", "offline", (t) =>
    t.replace("[[1.3]](#source-1)", "[[1.3]](#source-2)"),
  ),
  edit("a grounded citation is added", "gemini", (t) =>
    t.replace("once a day. [[1.1]](#source-1)\n", "once a day. [[1.1]](#source-1) [[4]](#source-4)\n"),
  ),
  edit("all citations lose their second brackets", "offline", (t) =>
    t.replace(/\[\[(\d\.\d)\]\]\(#source-\d\)/g, "[$1]"),
  ),
  edit("all citations are removed", "offline", (t) => t.replace(/ \[\[\d\.\d\]\]\(#source-\d\)/g, "")),
  edit("a citation is made code", "offline", (t) =>
    t.replace("Bob wrote. [[1.3]](#source-1)", "Bob wrote. `[[1.3]](#source-1)`"),
  ),
  // Marks.
  edit("a mark is removed", "offline", (t) => t.replace(/ \*\(qualified: .*?\)\*/, "")),
  edit("a mark is added", "offline", (t) =>
    t.replace("Bob wrote. [[1.3]](#source-1)", "Bob wrote. [[1.3]](#source-1) *(unsupported)*"),
  ),
  edit("a mark's verdict is changed", "offline", (t) => t.replace("*(not checked)*", "*(qualified)*")),
  edit("a mark's reason is changed", "offline", (t) => t.replace("only where it was", "everywhere it was")),
  edit("a table row's mark is removed", "offline", (t) => t.replace(" *(not checked)* |", " |")),
  // Blocks.
  edit("a block's citation line is removed", "blocks", (t) => t.replace(/^\[\[1\.2\]\].*\n/m, "")),
  edit("a block is removed", "blocks", (t) => t.replace(/^```sh\n[^]*?\n```\n\n\[\[1\.2\]\].*\n\n/m, "")),
  edit("a block stands twice", "blocks", (t) => t.replace(/^(```sh\n[^]*?\n```\n\n\[\[.*\n)/m, "$1\n$1")),
  edit("a block moves to another section", "blocks", (t) => {
    const [block = ""] = /^- journal[^]*?\n\n\[\[.*\n\n/m.exec(t) ?? [];
    return t.replace(block, "").replace("## What can be set\n\n", `## What can be set\n\n${block}`);
  }),
  edit("a block's language is changed", "blocks", (t) => t.replace("\n```sh\n", "\n```python\n")),
  edit("a block is marked", "blocks", (t) =>
    t.replace(/^(\[\[1\.2\]\]\(#source-1\))$/m, "$1 *(qualified: so it says)*"),
  ),
  edit("a block's citation becomes a sentence's", "blocks", (t) =>
    t.replace("- snapshot: what was read\n\n[[", "- snapshot: what was read\n\nIt is so. [["),
  ),
  // The rest of the text.
  edit("a row is edited", "offline", (t) => t.replace("| journals | 45 days [[", "| backups | 45 days [[")),
  edit("the head of the table is changed", "offline", (t) =>
    t.replace("| what | how long |", "| what | how short |"),
  ),
  edit("a row is removed", "offline", (t) => t.replace(/^\| journals .*\n/m, "")),
  edit("a heading is changed", "offline", (t) => t.replace("## What is kept", "## What is lost")),
  edit("a heading is removed", "offline", (t) => t.replace("## Where the sources disagree\n", "")),
  edit("the title is changed", "both", (t) =>
    t.replace("\n# How long it is kept", "\n# How short it is kept"),
  ),
  edit("the title in the front matter is changed", "both", (t) =>
    t.replace("title: How long", "title: How short"),
  ),
  edit("the question is changed", "both", (t) =>
    t.replace("> **Question.** How", "> **Question.** Why and how"),
  ),
  edit("the note of the offline engine is removed", "offline", (t) =>
    t.replace(/>\n> \*\*Offline engine.*\n/, ""),
  ),
  edit("the reason of the partial report is changed", "offline", (t) =>
    t.replace("The limit of calls was reached.", "Nothing is missing."),
  ),
  edit("the note of the partial report is removed", "offline", (t) =>
    t.replace(/>\n> \*\*Partial report.*\n/, ""),
  ),
  edit("the status is removed", "offline", (t) => t.replace("status: partial\n", "")),
  edit("the counts are changed", "both", (t) => t.replace(/^checked: \d+/m, "checked: 99")),
  edit("the counts are removed", "both", (t) => t.replace(/^checked: .*\n/m, "")),
  edit("the engine is changed", "both", (t) =>
    t.replace(/^engine: .*$/m, (line) => (line.endsWith("gemini") ? "engine: offline" : "engine: gemini")),
  ),
  edit("the depth is changed", "both", (t) => t.replace("depth: standard", "depth: deep")),
  edit("the day is changed", "both", (t) => t.replace("date: 2026-11-22", "date: 2027-11-22")),
  edit("the session's id is changed", "both", (t) =>
    t.replace(/^session: (.*)$/m, "session: 20261122-101500-another-session-0000"),
  ),
  edit("the session's id is changed everywhere", "both", (t) => {
    const [, id = ""] = /^session: (.*)$/m.exec(t) ?? [];
    return t.replaceAll(id, "20261122-101500-another-session-0000");
  }),
  edit("a field is added", "both", (t) => t.replace("depth: standard", "depth: standard\nreviewed: yes")),
  edit("a field stands twice", "both", (t) =>
    t.replace("depth: standard", "depth: standard\ndepth: standard"),
  ),
  edit("a section is added", "both", (t) => insert(t, "## In short\n\nAll of it is safe.")),
  // Sources.
  edit("a source's title is changed", "both", (t) =>
    t.replace("[Keeping (docs", "[Losing (docs").replace("[The older guide]", "[The newer guide]"),
  ),
  edit("a page's link is changed", "gemini", (t) =>
    t.replace("https://example.org/guide", "https://evil.example/guide"),
  ),
  edit("a PDF's link is changed", "gemini", (t) =>
    t.replaceAll("https://example.org/pump.pdf", "https://evil.example/pump.pdf"),
  ),
  edit("a page's text fragment is changed", "gemini", (t) =>
    t.replace(":~:text=Pages%20are%20read%20twice", ":~:text=Pages%20are%20never%20read"),
  ),
  edit("a grounded source's link is changed", "gemini", (t) =>
    t.replace("grounding-api-redirect/abc", "grounding-api-redirect/xyz"),
  ),
  edit("a grounded source's title is changed", "gemini", (t) => t.replace("[example.net]", "[example.gov]")),
  edit("a grounded source's searches are changed", "gemini", (t) =>
    t.replace('"how often pages"', '"something else"'),
  ),
  edit("a file's link is changed", "offline", (t) => t.replaceAll("docs/keeping.md#", "docs/losing.md#")),
  edit("a file's link leads another way to its name", "offline", (t) =>
    t.replaceAll("../../docs/keeping.md#", "../docs/keeping.md#"),
  ),
  edit("the day of reading is changed", "both", (t) => t.replace("read on 2026-11-22", "read on 2026-12-22")),
  edit("the commit is changed", "offline", (t) => t.replace("`9f2c1d0`", "`1111111`")),
  edit("the commit is removed", "offline", (t) => t.replace(" at `9f2c1d0`", "")),
  edit("a commit is added", "offline", (t) =>
    t.replace(/(lines? 3[^,]*), read on/, "$1 at `9f2c1d0`, read on"),
  ),
  edit("the lines are changed", "offline", (t) =>
    t.replace("#L3-L11), lines 3 to 11", "#L30-L110), lines 30 to 110"),
  ),
  edit("the page is changed", "gemini", (t) => t.replace("#page=1), page 1", "#page=7), page 7")),
  edit("the hash is changed", "both", (t) => t.replace(/SHA-256 `..../, "SHA-256 `0000")),
  edit("the link to the snapshot is changed", "both", (t) => t.replace(/\/sources\/..../, "/sources/0000")),
  edit("the line of the snapshot is removed", "both", (t) => t.replace(/^\[Snapshot\].*\n/m, "")),
  edit("a quote is changed", "both", (t) => t.replace(/^1\. "(\w+) /m, '1. "No $1 ')),
  edit("a quote is cut short", "offline", (t) =>
    t.replace('"A backup does not hold the cache."', '"A backup does"'),
  ),
  edit("two quotes change places", "offline", (t) => t.replace(/^1\. (".*")\n2\. (".*")$/m, "1. $2\n2. $1")),
  edit("a quote of the snapshot is added", "gemini", (t) =>
    t.replace('2. "Each valve', '2. "The first page."\n3. "Each valve'),
  ),
  edit("a quote without a number of its own is added", "offline", (t) =>
    t.replace(/^(2\. ".*")$/m, '$1\n2. "Nothing is kept."'),
  ),
  edit("an item that is no quote is added", "offline", (t) =>
    t.replace(/^(2\. ".*")$/m, "$1\n3. Nothing is kept."),
  ),
  edit("a last quote is removed", "gemini", (t) => t.replace(/^2\. "Each valve.*\n/m, "")),
  edit("a source is removed", "gemini", (t) => t.replace(/### Source 2\n[^]*?(?=### Source 3)/, "")),
  edit("two sources change places", "gemini", (t) =>
    t.replace(
      /### Source 1\n([^]*?)### Source 2\n([^]*?)(?=### Source 3)/,
      "### Source 1\n$2### Source 2\n$1",
    ),
  ),
  edit("a grounded source is made a page", "gemini", (t) =>
    t.replace("Found with Google Search, not re-checkable: ", ""),
  ),
  edit("a note is put below a source", "both", (t) =>
    t.replace(/^(\[Snapshot\].*)$/m, "$1\nNote: This was reviewed."),
  ),
  edit("text stands behind the sources", "both", (t) => `${t}\nAll of this was reviewed.\n`),
  {
    name: "snapshot, name, hash and quote are forged together",
    of: "offline",
    do: (sound) => forge(sound, "45 days", "54 days"),
  },
  {
    name: "a snapshot's head is forged with its hash",
    of: "gemini",
    do: (sound) => forge(sound, "https://example.org/guide", "https://evil.example/guide"),
  },
  // Where things lie.
  {
    name: "a snapshot is changed",
    of: "both",
    do: async (sound) => {
      const [file = ""] = await snapshotsOf(sound);
      await writeFile(file, `${await readFile(file, "utf8")} `);
    },
  },
  {
    name: "a snapshot is missing",
    of: "both",
    do: async (sound) => rm((await snapshotsOf(sound))[0] ?? ""),
  },
  {
    name: "a snapshot is a link",
    of: "both",
    do: async (sound) => {
      const [file = ""] = await snapshotsOf(sound);
      await rename(file, path.join(sound.workspace, "aside.md"));
      await symlink(path.join(sound.workspace, "aside.md"), file);
    },
  },
  {
    name: "the folder of snapshots is a link",
    of: "both",
    do: async ({ session, workspace }) => {
      await rename(path.join(session, "sources"), path.join(workspace, "sources-aside"));
      await symlink(path.join(workspace, "sources-aside"), path.join(session, "sources"));
    },
  },
  {
    name: "the session's folder is a link",
    of: "both",
    do: async ({ session, workspace }) => {
      await rename(session, path.join(workspace, "session-aside"));
      await symlink(path.join(workspace, "session-aside"), session);
    },
  },
  {
    name: "the folder of sessions is a link out of the workspace",
    of: "both",
    do: async ({ session, workspace }) => {
      const outside = `${workspace}-outside`;
      await rename(path.dirname(session), outside);
      await symlink(outside, path.dirname(session));
    },
  },
  {
    name: "the snapshots are those of another session",
    of: "both",
    do: async ({ session, report }) => {
      const other = path.join(path.dirname(session), "20261122-101500-another-session-0000");
      await cp(session, other, { recursive: true });
      const text = await readFile(report, "utf8");
      await writeFile(
        report,
        text.replaceAll(`${path.basename(session)}/sources`, `${path.basename(other)}/sources`),
      );
    },
  },
  {
    name: "the snapshots lie outside of the workspace",
    of: "both",
    do: async ({ session, report, workspace }) => {
      const outside = `${workspace}-outside`;
      await cp(path.dirname(session), outside, { recursive: true });
      const text = await readFile(report, "utf8");
      await writeFile(report, text.replaceAll("](../sessions/", `](../../../${path.basename(outside)}/`));
    },
  },
  {
    name: "the session is a forged copy at another place of the workspace",
    of: "offline",
    do: async (sound) => {
      const { session, report, workspace } = sound;
      const copy = path.join(workspace, "data/other", path.basename(session));
      await cp(session, copy, { recursive: true });
      await writeFile(report, (await readFile(report, "utf8")).replaceAll("](../sessions/", "](../other/"));
      await forge({ ...sound, session: copy }, "45 days", "54 days");
      await rm(path.join(copy, "journal.jsonl"));
    },
  },
  {
    name: "the journal is another session's",
    of: "both",
    do: async ({ journal }) =>
      writeFile(
        journal,
        (await readFile(journal, "utf8")).replace(/"id":"[^"]+"/, '"id":"20261122-101500-another-0000"'),
      ),
  },
  {
    name: "the journal is a link",
    of: "both",
    do: async ({ journal, workspace }) => {
      await rename(journal, path.join(workspace, "journal.jsonl"));
      await symlink(path.join(workspace, "journal.jsonl"), journal);
    },
  },
  {
    name: "the journal's record of the report is damaged",
    of: "both",
    do: async ({ journal }) =>
      writeFile(
        journal,
        (await readFile(journal, "utf8")).replace('{"type":"written",', '{"type":"written"'),
      ),
  },
  {
    name: "the journal is of a later version",
    of: "both",
    do: async ({ journal }) =>
      writeFile(journal, (await readFile(journal, "utf8")).replace(/"schema":\d/, '"schema":99')),
  },
  {
    name: "the journal is a folder",
    of: "both",
    do: async ({ journal }) => {
      await rm(journal);
      await mkdir(journal);
    },
  },
  // The gate.
  { name: "the report is deleted", of: "both", do: ({ report }) => rm(report) },
  {
    name: "the report is renamed to another ending",
    of: "both",
    do: ({ report }) => rename(report, `${report}.txt`),
  },
  {
    name: "the report is moved out of the folder",
    of: "both",
    do: ({ report, workspace }) => rename(report, path.join(workspace, "moved.md")),
  },
  {
    name: "the report is a link",
    of: "both",
    do: async ({ report, workspace }) => {
      await rename(report, path.join(workspace, "aside.md"));
      await symlink(path.join(workspace, "aside.md"), report);
    },
  },
  {
    name: "the report is a folder",
    of: "both",
    do: async ({ report }) => {
      await rm(report);
      await mkdir(report);
    },
  },
  { name: "the report is empty", of: "both", do: ({ report }) => writeFile(report, "") },
  edit("the session is removed from the front matter", "both", (t) => t.replace(/^session: .*\n/m, "")),
  edit("the front matter is removed", "both", (t) => t.replace(/^---\n[^]*?\n---\n/, "")),
  edit("the list of sources is named otherwise", "both", (t) =>
    t.replace("\n## Sources\n", "\n## Sources of it\n"),
  ),
  edit("the list of sources is a smaller heading", "both", (t) =>
    t.replace("\n## Sources\n", "\n##  Sources\n"),
  ),
  edit("the list of sources is removed", "both", (t) => t.slice(0, t.indexOf("\n## Sources\n"))),
  edit("the report is too large", "both", (t) => `${t}${"\n".repeat(5 * 1024 ** 2)}`),
];

/** A list of sources to be taken for the real one. */
const forged = (text: string): string =>
  text
    .slice(text.indexOf("\n## Sources\n"))
    .replaceAll("45 days", "54 days")
    .replaceAll("once a day", "never");

/** What is shown and not checked, or checked and not shown: caught with and without a session. */
export const DISGUISES: Mutation[] = [
  edit("a second list of sources", "both", (t) => insert(t, forged(t).trim())),
  edit("a second list of sources in a comment", "both", (t) => `${t}\n<!--\n${forged(t)}\n-->\n`),
  edit("a second heading with two blanks", "both", (t) => insert(t, "##  Sources")),
  edit("a second heading with a blank behind", "both", (t) => insert(t, "## Sources ")),
  edit("a second heading underlined", "both", (t) => insert(t, "Sources\n-------")),
  edit("a second heading with an entity", "both", (t) => insert(t, "## Sour&#99;es")),
  edit("a second heading with a named entity", "both", (t) => insert(t, "## Sour&shy;ces")),
  edit("a second heading in capitals", "both", (t) => insert(t, "# SOURCES #")),
  edit("a second heading with an invisible character", "both", (t) => insert(t, "## Sour\u200bces")),
  edit("a second heading in a quotation", "both", (t) => insert(t, "> ## Sources")),
  edit("a second heading in bold", "both", (t) => insert(t, "## **Sources**")),
  edit("a second heading in wide letters", "both", (t) => insert(t, "## Ｓｏｕｒｃｅｓ")),
  edit("another first source", "both", (t) => insert(t, '### Source 1\n\n1. "Forged."')),
  edit("a comment hides a mark", "offline", (t) =>
    t.replace(
      "keeps 45 days of journals. [[1.1]](#source-1)\n",
      "keeps 900 days of journals. [[1.1]](#source-1)<!-- *(qualified)* -->\n",
    ),
  ),
  edit("a comment hides a grounded citation", "gemini", (t) =>
    t.replace(
      "stays known for 90 days. [[1.2]](#source-1)",
      "stays known for 900 days. [[1.2]](#source-1)<!-- [[4]](#source-4) -->",
    ),
  ),
  edit("a comment over lines", "both", (t) => insert(t, "<!-- hidden\n\nand more -->")),
  edit("a comment that nobody ends", "both", (t) => insert(t, "<!-- hidden")),
  edit("a tag within a number", "offline", (t) =>
    t.replace("keeps 45 days of journals. [[", "keeps 4<i></i>5 days of journals. [["),
  ),
  edit("a tag that hides", "both", (t) => insert(t, '<span style="display:none">x</span>')),
  edit("a script", "both", (t) => insert(t, "<script>alert(1)</script>")),
  edit("an instruction", "both", (t) => insert(t, "<?php x ?>")),
  edit("struck-out text", "offline", (t) =>
    t.replace("Alice reviews what Bob wrote. [[", "~~Alice reviews~~ what Bob wrote. [["),
  ),
  edit("a bidi override", "offline", (t) =>
    t.replace("keeps 45 days of journals. [[", "keeps \u202e45\u202c days of journals. [["),
  ),
  edit("a bidi isolate in a heading", "offline", (t) =>
    t.replace("## What is kept", "## What \u2067is kept"),
  ),
  edit("a zero-width character in a number", "offline", (t) =>
    t.replace("keeps 45 days of journals. [[", "keeps 4\u200b5 days of journals. [["),
  ),
  edit("a variation selector in a number", "offline", (t) =>
    t.replace("keeps 45 days of journals. [[", "keeps 4\ufe0f5 days of journals. [["),
  ),
  edit("a tag character", "offline", (t) =>
    t.replace("Alice reviews what Bob wrote. [[", "Alice reviews\u{e0061} what Bob wrote. [["),
  ),
  edit("a soft hyphen", "offline", (t) =>
    t.replace("Alice reviews what Bob wrote. [[", "Alice re\u00adviews what Bob wrote. [["),
  ),
  edit("a control character", "offline", (t) =>
    t.replace("Alice reviews what Bob wrote. [[", "Alice reviews\u0007 what Bob wrote. [["),
  ),
  edit("an invisible character in the front matter", "both", (t) =>
    t.replace("title: How", "title: How\u200b"),
  ),
  edit("an invisible character in a link", "both", (t) =>
    t.replace("](../sessions/", "](../sess\u200bions/"),
  ),
  edit("an invisible character in a quote", "offline", (t) =>
    t.replace('"A backup does not', '"A backup does\u200b not'),
  ),
  edit("a carriage return within a line", "offline", (t) =>
    t.replace("Alice reviews what", "Alice reviews\rwhat"),
  ),
  edit("a quote with a power flattened", "offline", (t) =>
    t
      .replace('"The limit is 10⁶ rows."', '"The limit is 106 rows."')
      .replaceAll("The limit is 10⁶ rows. [[", "The limit is 106 rows. [["),
  ),
  edit("a sentence with a power flattened", "offline", (t) =>
    t.replace("The limit is 10⁶ rows. [[", "The limit is 106 rows. [["),
  ),
  edit("a sentence with a power put in", "offline", (t) =>
    t.replace("One file says 106 files, the other 10⁶ rows.", "One file says 106 files, the other 10⁸ rows."),
  ),
  edit("a number with its digits lowered", "offline", (t) =>
    t.replace("keeps 45 days of journals. [[", "keeps 4₅ days of journals. [["),
  ),
  edit("a number with a circled digit", "offline", (t) =>
    t.replace("keeps 45 days of journals. [[", "keeps 4⑤ days of journals. [["),
  ),
  edit("an entity that there is none of", "both", (t) => t.replace(/^1\. "/m, '1. "&#99999999;')),
  edit("an entity for a surrogate", "both", (t) => t.replace(/^1\. "/m, '1. "&#55357;')),
  edit("an entity for a letter of a quote", "offline", (t) => t.replace('"A backup', '"&#65; backup')),
  edit("an entity for a digit of a sentence", "offline", (t) =>
    t.replace("keeps 45 days of journals. [[", "keeps 4&#53; days of journals. [["),
  ),
  edit("a named entity in a sentence", "offline", (t) =>
    t.replace("keeps 45 days of journals. [[", "keeps 4&ThinSpace;5 days of journals. [["),
  ),
  edit("a link is defined", "both", (t) => insert(t, "[Snapshot]: https://evil.example/")),
  edit("a footnote", "both", (t) => insert(t, "This is so.[^1]\n\n[^1]: It is not.")),
  edit("code is opened and not ended", "both", (t) => t.replace("\n## ", "\n```\n\n## ")),
  edit("code is opened in a list", "both", (t) => insert(t, "- a\n  ```\n  b")),
  edit("a code span over lines", "offline", (t) =>
    t.replace(/^(Alice reviews .*)$/m, "So `it is\n$1\nsaid` there."),
  ),
  edit("a cited line in a quotation", "offline", (t) => t.replace(/^Alice reviews/m, "> Alice reviews")),
  edit("a cited line is indented as code", "offline", (t) =>
    t.replace(/^Alice reviews/m, "    Alice reviews"),
  ),
  edit("a cited line becomes a heading", "offline", (t) => t.replace(/^(Alice reviews .*)$/m, "$1\n===")),
  edit("emphasis is put into a sentence", "offline", (t) =>
    t.replace("Alice reviews what Bob wrote. [[", "Alice *reviews* what Bob wrote. [["),
  ),
  edit("a link is put into a sentence", "offline", (t) =>
    t.replace(
      "Alice reviews what Bob wrote. [[",
      "Alice [reviews](https://evil.example/) what Bob wrote. [[",
    ),
  ),
  edit("an image is put into a sentence", "offline", (t) =>
    t.replace(
      "Alice reviews what Bob wrote. [[",
      "Alice ![reviews](https://evil.example/x.png) what Bob wrote. [[",
    ),
  ),
  edit("a citation's number begins with zero", "offline", (t) =>
    t.replace("[[1.3]](#source-1)", "[[1.03]](#source-1)"),
  ),
  edit("words stand behind a citation", "offline", (t) =>
    t.replace(/^(Alice reviews .*)$/m, "$1 And nobody else does."),
  ),
  edit("a citation stands before its sentence", "offline", (t) =>
    t.replace(
      "Alice reviews what Bob wrote. [[1.3]](#source-1)",
      "[[1.3]](#source-1) Alice reviews what Bob wrote.",
    ),
  ),
  edit("a citation stands within its sentence", "offline", (t) =>
    t.replace("what Bob wrote. [[1.3]](#source-1)", "[[1.3]](#source-1) what Bob wrote."),
  ),
  edit("a citation stands twice", "offline", (t) =>
    t.replace("wrote. [[1.3]](#source-1)", "wrote. [[1.3]](#source-1) [[1.3]](#source-1)"),
  ),
  edit("a letter of another alphabet in a sentence", "offline", (t) =>
    t.replace("A backup does not hold the cache. [[", "A b\u0430ckup does not hold the cache. [["),
  ),
  edit("a letter of another alphabet in a heading", "offline", (t) =>
    t.replace("## What is kept", "## What is k\u0435pt"),
  ),
  edit("an image of its own", "both", (t) => insert(t, "![all is well](all-is-well.png)")),
  edit("the title is not that of the front matter", "both", (t) =>
    t.replace("\n# How long it is kept", "\n# How short it is kept"),
  ),
  edit("a link to a command", "both", (t) => insert(t, "See [here](command:workbench.action.quit).")),
  edit("a link that runs code", "both", (t) => insert(t, "See [here](javascript:alert).")),
  edit("a link to a file by its address", "both", (t) => insert(t, "See [here](file:///etc/passwd).")),
  edit("a link to another machine", "both", (t) => insert(t, "See [here](//evil.example/share).")),
  edit("a link to the root", "both", (t) => insert(t, "See [here](/etc/passwd).")),
  edit("a link out of the workspace", "both", (t) => insert(t, "See [here](../../../secret.txt).")),
  edit("a link out of the workspace in disguise", "both", (t) =>
    insert(t, "See [here](%2e%2e/%2e%2e/%2e%2e/secret.txt)."),
  ),
  edit("a source's link out of the workspace", "offline", (t) =>
    t.replaceAll("](../../docs/keeping.md", "](../../../docs/keeping.md"),
  ),
  edit("a source's link with another scheme", "gemini", (t) =>
    t.replace("](https://example.org/guide", "](vscode://example.org/guide"),
  ),
];

/** Puts another text in place of one that a block shows, before the list of sources. */
const editBlock = (name: string, from: string | RegExp, to: string): Mutation =>
  edit(name, "blocks", (text) => {
    const at = text.indexOf("\n## Sources\n");
    return text.slice(0, at).replace(from, to) + text.slice(at);
  });

/** A block that is not its quote, or is not shown as one: caught with and without a session. */
export const BLOCK_DISGUISES: Mutation[] = [
  editBlock("a character of code is changed", "--days 45", "--days 46"),
  editBlock("the indentation of code is changed", "\n\t--to data", "\n    --to data"),
  editBlock("a blank line is put into code", "\n\t--to data", "\n\n\t--to data"),
  editBlock("a line of code is removed", /^keep --days 45.*\n/m, ""),
  editBlock("a line is added to code", "```sh\n", "```sh\nsudo rm -rf /\n"),
  editBlock("a cell is changed", "| `--days` | 45 |", "| `--days` | 46 |"),
  editBlock("a cell is added", "| `--days` | 45 |", "| `--days` | 45 | days |"),
  editBlock("the head of a table is removed", "| Name | Default |\n| --- | --- |\n", ""),
  editBlock("a row without a head gets one", "| | |\n", "| Danger | Use |\n"),
  editBlock("an item is changed", "snapshot: what was read", "snapshot: what was written"),
  editBlock("an item moves in", "- snapshot", "  - snapshot"),
  editBlock("an item is added", "what was read\n", "what was read\n- key: what opens it\n"),
  editBlock("a list is parted by a blank line", "- snapshot", "\n- snapshot"),
  editBlock("prose is put above a list", "- journal", "All of it is safe:\n- journal"),
  editBlock("a list becomes prose", /^- (journal|snapshot)/gm, "$1"),
  editBlock("a table is parted by a blank line", "| `--days` | 45 |", "\n| `--days` | 45 |"),
  editBlock("a row is put above a table", "| Name | Default |", "| Danger | Use |\n| Name | Default |"),
  editBlock("emphasis is put into a block", "\\*done\\*", "*done*"),
  editBlock("a link is put into a block", "what was read", "[what was read](https://evil.example/)"),
  editBlock("HTML is put into a block", "what was read", "<b>what was read</b>"),
  editBlock("a citation is put into a block", "what was read", "what was read [[1.1]](#source-1)"),
  editBlock("an entity stands for a letter of a block", "- snapshot", "- &#115;napshot"),
  editBlock("a heading is put into a block", "what was read\n", "what was read\n## Sources\n"),
  editBlock("an invisible character is put into code", "keep --days", "keep\u200b --days"),
  editBlock("a block is cited by another quote", /^\[\[1\.2\]\]/m, "[[1.1]]"),
  editBlock("a block cites a second quote", /^(\[\[1\.2\]\].*)$/m, "$1 [[1.1]](#source-1)"),
  editBlock("a fence is left open", /^```$/m, ""),
  editBlock("a fence is closed early", /^(keep --days 45.*)$/m, "$1\n```"),
  editBlock("a fence is put before another", "```sh\n", "```\nsudo rm -rf /\n```\n```sh\n"),
  editBlock("a fence is indented as code", "```sh\n", "    ```sh\n"),
  editBlock("a block quote goes on to its citation", "what was read\n\n[[", "what was read\n[["),
  edit("two blocks change citations", "blocks", (t) =>
    t
      .replace(/^\[\[1\.2\]\]/m, "[[x]]")
      .replace(/^\[\[1\.5\]\]/m, "[[1.2]]")
      .replace("[[x]]", "[[1.5]]"),
  ),
];

/** What code alone sees in a sentence and its quotes: caught with and without a session. */
export const FALSEHOODS: Mutation[] = [
  edit("“not” is removed", "offline", (t) =>
    t.replace("A backup does not hold the cache. [[", "A backup does hold the cache. [["),
  ),
  edit("names are swapped", "offline", (t) =>
    t.replace("Alice reviews what Bob wrote. [[", "Bob reviews what Alice wrote. [["),
  ),
  edit("a number is changed to words", "offline", (t) =>
    t.replace("keeps 45 days of journals. [[", "keeps journals for neunzig days. [["),
  ),
  edit("a unit is changed", "offline", (t) =>
    t.replace("emptied after 12 hours. [[", "emptied after 12 days. [["),
  ),
  edit("a direction is changed", "offline", (t) =>
    t.replace("The cache is emptied after 12 hours. [[", "The cache is emptied before 12 hours. [["),
  ),
  edit("a quantifier is added", "offline", (t) =>
    t.replace("A backup does not hold the cache. [[", "Only a backup does not hold the cache. [["),
  ),
];

/** What changes nothing that counts, and must pass. */
export const HARMLESS: Mutation[] = [
  { name: "nothing", of: "both", do: () => Promise.resolve() },
  edit("CRLF line ends", "both", (t) => t.replaceAll("\n", "\r\n")),
  edit("a byte order mark", "both", (t) => `\ufeff${t}`),
  edit("CRLF line ends and a byte order mark", "both", (t) => `\ufeff${t.replaceAll("\n", "\r\n")}`),
  edit("blank lines at the end", "both", (t) => `${t}\n\n`),
  edit("no line end at the end", "both", (t) => t.trimEnd()),
  edit("blanks at the ends of lines", "both", (t) => t.replaceAll("\n", " \n")),
  edit("two blank lines for one", "both", (t) => t.replaceAll("\n\n", "\n\n\n")),
  edit("sentences are wrapped", "both", (t) =>
    t.replace(/^([A-Z][^|\n]{10,}?) (?=.*\]\(#source-)/gm, "$1\n"),
  ),
  edit("sentences of a paragraph are joined", "offline", (t) =>
    t.replace(/(\]\(#source-\d\))\n(?=[A-Z].*\]\(#source-)/g, "$1 "),
  ),
  edit("sentences of a paragraph are joined", "gemini", (t) =>
    t.replace(/(\]\(#source-\d\))\n(?=[A-Z].*\]\(#source-)/g, "$1 "),
  ),
  edit("the question is wrapped", "both", (t) => t.replace(/^(> \*\*Question\.\*\* \S+) /m, "$1\n> ")),
  edit("signs close the headings", "both", (t) => t.replace(/^(## (?!Sources).*)$/gm, "$1 ##")),
  ...(["always", "never", "preserve"] as const).flatMap((proseWrap) => [
    reformat(`Prettier with proseWrap ${proseWrap}`, "offline", { proseWrap }),
    reformat(`Prettier with proseWrap ${proseWrap}`, "gemini", { proseWrap }),
  ]),
  {
    name: "CRLF line ends in everything",
    of: "both",
    do: async (sound) => {
      for (const file of [sound.report, sound.journal, ...(await snapshotsOf(sound))]) {
        await writeFile(file, (await readFile(file, "utf8")).replaceAll("\n", "\r\n"));
      }
    },
  },
];

/**
 * Kinds that nobody can catch from the files alone, or not without the session's journal, each with the reason.
 * `needs` is what is missing.
 */
export const HONEST_LIMITS: (Mutation & { why: string; needs: "nothing can" | "the journal" })[] = [
  {
    name: "report, snapshot and journal are forged together",
    of: "offline",
    needs: "nothing can",
    why: "Whoever writes all three writes another session. Only a signature, or git's history, tells who wrote it.",
    do: async (sound) => {
      await forge(sound, "45 days", "54 days");
      await rm(sound.journal);
    },
  },
  {
    ...edit("a verb is replaced, without the journal", "offline", (t) =>
      t.replace("Alice reviews what Bob wrote. [[", "Alice approves what Bob wrote. [["),
    ),
    needs: "the journal",
    why: "The names stand in the quote, and code does not know which verbs mean the same.",
  },
  {
    ...edit("a mark is removed with its count, without the journal", "offline", (t) =>
      t
        .replace(/ \*\(qualified: .*?\)\*/, "")
        .replace(/^checked: \d+ supported, \d+/m, (line) =>
          line.replace(/\d+/g, (n, at) => (at < 10 ? `${Number(n) + 1}` : `${Number(n) - 1}`)),
        ),
    ),
    needs: "the journal",
    why: "That the sentence was judged otherwise stands in the journal alone.",
  },
  {
    ...edit("a number in words of another language, without the journal", "offline", (t) =>
      t.replace("keeps 45 days of journals. [[", "keeps journals for cinquante days. [["),
    ),
    needs: "the journal",
    why: "Number words are known in English and German alone.",
  },
  {
    ...edit("the question is changed, without the journal", "offline", (t) =>
      t.replace("> **Question.** How", "> **Question.** Why and how"),
    ),
    needs: "the journal",
    why: "What was asked stands in the journal alone.",
  },
];
