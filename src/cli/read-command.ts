import * as z from "zod";
import { readSources } from "../app/read-sources.js";
import { EXIT, forTerminal, print, printJson } from "./output.js";
import { describeCoverage } from "./print-coverage.js";
import { cancelBySignals } from "./signals.js";
import { Flags, loadConfig, resolvePath } from "./flags.js";

export async function readCommand(sources: string[], options: unknown): Promise<number> {
  const flags = Flags.extend({ why: z.boolean().default(false) }).parse(options);
  const config = await loadConfig(flags);
  const controller = new AbortController();
  const release = cancelBySignals(controller);
  const results = await readSources(
    config,
    sources,
    (source) => resolvePath(source, config.workspace),
    controller.signal,
  ).finally(release);
  if (controller.signal.aborted) return EXIT.cancelled;
  if (flags.json) printJson(results);
  else {
    for (const each of results) {
      if ("error" in each)
        process.stderr.write(`${forTerminal(describeFailure(each.source, each.error.message))}\n`);
      else {
        print([`# ${forTerminal(each.title)}`, ...each.text.split("\n").map(forTerminal)].join("\n"));
        process.stderr.write(
          describeCoverage(each, flags.why)
            .map((line) => `${line}\n`)
            .join(""),
        );
      }
    }
  }
  return results.some((each) => "error" in each) ? EXIT.failed : EXIT.done;
}

/** What failed, with the source once: a message may name it already. */
function describeFailure(source: string, message: string): string {
  return message.startsWith(`${source}: `) ? message : `${source}: ${message}`;
}
