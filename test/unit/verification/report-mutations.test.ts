import { formatMessage } from "../../../src/common/messages.js";
import assert from "node:assert/strict";
import { appendFile, cp, readFile, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { verifyReports } from "../../../src/app/verify-reports.js";
import {
  parseReport,
  type ParsedReport,
  type ParsedSentence,
} from "../../../src/core/report/parse-report.js";
import {
  applyTextEdits,
  blockEdits,
  citationEdits,
  removalEdits,
  verdictEdits,
  type TextEdit,
} from "../../../src/core/report/report-edits.js";
import type { Verdict } from "../../../src/core/domain/schema.js";
import type { CheckedReport } from "../../../src/verification/check-report-file.js";
import type { WrittenSentence } from "../../../src/storage/sessions/journal-schema.js";
import { diffReportLines } from "../../../src/storage/reports/report-line-hashes.js";
import { toWrittenSentence } from "../../../src/verification/checked-sentences.js";
import { aFolder } from "../../fakes/temporary-folder.js";
import {
  BLOCK_DISGUISES,
  DISGUISES,
  FALSEHOODS,
  HARMLESS,
  HONEST_LIMITS,
  MUTATIONS,
  type Mutation,
} from "../../fakes/report-mutations.js";
import { blockReport, geminiReport, offlineReport, type SoundReport } from "../../fakes/sound-report.js";

/*
 * Sound reports, changed in every way that somebody could think of: each must be caught, or stand in HONEST_LIMITS with
 * the reason; what changes nothing must pass.
 */

const never = new AbortController().signal;
const KINDS = { offline: offlineReport, gemini: geminiReport, blocks: blockReport };

describe("reports that were changed after they were written", () => {
  let sound: SoundReport | null = null;
  afterEach(async () => {
    if (sound === null) return;
    await rm(`${sound.workspace}-outside`, { recursive: true, force: true });
    await sound.remove();
    sound = null;
  });

  async function verified({ workspace }: SoundReport): Promise<CheckedReport[]> {
    return (await verifyReports([path.join(workspace, "data/reports")], workspace, never)).checked;
  }
  const told = (checked: CheckedReport[]): string =>
    checked
      .flatMap(({ failed }) =>
        failed.map(({ kind, line, why }) => `${kind} ${line ?? ""} ${formatMessage(why)}`),
      )
      .join("\n");

  function each(mutations: Mutation[], run: (mutation: Mutation, made: SoundReport) => Promise<void>): void {
    for (const mutation of mutations) {
      for (const kind of ["offline", "gemini", "blocks"] as const) {
        // What changes nothing that counts changes nothing in blocks, either.
        const isOfAll = mutation.of === "both" && (kind !== "blocks" || mutations === HARMLESS);
        if (mutation.of !== kind && !isOfAll) continue;
        it(`${mutation.name} (${kind})`, async () => {
          sound = await KINDS[kind]();
          await run(mutation, sound);
        });
      }
    }
  }

  describe("pass where nothing that counts was changed", () => {
    each(HARMLESS, async (mutation, made) => {
      await mutation.do(made);
      const checked = await verified(made);
      assert.equal(checked.length, 1);
      assert.deepEqual([checked[0]?.ok, checked[0]?.checked], [true, "all"], told(checked));
      assert.ok((checked[0]?.citations ?? 0) > 5);
    });
  });

  describe("are caught by their session's record", () => {
    each(MUTATIONS, async (mutation, made) => {
      await mutation.do(made);
      const checked = await verified(made);
      assert.ok(checked.length > 0, "nothing was checked");
      assert.ok(
        checked.some(({ ok }) => !ok),
        "it passes",
      );
      assert.notEqual(told(checked), "");
    });
  });

  describe("are caught where they show other things than what is checked, and where code sees that they are false", () => {
    each([...DISGUISES, ...BLOCK_DISGUISES, ...FALSEHOODS], async (mutation, made) => {
      await mutation.do(made);
      assert.ok(
        (await verified(made)).some(({ ok }) => !ok),
        "it passes with its session",
      );
      // The quotes alone must tell, too.
      await rm(made.journal);
      const checked = await verified(made);
      assert.ok(
        checked.some(({ ok }) => !ok),
        "it passes without its session",
      );
      assert.equal(checked[0]?.checked, "quotes");
    });
  });

  describe("pass where it is said in the honest limits, and nowhere else", () => {
    each(HONEST_LIMITS, async (mutation, made) => {
      await mutation.do(made);
      const { needs, why } = HONEST_LIMITS.find(({ name }) => name === mutation.name) ?? {};
      assert.ok(why !== undefined && why.length > 20);
      if (needs === "the journal") {
        assert.ok(
          (await verified(made)).some(({ ok }) => !ok),
          "the journal tells",
        );
        await rm(made.journal);
      }
      const checked = await verified(made);
      assert.deepEqual(
        checked.map(({ ok }) => ok),
        [true],
        `it is caught: take it out of the list\n${told(checked)}`,
      );
      assert.deepEqual(
        checked.map((result) => result.checked),
        ["quotes"],
        "it is said that quotes alone were checked",
      );
    });
  });

  it("name what was changed", async () => {
    sound = await offlineReport();
    const text = await readFile(sound.report, "utf8");
    const why = async (change: (text: string) => string): Promise<string[]> => {
      await writeFile(sound?.report ?? "", change(text));
      return (await verified(sound!)).flatMap(({ failed }) => failed.map((each) => formatMessage(each.why)));
    };
    assert.deepEqual(await why((t) => t.replace("depth: standard", "depth: deep")), [
      "The field “depth” of the front matter has been changed since the report was written.",
    ]);
    assert.deepEqual(await why((t) => t.replace("## What is kept", "## What is lost")), [
      "The heading has been changed since the report was written.",
    ]);
    assert.deepEqual(
      await why((t) => t.replace(/^Alice reviews .*\n/m, "").replace(/^checked: 7/m, "checked: 6")),
      [
        "The field “checked” of the front matter has been changed since the report was written.",
        "The sentence has been removed here since the report was written.",
      ],
    );
    assert.deepEqual(await why((t) => t.replace(/^(Alice reviews .*)\n(A backup .*)$/m, "$2\n$1")), [
      "The sentence has been moved since the report was written.",
    ]);
    assert.deepEqual(
      await why((t) => t.replace("Bob wrote. [[1.3]]", "Bob wrote. [[1.2]]")).then(([first]) => first),
      "Alice, Bob does not appear in the cited quotes.",
    );
    assert.deepEqual(await why((t) => t.replace(", read on 2026-11-22", ", read on 2026-11-23")), [
      "Source 1 was not read on the day stated in the report.",
    ]);
    assert.deepEqual(
      await why((t) => t.replace("reviews what Bob wrote. [[", "approves what Bob wrote. [[")),
      ["The sentence has been edited since it was checked."],
    );
  });

  it("name the block that is not its quote, and pass once it is restored", async () => {
    sound = await blockReport();
    const text = await readFile(sound.report, "utf8");
    const why = async (changed: string): Promise<string[]> => {
      assert.notEqual(changed, text);
      await writeFile(sound?.report ?? "", changed);
      return (await verified(sound!)).flatMap(({ failed }) =>
        failed.map((each) => `${each.n} ${formatMessage(each.why)}`),
      );
    };
    const changed = text.replace("```sh\nkeep --days 45", "```sh\nkeep --days 46");
    assert.deepEqual(await why(changed), ["1.2 The block does not show quote 1.2 word for word."]);
    const read = parseReport(changed);
    const block = read.sentences.find((sentence) => sentence.block?.language === "sh");
    assert.ok(block !== undefined);
    assert.match(block.text, /^keep --days 46/);
    assert.equal(applyTextEdits(changed, blockEdits(changed, read, block)), text);
    assert.deepEqual(await why(text.replace(/^\[\[1\.2\]\].*\n/m, "")), [
      " The verdict counts in the front matter do not match the sentences.",
      " The sentence has been removed here since the report was written.",
    ]);
    assert.deepEqual(await why(text.replace("```sh", "```zsh")), [
      " The block has been changed since the report was written.",
    ]);
    // An edit may be allowed, but a block that is not its quote is none.
    await writeFile(sound.report, changed);
    const allowed = { empty: false, edited: true };
    const [result] = (await verifyReports([sound.report], sound.workspace, never, { allowed })).checked;
    assert.equal(result?.ok, false);
    assert.deepEqual(blockEdits(text, parseReport(text), parseReport(text).sentences[1]!), []);
  });

  it("pass with what was allowed, and say so", async () => {
    sound = await offlineReport();
    const { workspace, report } = sound;
    const text = await readFile(report, "utf8");
    await writeFile(report, text.replace("## What is kept", "## What remains"));
    const allowed = { empty: false, edited: true };
    const [edited] = (await verifyReports([report], workspace, never, { allowed })).checked;
    assert.deepEqual([edited?.ok, edited?.failed, edited?.edited.length], [true, [], 1]);
    await writeFile(report, text.replace('"A backup does not', '"A backup does'));
    assert.equal((await verifyReports([report], workspace, never, { allowed })).checked[0]?.ok, false);
    await rm(report);
    await rm(sound.session, { recursive: true });
    const folder = path.dirname(report);
    assert.equal((await verifyReports([folder], workspace, never)).checked[0]?.ok, false);
    const empty = { empty: true, edited: false };
    assert.deepEqual((await verifyReports([folder], workspace, never, { allowed: empty })).checked, []);
  });

  describe("pass after a change made in the product, which the session notes", () => {
    /** Changes the report as an editor does, and notes it as `keepEdit` does. */
    async function change(
      made: SoundReport,
      edits: (text: string, read: ParsedReport) => TextEdit[],
      about: (now: ParsedReport) => { sentences: WrittenSentence[]; line: number | null },
    ): Promise<string> {
      const before = await readFile(made.report, "utf8");
      const after = applyTextEdits(before, edits(before, parseReport(before)));
      const { sentences, line } = about(parseReport(after));
      const noted = {
        type: "written",
        at: "2026-11-23T10:15:00.000Z",
        sentences,
        changes: diffReportLines(before, after, line),
      };
      await appendFile(made.journal, `${JSON.stringify(noted)}\n`);
      await writeFile(made.report, after);
      return before;
    }
    const isSound = async (made: SoundReport, what: string): Promise<void> => {
      const checked = await verified(made);
      assert.deepEqual(
        checked.map(({ ok, checked: how }) => [ok, how]),
        [[true, "all"]],
        `${what}\n${told(checked)}`,
      );
    };
    const saying = (read: ParsedReport, start: string): ParsedSentence => {
      const found = read.sentences.find(({ text }) => text.startsWith(start));
      assert.ok(found !== undefined, start);
      return found;
    };

    it("a sentence that was checked again, as it was or after it was edited by hand", async () => {
      sound = await offlineReport();
      const again = (start: string, verdict: Verdict, reason: string): Promise<string> =>
        change(
          sound!,
          (text, read) => verdictEdits(text, read, saying(read, start), verdict, reason),
          (now) => ({
            sentences: [toWrittenSentence(saying(now, start), verdict)],
            line: saying(now, start).line,
          }),
        );
      await again("Alice reviews", "qualified", "so the *file* says");
      await isSound(sound, "marked");
      await again("Alice reviews", "supported", "");
      await isSound(sound, "unmarked again");
      const text = await readFile(sound.report, "utf8");
      await writeFile(
        sound.report,
        text.replace("Alice reviews what Bob wrote. [[", "What Bob wrote, Alice reviews. [["),
      );
      assert.equal((await verified(sound))[0]?.ok, false);
      await again("What Bob wrote", "supported", "");
      await isSound(sound, "edited and checked again");
      const blessed = await readFile(sound.report, "utf8");
      await writeFile(sound.report, blessed.replace(/^(What Bob wrote.*)$/m, "$1\n$1"));
      assert.equal((await verified(sound))[0]?.ok, false, "once checked again is once there");
    });

    it("a block that was checked again, with a mark and without", async () => {
      sound = await blockReport();
      const again = (verdict: Verdict, reason: string): Promise<string> =>
        change(
          sound!,
          (text, read) => verdictEdits(text, read, saying(read, "- journal"), verdict, reason),
          (now) => ({
            sentences: [toWrittenSentence(saying(now, "- journal"), verdict)],
            line: saying(now, "- journal").line,
          }),
        );
      await again("qualified", "so it was marked");
      await isSound(sound, "marked");
      await again("supported", "");
      await isSound(sound, "unmarked again");
    });

    it("a citation that was taken away, and one undo", async () => {
      sound = await geminiReport();
      const start = "Each of the 3 valves";
      const before = await change(
        sound,
        (text, read) => removalEdits(text, read, saying(read, start).citations[0]!),
        (now) => ({ sentences: [toWrittenSentence(saying(now, start), "supported")], line: null }),
      );
      // What is left does not show all that the sentence says, which is told of; that it was taken away is not.
      const [left] = await verified(sound);
      assert.deepEqual(
        left?.failed.map(({ kind }) => kind),
        ["facts"],
      );
      await writeFile(sound.report, before);
      await isSound(sound, "undone");
    });

    it("a quote that was looked for, of a source that is there", async () => {
      sound = await geminiReport();
      const start = "`Pages`";
      await change(
        sound,
        (text, read) => {
          const added = { quote: "The first page.", lines: null, source: 2 };
          return citationEdits(text, read, saying(read, start), added, { verdict: "supported", reason: "" });
        },
        (now) => ({
          sentences: [toWrittenSentence(saying(now, start), "supported")],
          line: saying(now, start).line,
        }),
      );
      await isSound(sound, "cited");
    });
  });

  for (const schema of [1, 2, 3, 4, 5]) {
    it(`pass untouched where an earlier version wrote them (schema ${schema}), and are held against what it kept`, async () => {
      const folder = await aFolder();
      try {
        await cp(`test/fixtures/sessions/schema-${schema}`, folder.path, { recursive: true });
        const reports = path.join(folder.path, "data/reports");
        const verify = async (): Promise<CheckedReport[]> =>
          (await verifyReports([reports], folder.path, never)).checked;
        const before = await verify();
        assert.ok(before.length >= 2);
        assert.deepEqual(
          before.map(({ ok, checked }) => [ok, checked]),
          before.map(() => [true, "all"]),
          told(before),
        );
        const [{ report } = { report: "" }] = before;
        const text = await readFile(report, "utf8");
        const changes: [string, (text: string) => string][] = [
          ["a sentence", (t) => t.replace(/^A crashed run continues/m, "A crashed run always continues")],
          ["the question", (t) => t.replace("> **Question.** How", "> **Question.** Why")],
          ["the engine", (t) => t.replace("engine: offline", "engine: gemini")],
          ["the depth", (t) => t.replace("depth: standard", "depth: deep")],
          ["the day", (t) => t.replace("date: 2026", "date: 2027")],
          ["the counts", (t) => t.replace(/^checked: \d/m, "checked: 9")],
          ["the note of the engine", (t) => t.replace(/>\n> \*\*Offline.*\n/, "")],
          ["the status", (t) => t.replace("depth: standard", "depth: standard\nstatus: partial")],
          ["the title of a source", (t) => t.replace("[The ledger (", "[The other ledger (")],
          ["the day of reading", (t) => t.replace(/read on 2026-\d\d-\d\d/, "read on 2027-01-01")],
          ["the lines", (t) => t.replace("#L3), line 3", "#L4), line 4")],
          ["a quote", (t) => t.replace(/1\. "A crashed run/, '1. "A run')],
          [
            "a paragraph without a citation",
            (t) => t.replace("\n## Sources", "\nIt never fails.\n\n## Sources"),
          ],
          [
            "a line without a citation",
            (t) => t.replace(/^A crashed run/m, "It never fails.\nA crashed run"),
          ],
          [
            "a sentence behind a citation",
            (t) => t.replace("(#source-1)\n", "(#source-1) It never fails.\n"),
          ],
          ["a list item", (t) => t.replace("\n## Sources", "\n- It never fails.\n\n## Sources")],
          ["a section", (t) => t.replace("\n## Sources", "\n## It never fails\n\n## Sources")],
          [
            "a remark",
            (t) =>
              t.replace("\n## Sources", "\n## What could not be settled\n\nIt never fails.\n\n## Sources"),
          ],
          ["a note", (t) => t.replace("\n>\n> **Offline", "\n>\n> It never fails.\n>\n> **Offline")],
        ];
        for (const [what, change] of changes) {
          const changed = change(text);
          assert.notEqual(changed, text, what);
          await writeFile(report, changed);
          assert.ok(
            (await verify()).some(({ ok }) => !ok),
            `${what} was changed and passes`,
          );
        }
      } finally {
        await folder.remove();
      }
    });
  }
});
