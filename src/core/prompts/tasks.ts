import { extractTask } from "./extract.js";
import { outlineTask } from "./outline.js";
import { planTask } from "./plan.js";
import type { ZodType } from "zod";
import type { Task } from "./task.js";
import { verifyTask } from "./verify.js";
import { concludeTask, rewriteTask, writeTask } from "./write.js";

/** Everything that a model is ever asked, by name. */
export const TASKS = {
  plan: planTask,
  extract: extractTask,
  outline: outlineTask,
  write: writeTask,
  rewrite: rewriteTask,
  verify: verifyTask,
  conclude: concludeTask,
};

export type TaskName = keyof typeof TASKS;
export type TaskInput<N extends TaskName> = (typeof TASKS)[N] extends Task<infer In, unknown> ? In : never;
export type TaskOutput<N extends TaskName> = (typeof TASKS)[N] extends { output: ZodType<infer Out> }
  ? Out
  : never;
