#!/usr/bin/env node
import { setFlagsFromString } from "node:v8";
import { Command, CommanderError } from "commander";
import { assertIsQuestion } from "./mistyped-command.js";
import { ignoreClosedOutput } from "./output-errors.js";
import { reportError, EXIT } from "./output.js";
import { exitCodeAfterSignal, exitOnSignalsAsFirstProcess } from "./signals.js";

/*
 * The entry point of the terminal and the container: defines commands and flags. The commands are implemented
 * in files of their own beside this one, each loaded when its command runs: a command starts sooner for it.
 */

/*
 * The workspace's index is SQLite as WebAssembly. V8 would optimize its largest functions after a few milliseconds of
 * running, which takes more computing than the whole index of a small workspace: here only what runs much longer is
 * optimized. V8 complains about flags that it does not know, so a newer one is left as it is.
 */
if (Number.parseInt(process.versions.v8) < 14) setFlagsFromString("--wasm-tiering-budget=1000000000");

const ID_HELP =
  '\nThe beginning of an id is enough if no other session begins like it; "last" is the newest session.';

function program(done: (code: number) => void): Command {
  const root = new Command("deep-research")
    .description(
      "Research a question in your docs, your code and the web, with citations that can be checked.",
    )
    .argument("[question...]", "the question, in quotes")
    .showHelpAfterError("(run deep-research --help for usage)")
    .exitOverride()
    .action(async (words: string[], _options, command: Command) => {
      await assertIsQuestion(
        words,
        root.commands.map((each) => each.name()),
      );
      const { researchCommand } = await import("./research-command.js");
      done(await researchCommand(words.join(" "), command.optsWithGlobals()));
    });
  addCommonOptions(addRunOptions(addQuestionOptions(root)));

  /** @param summary for the list of commands; the command's own help shows it as a sentence */
  const add = (usage: string, summary: string): Command => {
    const sentence = `${summary.charAt(0).toUpperCase()}${summary.slice(1)}.`;
    const command = root.command(usage).summary(summary).description(sentence).exitOverride();
    if (/[<[]ids?[.>]/.test(usage)) command.addHelpText("after", ID_HELP);
    return addCommonOptions(command);
  };

  addRunOptions(add("resume <id>", "resume a session")).action(
    async (id: string, _options, command: Command) => {
      const { resumeCommand } = await import("./research-command.js");
      done(await resumeCommand(id, command.optsWithGlobals()));
    },
  );
  add("sessions", "list sessions, newest first").action(async (_options, command: Command) => {
    const { sessionsCommand } = await import("./session-commands.js");
    done(await sessionsCommand(command.optsWithGlobals()));
  });
  add("delete <ids...>", "delete sessions and their reports for good")
    .option("--keep-report", "keep the reports")
    .option("--cache", "also remove the cache, which all sessions share")
    .option("--yes", "skip the confirmation prompt")
    .action(async (ids: string[], _options, command: Command) => {
      const { deleteCommand } = await import("./delete-command.js");
      done(await deleteCommand(ids, command.optsWithGlobals()));
    });
  add("clean", "delete data older than the RETENTION_..._DAYS limits")
    .option("--dry-run", "only say what would be removed")
    .option("--git", "also remove sessions whose journal or report Git tracks")
    .option("--yes", "skip the confirmation prompt")
    .action(async (_options, command: Command) => {
      const { cleanCommand } = await import("./clean-command.js");
      done(await cleanCommand(command.optsWithGlobals()));
    });
  add("clear-cache", "remove the pages and answers cached for later sessions").action(
    async (_options, command: Command) => {
      const { clearCacheCommand } = await import("./session-commands.js");
      done(await clearCacheCommand(command.optsWithGlobals()));
    },
  );
  add("verify <reports...>", "check reports against their snapshots and session records")
    .option("--allow-edited", "accept edited reports if their quotes and facts are still valid")
    .option("--allow-empty", "succeed if there is nothing to check")
    .action(async (reports: string[], _options, command: Command) => {
      const { verifyCommand } = await import("./verify-command.js");
      done(await verifyCommand(reports, command.optsWithGlobals()));
    });
  add("read <sources...>", "show what the engine reads from URLs and files")
    .option("--why", "list what was left out of each source, and why")
    .action(async (sources: string[], _options, command: Command) => {
      const { readCommand } = await import("./read-command.js");
      done(await readCommand(sources, command.optsWithGlobals()));
    });
  addRunOptions(add("refresh <report>", "read a report's sources again and rewrite what changed"))
    .option("--accept", "replace the old report immediately")
    .option("--overwrite", "replace the old report even if it has been edited since")
    .action(async (report: string, _options, command: Command) => {
      const { refreshCommand } = await import("./refresh-commands.js");
      done(await refreshCommand(report, command.optsWithGlobals()));
    });
  add("accept <id>", "replace a report with its refreshed version")
    .option("--overwrite", "replace the old report even if it has been edited since")
    .action(async (id: string, _options, command: Command) => {
      const { acceptCommand } = await import("./refresh-commands.js");
      done(await acceptCommand(id, command.optsWithGlobals()));
    });
  add("discard <id>", "remove a refreshed report and keep the old one").action(
    async (id: string, _options, command: Command) => {
      const { discardCommand } = await import("./refresh-commands.js");
      done(await discardCommand(id, command.optsWithGlobals()));
    },
  );
  addQuestionOptions(
    addRunOptions(
      add("follow <id> <question...>", "ask a follow-up question that can use the session's sources"),
    ),
  ).action(async (id: string, words: string[], _options, command: Command) => {
    const { followUpCommand } = await import("./follow-up-command.js");
    done(await followUpCommand(id, words.join(" "), command.optsWithGlobals()));
  });
  add(
    "backup [target]",
    "pack sessions, reports and settings into one zip, in a folder or at s3://BUCKET/PREFIX",
  )
    .option(
      "--every <interval>",
      "make a backup in TARGET, a folder or a bucket, at an interval such as 24h, until stopped",
    )
    .option("--keep <n>", "remove all but the newest N backups of TARGET")
    .option("--max-age <days>", "remove the backups of TARGET that are older, but never the newest")
    .action(async (target: string | undefined, _options, command: Command) => {
      const { backupCommand } = await import("./backup-commands.js");
      done(await backupCommand(target, command.optsWithGlobals()));
    });
  add(
    "restore <file>",
    "check a backup and restore its contents; for s3://BUCKET/PREFIX, the newest backup there",
  )
    .option("--overwrite", "replace files whose content differs, keeping the old ones as NAME.before-restore")
    .action(async (file: string, _options, command: Command) => {
      const { restoreCommand } = await import("./backup-commands.js");
      done(await restoreCommand(file, command.optsWithGlobals()));
    });
  add("archive [ids...]", "archive old sessions; they stay listed, and their reports can be verified")
    .option("--older-than <days>", "archive sessions started more than this many days ago")
    .option("--keep <n>", "archive all but the newest N sessions")
    .action(async (ids: string[], _options, command: Command) => {
      const { archiveCommand } = await import("./backup-commands.js");
      done(await archiveCommand(ids, command.optsWithGlobals()));
    });
  add("unarchive <id>", "restore an archived session to its folder").action(
    async (id: string, _options, command: Command) => {
      const { unarchiveCommand } = await import("./backup-commands.js");
      done(await unarchiveCommand(id, command.optsWithGlobals()));
    },
  );
  add("trust", "allow the API key in this folder's .env to be used")
    .option("--remove", "stop using the key")
    .action(async (_options, command: Command) => {
      const { trustCommand } = await import("./trust-command.js");
      done(await trustCommand(command.optsWithGlobals()));
    });
  add("health", "check versions, settings, folders, key and connection, and suggest fixes").action(
    async (_options, command: Command) => {
      const { healthCommand } = await import("./health-command.js");
      done(await healthCommand(command.optsWithGlobals()));
    },
  );
  add("stats", "show times, calls, spend, verdicts and failures, computed from the journals")
    .option("--days <n>", "include only sessions started in the last N days")
    .option("--format <format>", "text, json or prometheus (text exposition format)")
    .action(async (_options, command: Command) => {
      const { statsCommand } = await import("./stats-command.js");
      done(await statsCommand(command.optsWithGlobals()));
    });
  return root;
}

/** Flags of a question. */
function addQuestionOptions(command: Command): Command {
  return command
    .option("--depth <depth>", "quick, standard or deep")
    .option("--max-sources <n>", "maximum number of distinct sources to read")
    .option(
      "--source <source>",
      "workspace, packages, history, web, google, site:URL or a URL; can be repeated",
      collect,
    )
    .option("--env <environment>", "development, staging or production")
    .option("--plan", "show the plan before anything is spent on it");
}

/** Flags of a run, new or resumed. */
function addRunOptions(command: Command): Command {
  return command
    .option("--max-calls <n>", "maximum number of model calls")
    .option("--max-tokens <n>", "maximum number of input and output tokens")
    .option("--max-usd <amount>", "maximum cost in US dollars")
    .option("--max-minutes <n>", "maximum duration in minutes; the run then ends with the results so far")
    .option("--yes", "skip confirmation prompts; the limits above still apply")
    .option("--no-cache", "do not read from or write to the cache");
}

function addCommonOptions(command: Command): Command {
  return command
    .option("--workspace <dir>", "folder to work in (default: the current folder)")
    .option("--json", "print one JSON object instead of text");
}

function collect(value: string, before: string[] = []): string[] {
  return [...before, value];
}

async function main(): Promise<void> {
  let code: number = EXIT.done;
  let isDone = false;
  process.once("beforeExit", () => {
    // Nothing is left that could end the command: without this, it would pass for done.
    if (isDone) return;
    process.exitCode = EXIT.failed;
    process.stderr.write("Something went wrong: the command stopped before it was done.\n");
  });
  const isJson = process.argv.includes("--json");
  exitOnSignalsAsFirstProcess();
  ignoreClosedOutput(isJson);
  try {
    await program((result) => (code = result)).parseAsync(process.argv);
  } catch (error) {
    if (error instanceof CommanderError) code = error.exitCode === 0 ? EXIT.done : EXIT.usage;
    else code = reportError(error, isJson);
  }
  isDone = true;
  process.exitCode = exitCodeAfterSignal(code);
}

void main();
