import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import ts from "typescript";

/*
 * Which files of src change what is on the disk, and by which functions. A new one is added here by whoever has made
 * sure that it follows no link out of our folders and removes only what is ours: see src/common/real-folder.ts.
 */

const CHANGES =
  /^(?:appendFile|chmod|chown|copyFile|cp|createWriteStream|fchmod|fchown|ftruncate|futimes|lchmod|lchown|link|lutimes|mkdir|mkdtemp|open|rename|rm|rmdir|symlink|truncate|unlink|utimes|write|writeFile|writev)(?:Sync)?$/;

/** `open` stands here also where it only reads: its flags decide. */
const ALLOWED: Record<string, string[]> = {
  // Opens for reading alone.
  "src/common/read-file.ts": ["open", "openSync"],
  // Makes folders, one by one.
  "src/common/real-folder.ts": ["mkdir"],
  // Whole files: a draft of a new name that takes the place of what is there, be it a link.
  "src/sessions/files.ts": ["link", "open", "rename", "rm"],
  "src/sessions/zip-write.ts": ["open"],
  "src/sessions/pack.ts": ["link", "rename", "rm"],
  "src/sessions/unpack.ts": ["copyFile", "open", "rename", "rm", "rmdir"],
  "src/sessions/restore.ts": ["rm"],
  // Sessions: in a real folder below the sessions' folder.
  "src/sessions/session.ts": ["mkdir", "rm", "rmdir"],
  "src/sessions/journal.ts": ["open"],
  "src/sessions/lock.ts": ["open", "rename", "unlink"],
  "src/sessions/plan-file.ts": ["rm"],
  "src/sessions/drafts.ts": ["rm"],
  "src/sessions/archive.ts": ["rename", "rm"],
  // Opens /dev/null in the place of a terminal that is gone.
  "src/terminal/signals.ts": ["openSync"],
  "src/vscode/view/remove.ts": ["rm", "workspace.fs.delete"],
  // The cache: in real folders of a folder with our mark, by our own names.
  "src/sessions/cache.ts": ["lutimes", "rename", "unlink", "writeFile"],
  "src/sessions/cache-files.ts": ["rmdir", "unlink"],
  "src/sources/workspace/workspace-index.ts": ["copyFile", "open", "rename", "rmdir", "unlink"],
  "src/sources/workspace/indexing-worker.ts": ["copyFileSync", "linkSync", "rmSync"],
  "src/sources/workspace/shard.ts": ["copyFileSync", "renameSync"],
};

/** The functions of node:fs and of VS Code's file system by which a source can change what is on the disk. */
function changesIn(file: string, text: string): string[] {
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
  const found = new Set<string>();
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node) && ts.isStringLiteral(node.moduleSpecifier)) {
      if (/^(?:node:)?fs(?:\/promises)?$/.test(node.moduleSpecifier.text)) {
        const bindings = node.importClause?.namedBindings;
        // By a name for all of it, nobody sees what is called.
        if (
          node.importClause?.name !== undefined ||
          bindings === undefined ||
          ts.isNamespaceImport(bindings)
        ) {
          found.add("all of node:fs");
        } else {
          for (const { name, propertyName } of bindings.elements) {
            const called = (propertyName ?? name).text;
            if (CHANGES.test(called) || called === "promises") found.add(called);
          }
        }
      }
    }
    if (ts.isCallExpression(node)) {
      const called = node.expression.getText();
      const [argument] = node.arguments;
      if (
        /^(?:require|import)$/.test(called) &&
        argument !== undefined &&
        /["'](?:node:)?fs\b/.test(argument.getText())
      ) {
        found.add("all of node:fs");
      }
      const [, change] =
        /\bworkspace\.fs\.(writeFile|delete|rename|copy|createDirectory)$/.exec(called) ?? [];
      if (change !== undefined) found.add(`workspace.fs.${change}`);
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return [...found].sort();
}

describe("what changes files", () => {
  it("stands in the files of this list, and in no others", () => {
    const found: Record<string, string[]> = {};
    for (const name of readdirSync("src", { recursive: true }).map(String).sort()) {
      if (!name.endsWith(".ts")) continue;
      const file = path.join("src", name);
      const changes = changesIn(file, readFileSync(file, "utf8"));
      if (changes.length > 0) found[file.split(path.sep).join("/")] = changes;
    }
    assert.deepEqual(found, Object.fromEntries(Object.entries(ALLOWED).sort()));
  });

  it("is found by any way of importing", () => {
    for (const [text, expected] of [
      ['import { rm as remove, stat } from "node:fs/promises";', ["rm"]],
      ['import { writeFileSync } from "fs";', ["writeFileSync"]],
      ['import * as fs from "node:fs";', ["all of node:fs"]],
      ['import fs from "node:fs/promises";', ["all of node:fs"]],
      ['import { promises } from "node:fs";', ["promises"]],
      ['const fs = await import("node:fs");', ["all of node:fs"]],
      ['const { rm } = require("fs/promises");', ["all of node:fs"]],
      ["await vscode.workspace.fs.delete(uri);", ["workspace.fs.delete"]],
      ['import { readFile, stat } from "node:fs/promises";', []],
    ] as const) {
      assert.deepEqual(changesIn("x.ts", text), expected, text);
    }
  });
});
