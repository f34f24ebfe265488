import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import ts from "typescript";

/* One name means one thing: no two files of src export the same name. */

/** The names that a source declares and exports. Names that it only passes on from another file do not count. */
function exportedNames(text: string): Set<string> {
  const source = ts.createSourceFile("x.ts", text, ts.ScriptTarget.Latest, true);
  const imported = new Set(source.statements.flatMap(importedNames));
  return new Set(source.statements.flatMap((statement) => namesOfStatement(statement, imported)));
}

function importedNames(statement: ts.Statement): string[] {
  const bindings = ts.isImportDeclaration(statement) ? statement.importClause?.namedBindings : undefined;
  return bindings !== undefined && ts.isNamedImports(bindings)
    ? bindings.elements.map(({ name }) => name.text)
    : [];
}

function namesOfStatement(statement: ts.Statement, imported: ReadonlySet<string>): string[] {
  if (ts.isExportDeclaration(statement)) {
    const { exportClause, moduleSpecifier } = statement;
    if (moduleSpecifier !== undefined || exportClause === undefined || !ts.isNamedExports(exportClause))
      return [];
    return exportClause.elements
      .filter(({ name, propertyName }) => !imported.has((propertyName ?? name).text))
      .map(({ name }) => name.text);
  }
  const modifiers = ts.canHaveModifiers(statement) ? (ts.getModifiers(statement) ?? []) : [];
  if (!modifiers.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword)) return [];
  if (ts.isVariableStatement(statement)) {
    return statement.declarationList.declarations.flatMap(({ name }) => boundNames(name));
  }
  const isNamed =
    ts.isFunctionDeclaration(statement) ||
    ts.isClassDeclaration(statement) ||
    ts.isInterfaceDeclaration(statement) ||
    ts.isTypeAliasDeclaration(statement) ||
    ts.isEnumDeclaration(statement);
  return isNamed && statement.name !== undefined ? [statement.name.text] : [];
}

function boundNames(name: ts.BindingName): string[] {
  if (ts.isIdentifier(name)) return [name.text];
  return name.elements.flatMap((element) => (ts.isBindingElement(element) ? boundNames(element.name) : []));
}

describe("exported names", () => {
  it("are unique in src", () => {
    const files = new Map<string, string[]>();
    for (const name of readdirSync("src", { recursive: true, encoding: "utf8" })) {
      if (!name.endsWith(".ts")) continue;
      const file = path.join("src", name);
      for (const exported of exportedNames(readFileSync(file, "utf8"))) {
        files.set(exported, [...(files.get(exported) ?? []), file]);
      }
    }
    assert.ok(files.size > 500, `${files.size} were found`);
    const repeated = [...files].filter(([, where]) => where.length > 1);
    assert.deepEqual(
      repeated.map(([name, where]) => `${name}: ${where.sort().join(", ")}`),
      [],
    );
  });

  it("are found in every kind of declaration, and re-exports are not counted", () => {
    for (const [text, expected] of [
      ["export const A = 1; export type A = number;", ["A"]],
      ["export function f(): void {} export async function g() {}", ["f", "g"]],
      ["export class C {} export abstract class D {}", ["C", "D"]],
      ["export interface I {} export enum E {}", ["I", "E"]],
      ["export const { a, b: [c] } = x, d = 1;", ["a", "c", "d"]],
      ["const a = 1; export { a as b };", ["b"]],
      ['export { a } from "./a.js"; export type { B } from "./b.js"; export * from "./c.js";', []],
      ['import { a } from "./a.js"; export { a }; export { a as b };', []],
      ["const a = 1; function f() {} interface I {}", []],
    ] as const) {
      assert.deepEqual([...exportedNames(text)], expected, text);
    }
  });
});
