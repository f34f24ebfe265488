import assert from "node:assert/strict";
import { PassThrough } from "node:stream";
import { readWebSearchDecision } from "../../../src/common/user-state.js";
import { loadEnvironmentConfig } from "../../../src/app/load-config.js";
import type { EngineConfig } from "../../../src/app/types.js";
import { chooseWebSearchInTerminal } from "../../../src/cli/prompts.js";
import { OPEN_SEARCH_NAMES } from "../../../src/config/settings-schema.js";
import { aFolder } from "../../fakes/temporary-folder.js";

/* The prompt that decides which search services may get the questions, with keys as a terminal sends them. */

const ESCAPE = String.fromCharCode(27);
const CTRL_C = String.fromCharCode(3);
const CTRL_D = String.fromCharCode(4);

describe("the choice of search services in the terminal", () => {
  let folder: Awaited<ReturnType<typeof aFolder>>;
  let state: Awaited<ReturnType<typeof aFolder>>;
  const before = process.env["DEEP_RESEARCH_STATE"];
  beforeEach(async () => {
    [folder, state] = await Promise.all([aFolder(), aFolder()]);
    process.env["DEEP_RESEARCH_STATE"] = state.path;
  });
  afterEach(async () => {
    if (before === undefined) Reflect.deleteProperty(process.env, "DEEP_RESEARCH_STATE");
    else process.env["DEEP_RESEARCH_STATE"] = before;
    await Promise.all([folder.remove(), state.remove()]);
  });

  const load = async (env: Record<string, string> = {}): Promise<EngineConfig> => {
    const line = { name: (setting: string) => setting, values: {}, workspace: false };
    return (await loadEnvironmentConfig(folder.path, line, env)).config;
  };
  /** Asks, and types each text as soon as a question stands there. */
  const choose = async (
    config: EngineConfig,
    typed: string[],
    { scope = ["web" as const], isInteractive = true } = {},
  ): Promise<{ searches: readonly string[]; shown: string }> => {
    const [input, output] = [new PassThrough(), new PassThrough()];
    let shown = "";
    output.on("data", (chunk: Buffer) => {
      const text = chunk.toString("utf8");
      shown += text;
      if (!text.includes("A number (")) return;
      const next = typed.shift();
      if (next !== undefined) setImmediate(() => input.write(next));
    });
    const chosen = await chooseWebSearchInTerminal(config, { scope }, { input, output, isInteractive });
    return { searches: chosen.settings.webSearches, shown };
  };

  it("offers the open services first, and remembers them at Enter", async () => {
    const { searches, shown } = await choose(await load(), ["\r"]);
    assert.match(shown, /\n1\. Open services: GitHub, Stack Exchange, Wikipedia, MDN: /);
    assert.match(shown, /\d\. None\r?\n/);
    assert.deepEqual(searches, OPEN_SEARCH_NAMES);
    assert.deepEqual(await readWebSearchDecision(), OPEN_SEARCH_NAMES);
    // Nobody is asked again.
    const again = await choose(await load(), []);
    assert.deepEqual([again.searches, again.shown], [[...OPEN_SEARCH_NAMES], ""]);
  });

  it("takes a number, and none where that is chosen", async () => {
    const { shown } = await choose(await load(), [ESCAPE]);
    const none = /(\d)\. None/.exec(shown)?.[1] ?? "";
    const tavily = /(\d)\. Tavily/.exec(shown)?.[1] ?? "";
    assert.deepEqual((await choose(await load(), [`${tavily}\r`])).searches, ["tavily"]);
    await state.remove();
    state = await aFolder();
    process.env["DEEP_RESEARCH_STATE"] = state.path;
    assert.deepEqual((await choose(await load(), [`${none}\r`])).searches, ["none"]);
    assert.deepEqual(await readWebSearchDecision(), ["none"]);
  });

  it("decides nothing at Escape, Ctrl-C and Ctrl-D: no service for this run, and it asks again", async () => {
    for (const key of [ESCAPE, CTRL_C, CTRL_D]) {
      const { searches, shown } = await choose(await load(), [key]);
      assert.deepEqual(searches, []);
      assert.match(shown, /Which search service/);
    }
    assert.equal(await readWebSearchDecision(), null);
  });

  it("asks again at a slip, and takes no other key for Escape", async () => {
    const { searches, shown } = await choose(await load(), [
      "99\r",
      "yes\r",
      "0\r",
      "1.5\r",
      `${ESCAPE}[D1\r`,
    ]);
    assert.equal(shown.match(/Enter a number from 1 to \d\./g)?.length, 4);
    assert.deepEqual(searches, OPEN_SEARCH_NAMES);
  });

  it("asks nobody without a terminal, where it is decided, and where the web is not searched", async () => {
    const silent = [
      await choose(await load(), [], { isInteractive: false }),
      await choose(await load({ WEB_SEARCHES: "none" }), []),
      await choose(await load(), [], { scope: [] }),
    ];
    assert.deepEqual(
      silent.map(({ searches, shown }) => [searches, shown]),
      [
        [[], ""],
        [["none"], ""],
        [[], ""],
      ],
    );
    assert.equal(await readWebSearchDecision(), null);
  });
});
