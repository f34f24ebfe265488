import { access, constants, stat } from "node:fs/promises";
import path from "node:path";
import type { House } from "./house.js";
import { openGemini } from "../models/gemini.js";
import { redact } from "../monitoring/redact.js";
import { asResearchError, ResearchError } from "../research/errors.js";
import { listFiles } from "../sources/workspace/files.js";
import { openSearxng } from "../sources/web/searxng.js";

export interface Health {
  ok: boolean;
  checks: { name: string; ok: boolean; detail: string }[];
}

/**
 * Checks what a run needs. Sends nothing but, where there is a key, one free request to Gemini, and where
 * there is a SearXNG server one search for “test”.
 * @param house what the door opened, or why it could not
 */
export async function checkHealth(house: House | ResearchError, signal: AbortSignal): Promise<Health> {
  const checks: Health["checks"] = [];
  const check = async (name: string, work: () => Promise<string>): Promise<void> => {
    const key = house instanceof ResearchError ? null : house.key;
    try {
      checks.push({ name, ok: true, detail: redact(await work(), key) });
    } catch (error) {
      checks.push({ name, ok: false, detail: redact(asResearchError(error, "unreadable", name).line, key) });
    }
  };
  await check("node", () => Promise.resolve(process.version));
  await check("settings", () =>
    house instanceof ResearchError
      ? Promise.reject(house)
      : Promise.resolve(`${house.settings.environment}, depth ${house.settings.depth}`),
  );
  if (!(house instanceof ResearchError)) {
    const { workspace, settings, key, baseUrl } = house;
    await check("sessions folder", () => writable(settings.sessionStoragePath));
    await check("reports folder", () => writable(settings.reportOutputPath));
    await check("workspace", async () => {
      const { sessionStoragePath, reportOutputPath } = settings;
      const files = await listFiles(workspace, [sessionStoragePath, reportOutputPath], signal);
      return `${files.length} files can be researched`;
    });
    await check("engine", async () => {
      if (key === null) return "offline: no key is set, so the workspace and named pages can be researched";
      await openGemini({ key, ...(baseUrl === null ? {} : { baseUrl }), notice: () => undefined }).tryKey(
        signal,
      );
      return "gemini: the key works";
    });
    if (settings.searxngUrl !== "") {
      await check("web search", async () => {
        const question = { id: "q0", question: "test", query: "test" };
        const { value } = await openSearxng(settings.searxngUrl).search(question, 10, signal);
        return `SearXNG at ${new URL(settings.searxngUrl).host} answers, with ${value.hits.length} pages for “test”`;
      });
    }
  }
  return { ok: checks.every(({ ok }) => ok), checks };
}

/** The folder, or the nearest one above it that exists, can be written to. */
async function writable(folder: string): Promise<string> {
  let existing = folder;
  while ((await stat(existing).catch(() => null)) === null && path.dirname(existing) !== existing) {
    existing = path.dirname(existing);
  }
  try {
    await access(existing, constants.W_OK);
  } catch (error) {
    throw new ResearchError(
      "cannot-write",
      `${existing} cannot be written to.`,
      "Make it writable or set another folder.",
      {
        cause: error,
      },
    );
  }
  return existing === folder ? `${folder} can be written to` : `${folder} can be made`;
}
