import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import ts from "typescript";
import * as z from "zod";
import { ENGINE_MARK } from "../../../src/vscode/l10n/message-catalog.js";

/* What the window says is said in German, too: every text, each with its own placeholders. */

const Texts = z.record(z.string(), z.string());
const read = (file: string): Record<string, string> => Texts.parse(JSON.parse(readFileSync(file, "utf8")));

/** The texts that src hands to l10n.t, with where they stand. */
function textsInSource(): Map<string, string> {
  const found = new Map<string, string>();
  for (const name of readdirSync("src", { recursive: true })) {
    const file = path.join("src", String(name));
    if (!file.endsWith(".ts")) continue;
    const text = readFileSync(file, "utf8");
    if (!text.includes("l10n.t")) continue;
    const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
    const visit = (node: ts.Node): void => {
      if (ts.isCallExpression(node) && /(^|\.)l10n\.t$/.test(node.expression.getText())) {
        const [text] = node.arguments;
        const at = `${file}:${source.getLineAndCharacterOfPosition(node.getStart()).line + 1}`;
        assert.ok(
          text !== undefined && ts.isStringLiteralLike(text),
          `${at}: l10n.t takes a plain text first`,
        );
        found.set(text.text, at);
      }
      ts.forEachChild(node, visit);
    };
    visit(source);
  }
  return found;
}

const placeholders = (text: string): string[] => [...new Set(text.match(/\{\w+\}/g) ?? [])].sort();

describe("the texts of the window", () => {
  const german = read("media/l10n/bundle.l10n.de.json");

  it("are all there in German, with the same placeholders", () => {
    const texts = textsInSource();
    for (const [text, at] of texts) {
      const translated = german[text];
      assert.ok(translated !== undefined && translated !== "", `${at}: “${text}” has no German`);
      assert.deepEqual(placeholders(translated), placeholders(text), `${at}: “${translated}”`);
    }
    for (const text of Object.keys(german)) {
      // What the engine says is held by engine-texts.test.ts.
      assert.ok(texts.has(text) || text.endsWith(ENGINE_MARK), `“${text}” is said nowhere`);
    }
  });

  it("of the manifest are all there in German", () => {
    const manifest = readFileSync("package.json", "utf8");
    const english = read("package.nls.json");
    assert.deepEqual(Object.keys(read("package.nls.de.json")).sort(), Object.keys(english).sort());
    const used = Array.from(manifest.matchAll(/"%([^%"]+)%"/g), ([, key = ""]) => key);
    assert.deepEqual([...new Set(used)].sort(), Object.keys(english).sort());
    for (const [, key = "", text = ""] of manifest.matchAll(
      /"(title|markdownDescription|description)": "([^%"][^"]*)"/g,
    )) {
      assert.equal(text, "Deep Research", `${key} “${text}” stands in the manifest itself`);
    }
  });
});
