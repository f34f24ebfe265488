import assert from "node:assert/strict";
import { cp, readFile, rm } from "node:fs/promises";
import path from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { startResearch } from "../../src/app/run-session.js";
import type { EngineConfig } from "../../src/app/types.js";
import { recheckSentence, type RecheckRequest, type RecheckResult } from "../../src/app/recheck-sentence.js";
import { ResearchError } from "../../src/common/errors.js";
import { parseReport } from "../../src/core/report/parse-report.js";
import type { Verdict } from "../../src/core/domain/schema.js";
import { readJournal } from "../../src/storage/sessions/journal.js";
import { listSessions } from "../../src/storage/sessions/list-sessions.js";
import { readSessionRecord } from "../../src/verification/session-record.js";
import {
  sentenceHash,
  sentencesOfReport,
  type CheckedSentences,
} from "../../src/verification/checked-sentences.js";
import { loadSettings } from "../../src/config/load-settings.js";
import { aFolder } from "../fakes/temporary-folder.js";
import { startFakeGemini, type FakeGemini } from "../fakes/gemini.js";

/* A sentence that is checked again: by code first, by the session's engine then, paid once, kept in the journal. */

const never = new AbortController().signal;
const watch = { signal: never, listen: () => undefined };

describe("a sentence checked again", () => {
  let folder: Awaited<ReturnType<typeof aFolder>>;
  let fake: FakeGemini;
  beforeEach(async () => {
    folder = await aFolder();
    await cp("test/e2e/workspace", folder.path, { recursive: true });
    fake = await startFakeGemini();
  });
  afterEach(async () => {
    await fake.close();
    await folder.remove();
    assert.deepEqual(fake.violations, []);
  });

  async function researched(
    key: string | null,
  ): Promise<{ config: EngineConfig; session: string; markdown: string }> {
    const settings = await loadSettings(folder.path, []);
    const config: EngineConfig = { workspace: folder.path, settings, key, baseUrl: fake.address };
    const { session, report, error } = await startResearch(
      config,
      {
        question: "How does a crashed run continue?",
        depth: "quick",
        maxSources: 10,
        scope: ["workspace"],
        pages: [],
      },
      watch,
    );
    assert.equal(error, undefined);
    return { config, session, markdown: await readFile(path.join(folder.path, report ?? ""), "utf8") };
  }
  const sentenceOf = (markdown: string, session: string): RecheckRequest => {
    const { sentences, sources } = parseReport(markdown);
    const sentence = sentences.find(({ citations }) => citations.length > 0);
    assert.ok(sentence !== undefined);
    return {
      session,
      text: sentence.text,
      quotes: sentence.citations.map(({ n, source, quote }) => ({
        n,
        quote: sources.get(source)?.quotes[(quote ?? 0) - 1] ?? "",
        source: "a",
      })),
      grounded: false,
      isBlock: false,
    };
  };
  const check = (config: EngineConfig, sentence: RecheckRequest): Promise<RecheckResult> =>
    recheckSentence(
      config,
      sentence,
      (verdict: Verdict) => ({ sha256: sentenceHash(sentence.text), verdict }),
      watch,
    );
  const journal = (session: string): string =>
    path.join(folder.path, "data/sessions", session, "journal.jsonl");
  const readWritten = async (session: string): Promise<CheckedSentences | null> => {
    const found = await readSessionRecord(path.join(folder.path, "data/sessions"), session, never);
    return found !== null && "header" in found ? found.written : null;
  };
  const verifies = (): number => fake.requests.filter(({ role }) => role === "verify").length;

  it("sends nothing for a session that this machine did not begin, unless the user agrees", async () => {
    const { config, session, markdown } = await researched("fake-key-for-recheck-tests");
    const sentence = sentenceOf(markdown, session);
    const state = process.env["DEEP_RESEARCH_STATE"];
    process.env["DEEP_RESEARCH_STATE"] = path.join(folder.path, ".state-of-another");
    try {
      fake.requests.length = 0;
      assert.equal((await check(config, sentence)).by, "offline");
      const asked: string[] = [];
      const agree = (answer: boolean) => (foreign: { session: string; engine: string }) => {
        asked.push(foreign.session, foreign.engine);
        return Promise.resolve(answer);
      };
      const keep = (verdict: Verdict) => ({ sha256: sentenceHash(sentence.text), verdict });
      const no = await recheckSentence(config, sentence, keep, { ...watch, confirmForeign: agree(false) });
      assert.deepEqual([no.by, verifies()], ["offline", 0]);
      const yes = await recheckSentence(config, sentence, keep, { ...watch, confirmForeign: agree(true) });
      assert.deepEqual([yes.by, verifies()], ["gemini", 1]);
      assert.deepEqual(asked, [session, "gemini", session, "gemini"]);
    } finally {
      process.env["DEEP_RESEARCH_STATE"] = state;
    }
  });

  it("is compared by code if it is a block, and no engine is asked", async () => {
    const { config, session } = await researched("fake-key-for-recheck-tests");
    const before = verifies();
    const quote = "keep:\n\n\t30";
    const block = {
      session,
      text: quote,
      quotes: [{ n: "1.1", quote, source: "a" }],
      grounded: false,
      isBlock: true,
    };
    const same = await check(config, block);
    assert.deepEqual(same, { verdict: "supported", reason: "", by: "code", kept: true });
    assert.equal((await readWritten(session))?.get(sentenceHash(quote))?.[0]?.verdict, "supported");
    const other = await check(config, { ...block, text: "keep:\n\n    30" });
    assert.deepEqual([other.verdict, other.by], ["unsupported", "code"]);
    const second = [...block.quotes, { n: "1.2", quote: "30", source: "a" }];
    assert.equal((await check(config, { ...block, quotes: second })).verdict, "unsupported");
    assert.equal((await check(config, { ...block, grounded: true })).verdict, "unsupported");
    assert.equal(verifies(), before);
  });

  it("finds in the journal what a run checked", async () => {
    const { session, markdown } = await researched(null);
    const written = await readWritten(session);
    assert.ok(written !== null && written.size > 0);
    assert.deepEqual(
      [...written.keys()].sort(),
      [...new Set(sentencesOfReport(markdown).map(({ sha256 }) => sha256))].sort(),
    );
  });

  it("is judged by the session's engine, paid for once, and kept", async () => {
    const { config, session, markdown } = await researched("fake-key-for-recheck-tests");
    const sentence = {
      ...sentenceOf(markdown, session),
      text: `${sentenceOf(markdown, session).text} indeed`,
    };
    const before = verifies();
    const first = await check(config, sentence);
    assert.deepEqual([first.by, first.kept], ["gemini", true]);
    assert.equal(verifies(), before + 1);
    assert.deepEqual(await check(config, sentence), first);
    assert.equal(verifies(), before + 1, "an answer that was paid for is not asked for again");
    const written = await readWritten(session);
    assert.equal(written?.get(sentenceHash(sentence.text))?.[0]?.verdict, first.verdict);
    const [listed] = await listSessions(path.join(folder.path, "data/sessions"));
    assert.equal(listed?.status, "done", "the session is as it was");
  });

  it("leaves the session as it was where the check fails, or is cancelled", async () => {
    const { config, session, markdown } = await researched("fake-key-for-recheck-tests");
    const { text, ...rest } = sentenceOf(markdown, session);
    const before = (await listSessions(path.join(folder.path, "data/sessions")))[0];
    assert.equal(before?.status, "done");
    const isAsBefore = async (): Promise<void> => {
      assert.deepEqual((await listSessions(path.join(folder.path, "data/sessions")))[0], before);
      assert.equal((await readJournal(journal(session))).ended?.report, before.report);
    };
    fake.script("verify", () => ({ status: 403, json: { error: { code: 403, message: "no" } } }));
    await assert.rejects(check(config, { ...rest, text: `${text} indeed` }), ResearchError);
    await isAsBefore();

    fake.script("verify", () => "hang");
    const asked = verifies();
    const cancel = new AbortController();
    const checking = recheckSentence(
      config,
      { ...rest, text: `${text} once more` },
      (verdict) => ({ sha256: sentenceHash(text), verdict }),
      { ...watch, signal: cancel.signal },
    );
    while (verifies() === asked) await wait(5);
    cancel.abort();
    await assert.rejects(checking);
    await isAsBefore();
  });

  it("is judged by code alone where a fact is not in its quotes, and offline where there is no key", async () => {
    const { config, session, markdown } = await researched("fake-key-for-recheck-tests");
    const sentence = sentenceOf(markdown, session);
    const before = verifies();
    const wrong = await check(config, { ...sentence, text: "It was so in 1873." });
    assert.deepEqual(
      [wrong.by, wrong.verdict, wrong.reason],
      ["code", "unsupported", "not in its quotes: 1873"],
    );
    assert.equal((await check({ ...config, key: null }, sentence)).by, "offline");
    assert.deepEqual(
      (await check(config, { ...sentence, quotes: [], grounded: true })).verdict,
      "not-checked",
    );
    assert.equal(verifies(), before);
  });

  it("is checked and not kept where its session is not there", async () => {
    const { config, session, markdown } = await researched(null);
    const sentence = sentenceOf(markdown, session);
    await rm(path.dirname(journal(session)), { recursive: true });
    const found = await check(config, sentence);
    assert.deepEqual([found.verdict, found.by, found.kept], ["supported", "offline", false]);
  });
});
