import assert from "node:assert/strict";
import { readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import * as z from "zod";
import { sentenceToMarkdown } from "../../src/core/text/markdown-escape.js";
import { parseReport } from "../../src/core/report/parse-report.js";
import { applyTextEdits, verdictEdits } from "../../src/core/report/report-edits.js";
import { recordReportEdit } from "../../src/app/recheck-sentence.js";
import { loadSettings } from "../../src/config/load-settings.js";
import { toWrittenSentence } from "../../src/verification/checked-sentences.js";
import { readTruthSets } from "../bench/truth.js";
import { PLACES, writeCheckedReport } from "../fakes/checked-report.js";
import { runProgram } from "../fakes/run-program.js";
import { aFolder } from "../fakes/temporary-folder.js";

/* Falsehoods of every kind, written into checked reports: the terminal fails each of them. */

const Checked = z.array(
  z.object({
    report: z.string(),
    ok: z.boolean(),
    checked: z.enum(["all", "quotes"]),
    failed: z.array(z.object({ kind: z.string() })),
  }),
);

describe("falsehoods in checked reports", function () {
  this.timeout(120_000);
  let folder: Awaited<ReturnType<typeof aFolder>>;
  beforeEach(async () => {
    folder = await aFolder();
  });
  afterEach(() => folder.remove());

  const verify = async (...args: string[]) => {
    const ended = await runProgram(folder.path, ["verify", "data/reports", "--json", ...args]);
    return { code: ended.code, checked: Checked.parse(JSON.parse(ended.stdout)) };
  };

  it("fail in the terminal, of every kind and in every place", async () => {
    const { falsehoods } = readTruthSets();
    const kinds = [...new Set(falsehoods.map(({ kind }) => kind))];
    assert.ok(kinds.length >= 12, kinds.join());
    const reports: { file: string; markdown: string; sentence: string; truth: string }[] = [];
    for (const kind of kinds) {
      for (const place of PLACES) {
        const all = falsehoods.filter((each) => each.kind === kind);
        const { sentence, truth, quote } = all[reports.length % all.length]!;
        const quotes: [string, string] = [truth, quote === truth ? "It is so and not otherwise." : quote];
        const made = await writeCheckedReport(folder.path, reports.length, {
          sentence: truth,
          quotes,
          place,
        });
        reports.push({ ...made, sentence, truth });
      }
    }
    const sound = await verify();
    assert.deepEqual([sound.code, sound.checked.length], [0, reports.length], JSON.stringify(sound.checked));
    assert.ok(sound.checked.every(({ checked }) => checked === "all"));
    for (const { file, markdown, sentence, truth } of reports) {
      const end = markdown.indexOf("\n## Sources\n");
      const at = markdown.lastIndexOf(sentenceToMarkdown(truth), end);
      const rest = markdown.slice(at + sentenceToMarkdown(truth).length);
      // A wrong quote is a citation that was moved.
      const edited =
        sentence === truth
          ? markdown.slice(0, at) + markdown.slice(at).replace("[[1.1]]", "[[1.2]]")
          : markdown.slice(0, at) + sentenceToMarkdown(sentence) + rest;
      assert.notEqual(edited, markdown);
      await writeFile(file, edited);
    }
    const { code, checked } = await verify();
    assert.equal(code, 4);
    assert.deepEqual(
      checked.filter(({ ok }) => ok).map(({ report }) => report),
      [],
    );
  });

  it("fail where a sentence was checked again and found wrong, and the session knows it", async () => {
    const sentence = "The pump delivers 250 litres per minute.";
    const { file, markdown } = await writeCheckedReport(folder.path, 1, {
      sentence,
      quotes: ["The pump delivers 250 litres a minute.", "The tank is under pressure."],
      place: "section",
    });
    const settings = await loadSettings(folder.path, []);
    const config = { workspace: folder.path, settings, key: null, baseUrl: null };
    for (const verdict of ["contradicted", "unsupported"] as const) {
      const before = await readFile(file, "utf8");
      const read = parseReport(before);
      const found = read.sentences.findLast(({ text }) => text === sentence);
      assert.ok(found !== undefined);
      const after = applyTextEdits(before, verdictEdits(before, read, found, verdict, "it delivers less"));
      const now = parseReport(after).sentences.find(
        ({ line, text }) => line === found.line && text === sentence,
      );
      assert.ok(now !== undefined);
      const edit = { before, after, line: now.line };
      const id = parseReport(markdown).fields.get("session") ?? "";
      assert.equal(await recordReportEdit(config, id, [toWrittenSentence(now, verdict)], edit), true);
      await writeFile(file, after);
      const { code, checked } = await verify();
      assert.equal(code, 4, path.basename(file));
      assert.deepEqual(
        checked[0]?.failed.map(({ kind }) => kind),
        ["refuted"],
      );
      assert.equal((await verify("--allow-edited")).code, 4, "it is no edit that can be allowed");
    }
  });
});
