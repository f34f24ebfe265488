import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import * as z from "zod";
import { ResearchError } from "../../../src/common/errors.js";
import { formatEstimate } from "../../../src/core/pipeline/estimate.js";
import { formatCleared } from "../../../src/storage/cache/cache.js";
import { toWriteError } from "../../../src/common/files.js";
import { classifyStatus } from "../../../src/models/gemini/errors.js";
import { formatVerification } from "../../../src/app/verify-reports.js";
import { ENGINE_MARK, openMessageCatalog } from "../../../src/vscode/l10n/message-catalog.js";
import { engineTexts } from "../../package/engine-messages.js";

/* What the engine says in English, the window says in its own language: every template, found in the source. */

const BUNDLE = "media/l10n/bundle.l10n.de.json";
const german = z.record(z.string(), z.string()).parse(JSON.parse(readFileSync(BUNDLE, "utf8")));
const said = openMessageCatalog(german, "de");

const placeholders = (text: string): string[] => [...new Set(text.match(/\{\d+\}/g) ?? [])].sort();
const filled = (text: string, value: (index: number) => string): string =>
  text.replace(/\{(\d+)\}/g, (_, index: string) => value(Number(index)));

describe("the texts of the engine", () => {
  const texts = engineTexts();

  it("are found in its source", () => {
    assert.ok(texts.size > 250, `${texts.size} were found`);
    for (const text of [
      "The question is empty.", // an error
      "Ask it in a sentence.", // its remedy
      "Gemini is overloaded ({0}).", // handed through a function
      "its certificate has expired", // from a table
      "Writing “{0}”", // a step
      "Only the first {0} of the {1} pages that you named were read.", // a notice
      "{0} files exist with different content: {1}.", // a choice within a text
      "a whole number from 1 to 100", // what a setting may be
    ]) {
      assert.ok(texts.has(text), text);
    }
  });

  it("are all there in German, with the same placeholders, and no others", () => {
    const missing = [...texts].filter(([text]) => !(text + ENGINE_MARK in german));
    assert.deepEqual(
      missing.map(([text, at]) => `${at} ${text}`),
      [],
      `Write each into ${BUNDLE} with “${ENGINE_MARK}” behind it`,
    );
    for (const [key, translated] of Object.entries(german)) {
      if (!key.endsWith(ENGINE_MARK)) continue;
      const text = key.slice(0, -ENGINE_MARK.length);
      assert.ok(texts.has(text), `“${text}” is said nowhere in the engine`);
      assert.deepEqual(placeholders(translated), placeholders(text), `“${translated}”`);
    }
  });

  it("are each found again with values in them, and not taken for another", () => {
    for (const text of texts.keys()) {
      const value = text.replace(/\{\d+\}|\s/g, "").length < 8 ? String : (index: number) => `x/${index}y`;
      const translated = german[text + ENGINE_MARK]!;
      assert.equal(said(filled(text, value)), filled(translated, value), text);
    }
  });

  it("are said as a person would say them", () => {
    const cases: [string, string][] = [
      [
        new ResearchError("empty-question", "The question is empty.", "Ask it in a sentence.").line,
        "Die Frage ist leer. Stellen Sie sie in einem Satz.",
      ],
      [
        toWriteError("/a b/c.d.md", Object.assign(new Error(), { code: "ENOSPC" })).line,
        "/a b/c.d.md lässt sich nicht schreiben: der Datenträger ist voll. Schaffen Sie Platz, und setzen Sie die Sitzung fort.",
      ],
      [
        classifyStatus(403, { state: "", message: "Forbidden.", details: [] }).error.line,
        "Der Gemini-Schlüssel darf dafür nicht verwendet werden (403): Forbidden. Legen Sie einen anderen Schlüssel fest (GEMINI_API_KEY; in VS Code: „Deep Research: API-Schlüssel festlegen“).",
      ],
      [
        "Searching google failed: Gemini is overloaded (503). Try again later.",
        "Die Suche (google) ist fehlgeschlagen: Gemini ist überlastet (503). Versuchen Sie es später noch einmal.",
      ],
      [
        "A page that you named was not read: https://example.org/a.pdf: The PDF is damaged and cannot be opened.",
        "Eine Seite, die Sie genannt haben, wurde nicht gelesen: https://example.org/a.pdf: Das PDF ist beschädigt und lässt sich nicht öffnen.",
      ],
      ["https://example.org/x contains no text.", "https://example.org/x enthält keinen Text."],
      [
        "example.org could not be reached (its certificate has expired).",
        "example.org war nicht zu erreichen (das Zertifikat ist abgelaufen).",
      ],
      [
        'deepResearch.maxSources is "0"; allowed: a whole number from 1 to 100.',
        'deepResearch.maxSources ist "0"; erlaubt: eine ganze Zahl von 1 bis 100.',
      ],
      [
        "Writing “The summary” failed (The connection to Gemini broke); quotes stand there instead.",
        "Schreiben von „The summary“: fehlgeschlagen (Die Verbindung zu Gemini ist abgerissen); stattdessen stehen Zitate da.",
      ],
      [
        `The run was not started: it may take ${formatEstimate({ calls: [18, 45], tokens: [30_000, 120_000], usd: [0.02, 1234.5] })}.`,
        "Diese Recherche wurde nicht begonnen: Sie braucht vielleicht 18 bis 45 Aufrufe, 30.000 bis 120.000 Token, 0,02 $ bis 1.234,50 $.",
      ],
      [formatCleared({ files: 1, bytes: 1.2e6 }), "Zwischenspeicher geleert: 1.2 MB in 1 Datei entfernt."],
    ];
    for (const [english, translated] of cases)
      assert.equal(said(english).replaceAll("\u00a0", " "), translated);
  });

  it("say what became of a report that was checked", () => {
    const lines = formatVerification({
      report: "data/reports/x.md",
      ok: false,
      citations: 9,
      grounded: 1,
      failed: [
        { n: "1.2", why: "The quote does not appear in the snapshot.", kind: "not-in-snapshot", line: 9 },
      ],
      since: [{ n: "2.1", state: "moved", why: "It is now at line 5 of x.md." }],
      checked: "all",
      edited: [],
    });
    assert.deepEqual(
      lines.map((line) => said(line.trim())),
      [
        "data/reports/x.md: 1 von 9 Belege (1 von Google gefunden, nicht prüfbar) nicht bestätigt.",
        "1.2: Das Zitat steht nicht im Abbild.",
        "2.1 seither verschoben: Es steht jetzt auf Zeile 5 von x.md.",
      ],
    );
  });

  it("leave alone what is not theirs", () => {
    const doing = "Searching workspace: How to begin? Is it running at page 5 to be read";
    assert.equal(said(doing), "Suche (workspace): How to begin? Is it running at page 5 to be read");
    for (const text of [
      "",
      "Whatever else",
      "How to begin",
      "x: y: z",
      "…",
      "a. B. c.",
      "{0}",
      "ENOSPC: no space",
    ]) {
      assert.equal(said(text), text);
    }
    const long = "The question is empty. ".repeat(200);
    assert.equal(said(long), long);
  });

  it("are said in English where there is no other bundle, and quickly where there is", () => {
    assert.equal(openMessageCatalog({}, "en")("The question is empty."), "The question is empty.");
    const hard = "a (b. c: d failed: e is f; g) ".repeat(40);
    const began = performance.now();
    said(hard);
    assert.ok(performance.now() - began < 2_000, `${performance.now() - began} ms`);
  });
}).timeout(30_000);
