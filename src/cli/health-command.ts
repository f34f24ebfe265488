import path from "node:path";
import * as z from "zod";
import { version } from "../../package.json";
import { checkHealth, type HealthCheck } from "../app/health/check-health.js";
import { readTerminalHealthInput } from "../app/health/read-input.js";
import { findFolderProblem } from "./flags.js";
import { EXIT, forTerminal, print, printJson } from "./output.js";
import { abortAfter } from "../common/abort.js";

const Flags = z.object({ workspace: z.string().optional(), json: z.boolean().default(false) });

/** Time limit for all checks together, in milliseconds. */
const PATIENCE = 30_000;
const WORDS: Record<HealthCheck["state"], string> = { ok: "ok  ", warning: "WARN", failed: "FAIL" };

/** Checks what a run needs and suggests fixes. */
export async function healthCommand(options: unknown): Promise<number> {
  const flags = Flags.parse(options);
  const workspace = path.resolve(flags.workspace ?? process.cwd());
  const missing = await findFolderProblem(workspace);
  const input = await readTerminalHealthInput(version, workspace, missing, process.env);
  const { ok, checks, settings, features } = await checkHealth(input, abortAfter(PATIENCE));
  if (flags.json) {
    const shown = checks.map(({ name, state, detail, remedy }) => ({
      name,
      ok: state !== "failed",
      state,
      detail,
      remedy,
    }));
    printJson({ ok, checks: shown, settings, features });
  } else {
    for (const { name, state, detail, remedy } of checks) {
      print(forTerminal(`${WORDS[state]}  ${name}: ${detail}`));
      if (remedy !== "") print(forTerminal(`      → ${remedy}`));
    }
    print("");
    for (const { name, value, from } of settings) print(forTerminal(`${name} = ${value} (${from})`));
    print("");
    for (const { name, title, on } of features)
      print(forTerminal(`${on ? "on " : "off"}  ${name}: ${title}`));
  }
  return ok ? EXIT.done : EXIT.failed;
}
