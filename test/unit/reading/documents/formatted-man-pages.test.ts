import assert from "node:assert/strict";
import { extractFileText } from "../../../../src/reading/documents/extract-file-text.js";

const page = `FERRY(1)                     General Commands                     FERRY(1)

NAME
     ferry - carries files over a river

SYNOPSIS
     ferry [-qv] [-p port] file ...
           [--to shore]

DESCRIPTION
     The ferry program carries files.  It waits for the foot pas\u2010
     sengers on the shore, and for those who come late.

     The options are as follows:

     -p port
\t     Connects to this port.

     -q\t     Quiet mode.

     -t [shore:]dock
     -t dock-only
\t     Moors at the given dock, where the re\u2010
\t     ceiving shore has one.  The well-known docks are al-
\t     ways open.

\t     A dock may be named twice.

     The program ends when all files are ashore.

   Boats of the fleet
     •   The big one.
     •   The small one, which goes
         on Sundays.

FILES
     /etc/ferry.conf
\t     Holds the settings of all foot passengers, who are always welcome.

     # a sample of it
     fleet {
         boats 2
     }

                              May 2, 2024                         FERRY(1)
`;

function read(file: string, content: string) {
  const found = extractFileText(file, Buffer.from(content));
  assert.ok(found !== null);
  return found;
}

describe("manual pages as man prints them", () => {
  const { text, title, lines, coverage } = read("ferry.1.txt", page);

  it("have their title, sections and subsections", () => {
    assert.equal(title, "ferry(1)");
    assert.deepEqual(text.replace(/```[^]*?```/g, "").match(/^#+ .*$/gm), [
      "# ferry(1)",
      "## NAME",
      "## SYNOPSIS",
      "## DESCRIPTION",
      "### Boats of the fleet",
      "## FILES",
    ]);
    assert.match(text, /```\nferry \[-qv\] \[-p port\] file \.\.\.\n {6}\[--to shore\]\n```/);
  });

  it("join each name with its text, beside it or below it", () => {
    assert.match(text, /^- -p port: Connects to this port\.$/m);
    assert.match(text, /^- -q: Quiet mode\.$/m);
    assert.match(text, /^- -t \[shore:\]dock, -t dock-only: Moors at the given dock, where the receiving\b/m);
    assert.match(text, /^ {2}A dock may be named twice\.$/m);
    assert.match(text, /^- \/etc\/ferry\.conf: Holds the settings/m);
    assert.match(text, /^- The small one, which goes on Sundays\.$/m);
    assert.match(text, /^The program ends when all files are ashore\.$/m);
  });

  it("join words that were parted at the end of a line, and keep hyphens of the author", () => {
    assert.match(text, /foot passengers\son the shore/);
    assert.match(text, /well-known docks\s+are always open/);
    assert.match(read("a.1.txt", page.replaceAll("\u2010", "-")).text, /foot passengers\son/);
    const kept = page.replace("foot pas\u2010\n     sengers", "well\u2010\n     known guests");
    assert.match(read("a.1.txt", kept).text, /well-known\sguests/);
  });

  it("show code as it stands", () => {
    assert.match(text, /```\n# a sample of it\nfleet \{\n {4}boats 2\n\}\n```/);
  });

  it("know the line of each thing, and lose no words", () => {
    const at = text.split("\n").findIndex((line) => line.startsWith("- -t [shore:]dock"));
    assert.equal(lines?.[at], 23);
    assert.equal(coverage?.kept, coverage?.words);
  });

  it("give what stands behind a long entry to its section, and its neighbours names of their own", () => {
    const long = Array.from({ length: 30 }, (_, n) => `\t     Rule ${n} of the dock is kept by everyone.`);
    const { text: whole } = read(
      "ferry.1.txt",
      page
        .replace("\t     A dock may be named twice.", long.join("\n\n"))
        .replace("     The program ends", "     -z\t     Sleeps on the way.\n\n     The program ends"),
    );
    assert.match(whole, /^### -t \[shore:\]dock, -t dock-only$/m);
    assert.match(whole, /^### -z\n\nSleeps on the way\.\n\n## DESCRIPTION\n\nThe program ends/m);
  });

  it("read a table that is drawn with lines as rows", () => {
    const drawn = [
      "     What ends a trip:",
      "     ┌─────────┬───────┐",
      "     │Cause    │ Ends  │",
      "     ├─────────┼───────┤",
      "     │High     │ yes   │",
      "     │water    │       │",
      "     └─────────┴───────┘",
      "     Nothing else does.",
    ].join("\n");
    const { text: found } = read("a.1.txt", page.replace("     The options are as follows:", drawn));
    assert.match(found, /\| Cause \| Ends \|\n\| --- \| --- \|\n\| Cause: High water \| Ends: yes \|\n/);
    assert.match(found, /^Nothing else does\.$/m);
  });

  it("are told from other texts", () => {
    const other = read("notes.txt", "NAMES\n\nThe ferry (1) is late.\n\n    -p port\n");
    assert.equal(other.title, "notes.txt");
    assert.doesNotMatch(other.text, /^# ferry/m);
  });
});

describe("tabs of documentation generators", () => {
  it("lead with their label to what they show", () => {
    const fence = "```";
    const tabs = `${fence}{tab} Unix\n\nUser\n: \`~/.config/ferry.conf\`\n${fence}\n\n${fence}{tab} Windows\n\nUser\n: \`%APPDATA%\\ferry.ini\`\n${fence}\n`;
    const { text } = read("a.md", `# Places\n\n${tabs}`);
    assert.match(text, /Unix:\n- User: `~\/\.config\/ferry\.conf`/);
    assert.match(text, /Windows:\n- User: `%APPDATA%/);
    const { text: noted } = read("b.md", '# Places\n\n=== "Unix"\n\n    Run it as root.\n');
    assert.match(noted, /Unix:\n\nRun it as root\./);
  });
});
