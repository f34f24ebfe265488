#!/usr/bin/env node
import { Command, CommanderError } from "commander";
import * as commands from "./commands.js";
import { healthCommand } from "./health-command.js";
import * as keeping from "./backup-commands.js";
import * as refreshing from "./refresh-commands.js";
import { ignoreClosedOutput } from "./output-errors.js";
import { reportError, EXIT } from "./output.js";
import { exitCodeAfterSignal } from "./signals.js";
import { statsCommand } from "./stats-command.js";
import { trustCommand } from "./trust-command.js";

/*
 * The terminal's and the container's door: which commands and flags there are. What they do is in
 * terminal/commands.ts.
 */

function program(done: (code: number) => void): Command {
  const root = new Command("deep-research")
    .description(
      "Research a question in your docs, your code and the web, with citations that can be checked.",
    )
    .argument("[question...]", "the question, in quotes")
    .showHelpAfterError("(deep-research --help shows what there is)")
    .exitOverride()
    .action(async (words: string[], _options, command: Command) => {
      done(await commands.researchCommand(words.join(" "), command.optsWithGlobals()));
    });
  common(running(asking(root)));

  const add = (usage: string, description: string): Command =>
    common(root.command(usage).description(description).exitOverride());

  running(add("resume <id>", "go on with a session")).action(
    async (id: string, _options, command: Command) => {
      done(await commands.resumeCommand(id, command.optsWithGlobals()));
    },
  );
  add("sessions", "list the sessions, newest first").action(async (_options, command: Command) => {
    done(await commands.sessionsCommand(command.optsWithGlobals()));
  });
  add("clear-cache", "remove the pages and answers that are kept for later sessions").action(
    async (_options, command: Command) => {
      done(await commands.clearCacheCommand(command.optsWithGlobals()));
    },
  );
  add("verify <reports...>", "check reports against their snapshots and what their sessions recorded")
    .option("--allow-edited", "pass reports that were edited, as long as their quotes and facts stand")
    .option("--allow-empty", "pass where there is nothing to check")
    .action(async (reports: string[], _options, command: Command) => {
      done(await commands.verifyCommand(reports, command.optsWithGlobals()));
    });
  add("read <sources...>", "show what the engine sees of addresses and files").action(
    async (sources: string[], _options, command: Command) => {
      done(await commands.readUserFile(sources, command.optsWithGlobals()));
    },
  );
  running(add("refresh <report>", "read a report's sources again, and write anew what changed"))
    .option("--accept", "put the new report in the place of the old one at once")
    .option("--overwrite", "also where the old one was edited meanwhile")
    .action(async (report: string, _options, command: Command) => {
      done(await refreshing.refreshCommand(report, command.optsWithGlobals()));
    });
  add("accept <id>", "put the report that a refresh wrote in the place of the old one")
    .option("--overwrite", "also where the old one was edited meanwhile")
    .action(async (id: string, _options, command: Command) => {
      done(await refreshing.acceptCommand(id, command.optsWithGlobals()));
    });
  add("discard <id>", "remove the report that a refresh wrote; the old one stays").action(
    async (id: string, _options, command: Command) => {
      done(await refreshing.discardCommand(id, command.optsWithGlobals()));
    },
  );
  asking(
    running(add("follow <id> <question...>", "ask the next question on a session, with its sources at hand")),
  ).action(async (id: string, words: string[], _options, command: Command) => {
    done(await refreshing.followUpCommand(id, words.join(" "), command.optsWithGlobals()));
  });
  add("backup [file]", "pack sessions, reports and settings into one zip").action(
    async (file: string | undefined, _options, command: Command) => {
      done(await keeping.backupCommand(file, command.optsWithGlobals()));
    },
  );
  add("restore <file>", "check a backup, then bring back what is in it")
    .option("--overwrite", "replace files with other content, keeping them beside as NAME.before-restore")
    .action(async (file: string, _options, command: Command) => {
      done(await keeping.restoreCommand(file, command.optsWithGlobals()));
    });
  add("archive [ids...]", "pack old sessions away; they stay in the list, and reports can be verified")
    .option("--older-than <days>", "sessions begun more than so many days ago")
    .option("--keep <n>", "all but the newest so many")
    .action(async (ids: string[], _options, command: Command) => {
      done(await keeping.archiveCommand(ids, command.optsWithGlobals()));
    });
  add("unarchive <id>", "bring an archived session back to its folder").action(
    async (id: string, _options, command: Command) => {
      done(await keeping.unarchiveCommand(id, command.optsWithGlobals()));
    },
  );
  add("trust", "use the key in the folder's .env, from now on")
    .option("--remove", "do not use it any more")
    .action(async (_options, command: Command) => {
      done(await trustCommand(command.optsWithGlobals()));
    });
  add("health", "check versions, settings, folders, key and connection, and say what to do").action(
    async (_options, command: Command) => {
      done(await healthCommand(command.optsWithGlobals()));
    },
  );
  add("stats", "show times, calls, spend, verdicts and failures, from the journals alone")
    .option("--days <n>", "sessions begun in the last so many days")
    .action(async (_options, command: Command) => {
      done(await statsCommand(command.optsWithGlobals()));
    });
  return root;
}

/** What may be said of a question. */
function asking(command: Command): Command {
  return command
    .option("--depth <depth>", "quick, standard or deep")
    .option("--max-sources <n>", "distinct sources read at most")
    .option("--source <source>", "workspace, web or an address; may be given several times", collect)
    .option("--env <environment>", "development, staging or production")
    .option("--plan", "show the plan before anything is spent on it");
}

/** What may be said of a run, new or resumed. */
function running(command: Command): Command {
  return command
    .option("--max-calls <n>", "calls of the model at most")
    .option("--max-tokens <n>", "tokens, in and out, at most")
    .option("--max-usd <amount>", "dollars at most")
    .option("--max-minutes <n>", "minutes at most; then it ends with what is there")
    .option("--yes", "run it whatever it may cost within these limits")
    .option("--no-cache", "take nothing from the cache and keep nothing in it");
}

function common(command: Command): Command {
  return command
    .option("--workspace <dir>", "the folder to research and to write to (default: the current one)")
    .option("--json", "print one JSON object instead of text");
}

function collect(value: string, before: string[] = []): string[] {
  return [...before, value];
}

async function main(): Promise<void> {
  let code: number = EXIT.done;
  const isJson = process.argv.includes("--json");
  ignoreClosedOutput(isJson);
  try {
    await program((result) => (code = result)).parseAsync(process.argv);
  } catch (error) {
    if (error instanceof CommanderError) code = error.exitCode === 0 ? EXIT.done : EXIT.usage;
    else code = reportError(error, isJson);
  }
  process.exitCode = exitCodeAfterSignal(code);
}

void main();
