/*
 * What the preview of hostile reports sends out, in the real VS Code: with our plugin, and without it.
 */
import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { promisify } from "node:util";
import * as z from "zod";
import type { Row } from "./results-table.js";

const Counted = z.object({
  kinds: z.number(),
  leaked: z.number(),
  broken: z.number(),
  requests: z.number(),
  leakedWithout: z.number(),
  brokenWithout: z.number(),
});

export async function rows(): Promise<Row[]> {
  const what = "outbound requests of the preview on hostile reports";
  const reach = "0 of ≥ 60 kinds, and none breaks the preview";
  if (!existsSync(".vscode-host") || !existsSync("deep-research.vsix")) {
    return [{ what, measured: "–", reach, ok: null }];
  }
  const { stdout } = await promisify(execFile)(process.execPath, ["test/e2e/preview.mjs", "--without"], {
    maxBuffer: 1e8,
  }).catch((error: unknown) => error as { stdout: string });
  const line = stdout.split("\n").find((each) => each.startsWith("{")) ?? "{}";
  const found = Counted.parse(JSON.parse(line));
  const measured =
    `${found.requests} requests, ${found.leaked} of ${found.kinds} kinds leak, ${found.broken} break it ` +
    `(without us ${found.leakedWithout} leak, ${found.brokenWithout} break it)`;
  const ok = found.requests === 0 && found.leaked === 0 && found.broken === 0 && found.kinds >= 60;
  return [{ what, measured, reach, ok }];
}
