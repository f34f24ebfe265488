import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import ts from "typescript";
import * as z from "zod";

/* What the window says is said in German, too: every text, each with its own placeholders. */

const Texts = z.record(z.string(), z.string());
const read = (file: string): Record<string, string> => Texts.parse(JSON.parse(readFileSync(file, "utf8")));

/** The texts for people in src, with where they stand: msg`…`, l10n.t("…"), and tables named …SENTENCES. */
function textsInSource(): Map<string, string> {
  const found = new Map<string, string>();
  for (const name of readdirSync("src", { recursive: true })) {
    const file = path.join("src", String(name));
    if (!file.endsWith(".ts")) continue;
    const source = ts.createSourceFile(file, readFileSync(file, "utf8"), ts.ScriptTarget.Latest, true);
    const add = (text: string, node: ts.Node): void => {
      // A text without words, such as "{0}: {1}", is the same in every language.
      if (!/\p{L}/u.test(text.replace(/\{\d+\}/g, ""))) return;
      found.set(text, `${file}:${source.getLineAndCharacterOfPosition(node.getStart()).line + 1}`);
    };
    const visit = (node: ts.Node): void => {
      if (ts.isTaggedTemplateExpression(node) && node.tag.getText() === "msg") add(templateOf(node), node);
      if (ts.isCallExpression(node) && /(^|\.)l10n\.t$/.test(node.expression.getText())) {
        const [text] = node.arguments;
        const isPlain = text !== undefined && ts.isStringLiteralLike(text);
        assert.ok(isPlain, `${file}: l10n.t takes a plain text first, not ${text?.getText() ?? "nothing"}`);
        add(text.text, node);
      }
      if (ts.isVariableDeclaration(node) && node.name.getText().endsWith("SENTENCES")) addAll(node);
      ts.forEachChild(node, visit);
    };
    const addAll = (table: ts.Node): void => {
      if (ts.isPropertyAssignment(table) && ts.isStringLiteralLike(table.initializer))
        add(table.initializer.text, table);
      ts.forEachChild(table, addAll);
    };
    visit(source);
  }
  return found;
}

/** The template that msg makes: {0}, {1} … for the values. */
function templateOf({ template }: ts.TaggedTemplateExpression): string {
  if (ts.isNoSubstitutionTemplateLiteral(template)) return template.text;
  const rest = template.templateSpans.map(({ literal }, index) => `{${index}}${literal.text}`);
  return template.head.text + rest.join("");
}

const placeholders = (text: string): string[] => [...new Set(text.match(/\{\w+\}/g) ?? [])].sort();

describe("the texts of the product", () => {
  const german = read("media/l10n/bundle.l10n.de.json");

  it("are all there in German, with the same placeholders, and no others", () => {
    const texts = textsInSource();
    assert.ok(texts.size > 800, `${texts.size} were found`);
    for (const text of ["Gemini is overloaded ({0}).", "The question is empty.", "The table header"])
      assert.ok(texts.has(text), text);
    const missing = [...texts].filter(([text]) => (german[text] ?? "") === "");
    assert.deepEqual(
      missing.map(([text, at]) => `${at} ${text}`),
      [],
      "Write each into media/l10n/bundle.l10n.de.json",
    );
    for (const [text, at] of texts)
      assert.deepEqual(placeholders(german[text] ?? ""), placeholders(text), `${at}: “${german[text]}”`);
    const unused = Object.keys(german).filter((text) => !texts.has(text));
    assert.deepEqual(unused, [], "Nothing says these any more");
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
