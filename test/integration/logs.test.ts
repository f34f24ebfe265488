import assert from "node:assert/strict";
import { cp, readFile } from "node:fs/promises";
import path from "node:path";
import * as z from "zod";
import { aFolder } from "../fakes/temporary-folder.js";
import { startFakeGemini, type FakeGemini } from "../fakes/gemini.js";
import { runProgram } from "../fakes/run-program.js";

/* The log of the built program: records on stderr and in a file, nothing of it on stdout. */

const QUESTION = "How does a crashed run continue?";
const KEY = "an-obviously-fake-key-for-logs";
const LogRecord = z.strictObject({
  time: z.iso.datetime(),
  level: z.enum(["DEBUG", "INFO", "WARN", "ERROR"]),
  msg: z.string(),
  session: z.string().optional(),
});

describe("the log", () => {
  let folder: Awaited<ReturnType<typeof aFolder>>;
  let gemini: FakeGemini;
  beforeEach(async () => {
    folder = await aFolder();
    await cp("test/e2e/workspace", folder.path, { recursive: true });
    gemini = await startFakeGemini();
  });
  afterEach(async () => {
    await gemini.close();
    await folder.remove();
  });
  const records = (text: string): z.infer<typeof LogRecord>[] =>
    text
      .trim()
      .split("\n")
      .map((line) => LogRecord.parse(JSON.parse(line)));

  it("is JSON lines on stderr and the same in the file, and stdout is as without", async () => {
    const env = {
      LOG_FORMAT: "json",
      LOG_FILE: "logs/run.log",
      GEMINI_API_KEY: KEY,
      GEMINI_BASE_URL: gemini.address,
    };
    const ended = await runProgram(folder.path, [QUESTION, "--source", "workspace"], env);
    assert.equal(ended.code, 0, ended.stderr);
    assert.match(ended.stdout, /^data\/reports\/\S+\.md\n$/);
    const shown = records(ended.stderr);
    assert.deepEqual(records(await readFile(path.join(folder.path, "logs/run.log"), "utf8")), shown);
    // Notices may come before there is a session.
    const started = shown.findIndex((each) => each.session !== undefined);
    const session = shown[started]?.session ?? "";
    assert.match(session, /^\d{8}-\d{6}/);
    assert.ok(shown.slice(started).every((each) => each.session === session));
    assert.ok(shown.every(({ level }) => level !== "DEBUG"));
    assert.ok(!ended.stderr.includes(KEY));
    const detailed = await runProgram(folder.path, [QUESTION, "--source", "workspace"], {
      ...env,
      LOG_LEVEL: "debug",
    });
    assert.ok(records(detailed.stderr).some(({ level }) => level === "DEBUG"));
  });

  it("is JSON also where the command fails before it begins", async () => {
    const ended = await runProgram(folder.path, [QUESTION], { LOG_FORMAT: "json", RESEARCH_DEPTH: "deeper" });
    assert.equal(ended.code, 2);
    const [only, ...others] = records(ended.stderr);
    assert.deepEqual([only?.level, others.length], ["ERROR", 0]);
    assert.match(only?.msg ?? "", /RESEARCH_DEPTH is "deeper"/);
  });

  it("does without a file that cannot be written, and says so once", async () => {
    const ended = await runProgram(folder.path, [QUESTION], { LOG_FILE: "docs/retries.md/run.log" });
    assert.equal(ended.code, 0, ended.stderr);
    assert.equal(ended.stderr.match(/The log file is not written/g)?.length, 1);
  });

  it("cannot be pointed anywhere by a workspace, and names what is allowed", async () => {
    for (const [env, why] of [
      [{ LOG_FORMAT: "xml" }, /LOG_FORMAT is "xml"; allowed: text or json/],
      [{ LOG_MAX_BYTES: "12" }, /LOG_MAX_BYTES is "12"; allowed: a whole number of bytes from 10000/],
    ] as const) {
      const ended = await runProgram(folder.path, [QUESTION], env);
      assert.deepEqual([ended.code, why.test(ended.stderr)], [2, true], ended.stderr);
    }
    const { folderRefusal } = await refusedInFolder("logFile: /tmp/x.log\n");
    assert.match(folderRefusal, /logFile in deep-research\.yaml:1 cannot be set by a workspace/);
  });

  async function refusedInFolder(yaml: string): Promise<{ folderRefusal: string }> {
    const other = await aFolder({ "deep-research.yaml": yaml, "a.md": "# A\n\nText.\n" });
    try {
      return { folderRefusal: (await runProgram(other.path, [QUESTION])).stderr };
    } finally {
      await other.remove();
    }
  }
});
