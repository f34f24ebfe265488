import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import * as z from "zod";
import { ResearchError, toResearchError } from "../../../src/common/errors.js";
import { toWriteError } from "../../../src/common/files.js";
import {
  bySurface,
  ENGLISH_LOCALIZER,
  formatMessage,
  formatMessagesDeep,
  joinMessages,
  localizeMessage,
  mapMessageTexts,
  Message,
  msg,
  StoredMessage,
  toMessage,
  withoutFullStop,
  type Localizer,
} from "../../../src/common/messages.js";
import { describeEstimate } from "../../../src/core/pipeline/estimate.js";
import { describeProblem } from "../../../src/core/report/findings.js";
import { classifyStatus } from "../../../src/models/gemini/classify-failure.js";
import { describeVerification } from "../../../src/app/verify-reports.js";

const bundle = z
  .record(z.string(), z.string())
  .parse(JSON.parse(readFileSync("media/l10n/bundle.l10n.de.json", "utf8")));
/** As VS Code does it in a German window. */
const german: Localizer = {
  language: "de",
  isWindow: true,
  t: (text, ...values) =>
    (bundle[text] ?? text).replace(/\{(\d+)\}/g, (_, index: string) => String(values[Number(index)])),
};
const inGerman = (message: Message): string => localizeMessage(message, german).replaceAll("\u00a0", " ");

