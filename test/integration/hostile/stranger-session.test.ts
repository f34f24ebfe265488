import assert from "node:assert/strict";
import { appendFile, cp, readdir, readFile, writeFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import path from "node:path";
import * as z from "zod";
import { aFolder } from "../../fakes/temporary-folder.js";
import { startFakeGemini, type FakeGemini } from "../../fakes/gemini.js";
import { runProgram, type Ended } from "../../fakes/run-program.js";

/* Sessions that came with a folder: they decide on no scope, no page, no engine and no cost by themselves. */

const KEY = "fake-key-of-the-user";
const QUESTION = "How does a crashed run continue?";

describe("a session that came from elsewhere, in the terminal", function () {
  this.timeout(120_000);
  let folder: Awaited<ReturnType<typeof aFolder>>;
  let fake: FakeGemini;
  let canary: { server: Server; url: string; requests: string[] };
  beforeEach(async () => {
    folder = await aFolder();
    await cp("test/e2e/workspace", folder.path, { recursive: true });
    fake = await startFakeGemini();
    const requests: string[] = [];
    const server = createServer((request, response) => {
      requests.push(request.url ?? "");
      response.setHeader("content-type", "text/html").end("<p>A crashed run continues on this page.</p>");
    }).listen(0, "127.0.0.1");
    await new Promise((resolve) => server.once("listening", resolve));
    const { port } = server.address() as AddressInfo;
    canary = { server, url: `http://127.0.0.1:${port}/canary`, requests };
  });
  afterEach(async () => {
    canary.server.close();
    await fake.close();
    await folder.remove();
    assert.deepEqual(fake.violations, []);
  });

  const machine = (name: string): Record<string, string> => ({
    GEMINI_API_KEY: KEY,
    GEMINI_BASE_URL: fake.address,
    ALLOWED_PRIVATE_HOSTS: new URL(canary.url).host,
    DEEP_RESEARCH_STATE: path.join(folder.path, ".state", name),
  });
  const strangers = (): Record<string, string> => machine("stranger");
  const mine = (): Record<string, string> => machine("mine");
  const offline = (env: Record<string, string>): Record<string, string> => ({ ...env, GEMINI_API_KEY: "" });
  const run = (args: string[], env: Record<string, string>): Promise<Ended> =>
    runProgram(folder.path, args, env);
  const begun = async (args: string[], env: Record<string, string>) => {
    const ended = await run([QUESTION, "--depth", "quick", "--no-cache", "--json", ...args], env);
    fake.requests.length = 0;
    canary.requests.length = 0;
    return z.object({ session: z.string(), report: z.string().nullable() }).parse(JSON.parse(ended.stdout));
  };
  const journalOf = (session: string): string =>
    path.join(folder.path, "data/sessions", session, "journal.jsonl");
  const linesOf = async (session: string): Promise<string[]> =>
    (await readFile(journalOf(session), "utf8")).trim().split("\n");
  /** As if the run had been killed after its plan. */
  const cutOff = async (session: string): Promise<void> => {
    const lines = await linesOf(session);
    const plan = lines.findIndex(
      (line) => line.startsWith('{"type":"outcome"') && line.includes('"type":"plan"'),
    );
    assert.ok(plan > 0);
    await writeFile(journalOf(session), `${lines.slice(0, plan + 1).join("\n")}\n`);
  };
  const alter = async (session: string, change: (header: Record<string, unknown>) => void): Promise<void> => {
    const lines = (await linesOf(session)).map((text) => JSON.parse(text) as Record<string, unknown>);
    change(lines[0]!);
    change(lines[1]!["header"] as Record<string, unknown>);
    await writeFile(journalOf(session), lines.map((line) => `${JSON.stringify(line)}\n`).join(""));
  };
  const refused = async (args: string[], env: Record<string, string>, says: RegExp): Promise<void> => {
    const sessions = await readdir(path.join(folder.path, "data/sessions"));
    const ended = await run(args, env);
    assert.equal(ended.code, 2, ended.stderr);
    assert.match(ended.stderr, says);
    assert.match(
      ended.stderr,
      /was not started on this machine and has not been confirmed.* To continue it: deep-research/,
    );
    assert.deepEqual([fake.requests.length, canary.requests.length], [0, 0], "nothing was sent");
    assert.deepEqual(await readdir(path.join(folder.path, "data/sessions")), sessions);
  };

  it("is resumed with the user's word alone: --yes, or a yes before", async () => {
    const { session } = await begun(["--source", "workspace"], strangers());
    await cutOff(session);
    const before = await readFile(journalOf(session), "utf8");
    await refused(["resume", session], mine(), /engine: Gemini, with your key\n {2}sources: this workspace/);
    assert.equal(await readFile(journalOf(session), "utf8"), before);
    const json = await run(["resume", session, "--json"], mine());
    assert.deepEqual(
      [json.code, (JSON.parse(json.stdout) as { error: { code: string } }).error.code],
      [2, "not-approved"],
    );
    assert.equal((await run(["resume", session, "--yes", "--no-cache"], mine())).code, 0);
    assert.ok(fake.requests.length > 0);
    assert.equal((await run(["resume", session], mine())).code, 0, "what was agreed to once");
  });

  it("is resumed without a word where this machine began it, or nothing is sent", async () => {
    const own = await begun(["--source", "workspace"], mine());
    await cutOff(own.session);
    assert.equal((await run(["resume", own.session, "--no-cache"], mine())).code, 0);
    const local = await begun(["--source", "workspace"], offline(strangers()));
    await cutOff(local.session);
    fake.requests.length = 0;
    assert.equal((await run(["resume", local.session], mine())).code, 0);
    assert.equal(fake.requests.length, 0);
  });

  it("of one's own is asked about where its scope was widened, its engine changed, a page named", async () => {
    const changes: ((header: Record<string, unknown>) => void)[] = [
      (header) => (header["engine"] = "gemini"),
      (header) => (header["scope"] = ["workspace", "web"]),
      (header) => (header["pages"] = [canary.url]),
    ];
    for (const change of changes) {
      const { session } = await begun(["--source", "workspace"], offline(mine()));
      await cutOff(session);
      await alter(session, change);
      await refused(["resume", session], mine(), /Continuing it uses/);
    }
    // One of an earlier version says nothing of where it was begun.
    const { session } = await begun(["--source", "workspace"], mine());
    await cutOff(session);
    await alter(session, (header) => delete header["origin"]);
    await refused(["resume", session], mine(), /Continuing it uses/);
  });

  it("reads no page that stands in its journal alone", async () => {
    const { session } = await begun(["--source", "workspace"], offline(strangers()));
    const lines = await linesOf(session);
    // What was found are pages now, and nothing was read yet.
    const planted = lines
      .filter(
        (line) => !/^\{"type":"(?:intent|outcome)"/.test(line) || /"kind":"search"|"type":"plan"/.test(line),
      )
      .filter((line) => !/^\{"type":"(?:evidence|written|ended)"/.test(line))
      .map((text) => {
        const line = JSON.parse(text) as { kind?: string; value?: { hits?: unknown[] } };
        if (line.kind === "search" && line.value?.hits !== undefined) {
          line.value.hits = [{ place: { kind: "page", url: canary.url }, title: "A page" }];
        }
        return JSON.stringify(line);
      });
    assert.ok(planted.join("\n").includes(canary.url));
    await writeFile(journalOf(session), `${planted.join("\n")}\n`);
    const ended = await run(["resume", session, "--no-cache"], offline(mine()));
    assert.match(ended.stderr, /is not read: the session was not started on this machine/);
    assert.deepEqual(canary.requests, []);
  });

  it("is refreshed with the user's word alone, and so is what its report read of the web", async () => {
    const { report } = await begun(["--source", "workspace"], strangers());
    await refused(["refresh", report ?? ""], mine(), /engine: Gemini/);
    assert.equal((await run(["refresh", report ?? "", "--yes"], mine())).code, 0);
    // The first line says that nothing but the workspace was searched; the sources say otherwise.
    const paged = await begun(["--source", canary.url], offline(strangers()));
    await alter(paged.session, (header) => (header["scope"] = ["workspace"]));
    await refused(["refresh", paged.report ?? ""], offline(mine()), /page: http:\/\/127\.0\.0\.1/);
  });

  it("is gone on from with the user's word alone", async () => {
    const { session } = await begun(["--source", "workspace"], strangers());
    const next = ["follow", session, "What does the ledger hold?", "--source", "workspace"];
    await refused(next, mine(), /engine: Gemini/);
    assert.match((await run([...next, "--yes"], mine())).stdout, /data\/reports\//);
    assert.ok(fake.requests.length > 0);
  });

  it("agrees to no cost in the user's name", async () => {
    const { session } = await begun(["--source", "workspace"], mine());
    await cutOff(session);
    const at = new Date().toISOString();
    await appendFile(journalOf(session), `${JSON.stringify({ type: "approved", at })}\n`);
    await appendFile(
      journalOf(session),
      `${JSON.stringify({ type: "approved", at, mark: "0".repeat(64) })}\n`,
    );
    const dear = { ...mine(), ASK_ABOVE_USD: "0.000001" };
    const ended = await run(["resume", session, "--no-cache"], dear);
    assert.equal(ended.code, 2, ended.stderr);
    assert.match(ended.stderr, /was not started: it may take .* To run it: deep-research resume/);
    assert.equal(fake.requests.length, 0);
  });
});
