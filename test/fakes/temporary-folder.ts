import { mkdtemp, mkdir, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";

/** A fresh folder with the given files, gone when the test is over (call `remove`). */
export async function aFolder(
  files: Record<string, string | Buffer> = {},
): Promise<{ path: string; remove: () => Promise<void> }> {
  const folder = await mkdtemp(path.join(os.tmpdir(), "deep-research-test-"));
  for (const [name, content] of Object.entries(files)) {
    const file = path.join(folder, name);
    await mkdir(path.dirname(file), { recursive: true });
    await writeFile(file, content);
  }
  return { path: folder, remove: () => rm(folder, { recursive: true, force: true }) };
}
