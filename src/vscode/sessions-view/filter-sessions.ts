import * as vscode from "vscode";
import * as z from "zod";
import { NO_FILTER, STATES, type SessionFilter, type SessionState } from "./group-sessions.js";
import { describeState } from "../l10n/session-words.js";
import type { SessionsView } from "./sessions-view.js";

/** What a keyboard shortcut or a test passes instead of choosing. */
const Argument = z.object({ text: z.string().default(""), states: z.array(z.enum(STATES)).default([]) });

/** Milliseconds after the last keystroke until the view is updated. */
const DEBOUNCE = 150;

/**
 * Asks which sessions to show: by state, and by words in the question or name. The view is updated while the
 * user types; Escape restores the previous filter.
 */
export async function filterSessions(view: SessionsView, argument: unknown): Promise<void> {
  const given = Argument.safeParse(argument);
  if (given.success) return view.setFilter(given.data);
  const before = view.filter();
  const chosen = await askForFilter(before, (filter) => void view.setFilter(filter));
  await view.setFilter(chosen ?? before);
}

export async function clearFilter(view: SessionsView): Promise<void> {
  await view.setFilter(NO_FILTER);
}

function askForFilter(
  before: SessionFilter,
  follow: (filter: SessionFilter) => void,
): Promise<SessionFilter | undefined> {
  const pick = vscode.window.createQuickPick<vscode.QuickPickItem & { state: SessionState }>();
  pick.title = vscode.l10n.t("Deep Research: Filter Sessions");
  pick.placeholder = vscode.l10n.t("Words from the question or name; select states to show only those");
  pick.canSelectMany = true;
  pick.items = STATES.map((state) => ({ label: describeState(state), state, alwaysShow: true }));
  pick.selectedItems = pick.items.filter(({ state }) => before.states.includes(state));
  pick.value = before.text;
  const now = (): SessionFilter => ({
    text: pick.value.trim(),
    states: pick.selectedItems.map(({ state }) => state),
  });
  return new Promise((resolve) => {
    let due: NodeJS.Timeout | undefined;
    const later = (): void => {
      clearTimeout(due);
      due = setTimeout(() => follow(now()), DEBOUNCE);
    };
    pick.onDidChangeValue(later);
    pick.onDidChangeSelection(later);
    pick.onDidAccept(() => {
      resolve(now());
      pick.hide();
    });
    pick.onDidHide(() => {
      clearTimeout(due);
      resolve(undefined);
      pick.dispose();
    });
    pick.show();
  });
}
