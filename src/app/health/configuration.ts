import { localizeMessage } from "../../common/messages.js";
import path from "node:path";
import { parseEnv } from "node:util";
import { readGitState } from "../../common/git-state.js";
import { readDotEnv } from "../../config/environment.js";
import { YAML_FILE, type InspectedSettings } from "../../config/load-settings.js";
import { createCheck, type HealthCheck, type HealthContext } from "./check.js";

/* What was set, and where; and a key that lies where others may find it. */

/** One check for what is set, and one for each value that is wrong. */
export function checkSettings(on: HealthContext, { set, problems }: InspectedSettings): HealthCheck[] {
  const { l10n, situation } = on;
  const title = l10n.t("Settings");
  const wrong = [...situation.problems, ...problems].map(({ message, what, remedy }) =>
    createCheck(on, "settings", title, {
      state: "failed",
      detail: localizeMessage(what, l10n),
      remedy: localizeMessage(remedy, l10n) || l10n.t("Correct it, or remove it to use the default."),
      helps: message.includes(YAML_FILE) ? "settings-file" : "settings",
    }),
  );
  if (wrong.length > 0) return wrong;
  const places = set.map(({ where }) => where).join(", ");
  const detail =
    set.length === 0
      ? l10n.t("All settings have their default values.")
      : l10n.t("Changed: {0}. All other settings have their defaults.", places);
  return [createCheck(on, "settings", title, { detail })];
}

/** Whether git shares a key with everyone who has the repository. */
export async function checkGit(on: HealthContext): Promise<HealthCheck[]> {
  const { l10n, situation, signal } = on;
  // In a folder that nobody trusts, git is not run.
  if (situation.workspace === null || !situation.trusted) return [];
  const title = l10n.t("Key and git");
  const file = path.join(situation.workspace, ".env");
  const text = await readDotEnv(situation.workspace).catch(() => "");
  const safe = createCheck(on, "git", title, { detail: l10n.t("No key is in a file that git would share.") });
  if ((parseEnv(text)["GEMINI_API_KEY"] ?? "").trim() === "") return [safe];
  const state = await readGitState(file, signal);
  if (state === "tracked") {
    return [
      createCheck(on, "git", title, {
        state: "failed",
        detail: l10n.t("git tracks .env, so the key in it is shared with everyone who has the repository."),
        remedy: l10n.t("Run “git rm --cached .env”, add .env to .gitignore, and use a new key."),
      }),
    ];
  }
  if (state === "unknown") {
    return [
      createCheck(on, "git", title, {
        state: "warning",
        detail: l10n.t("git could not determine whether .env, which holds the key, is tracked."),
        remedy: l10n.t("Run “git ls-files .env” there to see what keeps git from answering."),
      }),
    ];
  }
  if (state === "untracked") {
    return [
      createCheck(on, "git", title, {
        state: "warning",
        detail: l10n.t("git does not ignore .env: the next “git add .” would include the key."),
        remedy: l10n.t("Add .env to .gitignore."),
      }),
    ];
  }
  return [safe];
}
