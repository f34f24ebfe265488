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
  "src/common/files.ts": ["link", "open", "rename", "rm"],
  "src/storage/archive/zip-writer.ts": ["createWriteStream"],
  "src/storage/archive/pack.ts": ["link", "rename", "rm"],
  "src/storage/archive/unpack.ts": ["copyFile", "open", "rename", "rm", "rmdir"],
  "src/storage/archive/restore.ts": ["rm"],
  // A file by its name in the store: in real folders below the store's own.
  "src/storage/files/disk-store.ts": ["unlink"],
  // A new folder below the system's folder for temporary files.
  "src/storage/archive/staging-folder.ts": ["mkdtemp", "rm"],
  // Sessions: in a real folder below the sessions' folder.
  "src/storage/sessions/session.ts": ["mkdir", "rm", "rmdir"],
  "src/storage/sessions/delete-session.ts": ["rm"],
  "src/storage/sessions/remove-snapshots.ts": ["rm"],
  "src/storage/sessions/formatter-settings.ts": ["writeFile"],
  // A new .gitignore in a real folder of ours.
  "src/storage/sessions/git-ignore.ts": ["writeFile"],
  "src/storage/sessions/journal.ts": ["open"],
  "src/storage/sessions/session-lock.ts": ["open", "rename", "unlink"],
  "src/storage/sessions/plan-file.ts": ["rm"],
  // The log file that the user named in the environment or user settings; a link in its place is not followed.
  "src/storage/logs/log-file.ts": ["mkdirSync", "openSync", "renameSync", "writeSync"],
  "src/storage/reports/refresh-draft.ts": ["rm"],
  "src/storage/archive/archive-sessions.ts": ["rename", "rm"],
  // Opens /dev/null in the place of a terminal that is gone.
  "src/cli/signals.ts": ["openSync"],
  "src/vscode/sessions-view/delete-sessions.ts": ["workspace.fs.delete"],
  // Sessions and reports of a folder that is not on the disk: by paths below it, through its file system.
  "src/vscode/virtual/provider-store.ts": [
    "workspace.fs.delete",
    "workspace.fs.rename",
    "workspace.fs.writeFile",
  ],
  // The cache: in real folders of a folder with our mark, by our own names.
  "src/storage/cache/cache.ts": ["lutimes", "rename", "unlink", "writeFile"],
  "src/storage/cache/cache-files.ts": ["rmdir", "unlink"],
  "src/search/workspace/workspace-index.ts": ["copyFile", "open", "rename", "rmdir", "unlink"],
  "src/search/workspace/index-worker.ts": ["copyFileSync", "linkSync", "rmSync"],
  "src/search/workspace/index-shard.ts": ["copyFileSync", "renameSync"],
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