describe("a message", () => {
  it("holds its text and its values apart", () => {
    const message = msg`Cannot read ${"a.md"}: ${msg`permission denied`}.`;
    assert.deepEqual(message, {
      template: "Cannot read {0}: {1}.",
      values: ["a.md", { template: "permission denied", values: [] }],
    });
    assert.equal(formatMessage(message), "Cannot read a.md: permission denied.");
    assert.deepEqual(Message.parse(JSON.parse(JSON.stringify(message))), message);
  });

  it("inserts values as they are, whatever they contain", () => {
    assert.equal(formatMessage(msg`${"{1} $& {0}"} and ${"b"}`), "{1} $& {0} and b");
  });

  it("of an earlier version's file is its English text", () => {
    assert.equal(formatMessage(StoredMessage.parse("Gone. {0}")), "Gone. {0}");
    assert.equal(formatMessage(StoredMessage.parse("")), "");
  });

  it("is joined, cut and mapped as a whole", () => {
    assert.equal(formatMessage(joinMessages([msg`One.`, "", "Two."])), "One. Two.");
    assert.equal(formatMessage(withoutFullStop(msg`Gone.`)), "Gone");
    assert.equal(formatMessage(withoutFullStop(msg`It failed: ${"it is gone."}`)), "It failed: it is gone");
    assert.equal(
      formatMessage(withoutFullStop(msg`It failed: ${msg`${"a."} is gone.`}`)),
      "It failed: a. is gone",
    );
    assert.equal(formatMessage(withoutFullStop(msg`It has ${{ count: 3 }}`)), "It has 3");
    const secret = msg`A ${msg`key ${"k-123"}`} and ${"k-123"}`;
    assert.equal(
      formatMessage(mapMessageTexts(secret, (text) => text.replace("k-123", "…"))),
      "A key … and …",
    );
  });

  it("writes numbers and amounts in the language", () => {
    const message = describeEstimate({ calls: [18, 45], tokens: [30_000, 120_000], usd: [0.02, 1234.5] });
    assert.equal(formatMessage(message), "18 to 45 calls, 30,000 to 120,000 tokens, $0.02 to $1,234.50");
    assert.equal(inGerman(message), "18 bis 45 Aufrufe, 30.000 bis 120.000 Token, 0,02 $ bis 1.234,50 $");
  });

  it("is said as a person would say it", () => {
    const cases: [Message, string][] = [
      [
        new ResearchError("empty-question", msg`The question is empty.`, msg`Ask it in a sentence.`).text,
        "Die Frage ist leer. Stellen Sie sie in einem Satz.",
      ],
      [
        toWriteError("/a b/c.d.md", Object.assign(new Error(), { code: "ENOSPC" })).text,
        "/a b/c.d.md lässt sich nicht schreiben: der Datenträger ist voll. Schaffen Sie Platz, und setzen Sie die Sitzung fort.",
      ],
      [
        classifyStatus(403, { state: "", message: "Forbidden.", details: [] }).error.text,
        "Der Gemini-Schlüssel darf dafür nicht verwendet werden (403): Forbidden. Legen Sie einen anderen API-Schlüssel fest.",
      ],
      [
        describeProblem({ kind: "altered", says: ["field", "depth"] }),
        "Das Feld „depth“ des Vorspanns wurde geändert, seit der Bericht geschrieben wurde.",
      ],
      [
        describeProblem({ kind: "moved", says: ["9", "page", "a.pdf"] }),
        "Es steht jetzt auf Seite 9 von a.pdf.",
      ],
      [toMessage("ENOSPC: no space"), "ENOSPC: no space"],
    ];
    for (const [message, said] of cases) assert.equal(inGerman(message), said);
  });

  it("says what became of a report that was checked", () => {
    const lines = describeVerification({
      report: "data/reports/x.md",
      ok: false,
      citations: 9,
      grounded: 1,
      failed: [
        {
          n: "1.2",
          why: describeProblem({ kind: "not-in-snapshot", says: [] }),
          kind: "not-in-snapshot",
          line: 9,
        },
      ],
      since: [
        { n: "2.1", state: "moved", why: describeProblem({ kind: "moved", says: ["5", "line", "x.md"] }) },
      ],
      checked: "all",
      otherLanguage: 0,
      edited: [],
    });
    assert.deepEqual(lines.map(inGerman), [
      "data/reports/x.md: 1 von 9 Belege (1 von Google gefunden, nicht prüfbar) nicht bestätigt.",
      "1.2: Das Zitat steht nicht im Abbild.",
      "2.1 seither verschoben: Es steht jetzt auf Zeile 5 von x.md.",
    ]);
  });

  it("of an unknown error is what it said, in one line", () => {
    const error = toResearchError(new Error("boom\n  at x"), "bad-answer", msg`The research failed`);
    assert.equal(error.line, "The research failed: boom");
  });

  it("loses its full stop within another one, also where a value ends it", () => {
    const inner = msg`The file ${"a.md"} is missing.`;
    for (const each of [inner, msg`Reading failed: ${inner}`, msg`Reading failed: ${"it is gone."}`]) {
      assert.doesNotMatch(formatMessage(withoutFullStop(each)), /\.$/);
    }
    assert.equal(formatMessage(withoutFullStop(msg`See ${"a."} and ${"b."}`)), "See a. and b");
    assert.equal(formatMessage(withoutFullStop(msg`${3}`)), "3");
  });

  it("is English in plain data that leaves the product", () => {
    const at = new Date(0);
    const given = {
      error: { message: msg`It failed ${2} times.` },
      list: [msg`One.`, 1, null],
      at,
      none: undefined,
    };
    assert.deepEqual(formatMessagesDeep(given), {
      error: { message: "It failed 2 times." },
      list: ["One.", 1, null],
      at,
      none: undefined,
    });
  });

  it("says in the terminal and in the window what each of them has", () => {
    const text = bySurface(msg`Set GEMINI_API_KEY.`, msg`Set an API key.`);
    const window: Localizer = { ...ENGLISH_LOCALIZER, isWindow: true };
    assert.equal(formatMessage(text), "Set GEMINI_API_KEY.");
    assert.equal(
      localizeMessage(joinMessages([msg`No key is set.`, text]), window),
      "No key is set. Set an API key.",
    );
    // A journal stores it, and a redaction reaches both.
    assert.deepEqual(Message.parse(JSON.parse(JSON.stringify(text))), text);
    const secret = bySurface(msg`Key ${"abc"}`, msg`The key ${"abc"}`);
    const redacted = mapMessageTexts(secret, () => "[key]");
    assert.deepEqual(
      [formatMessage(redacted), localizeMessage(redacted, window)],
      ["Key [key]", "The key [key]"],
    );
  });
});
