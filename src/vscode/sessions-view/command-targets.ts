import * as vscode from "vscode";
import * as z from "zod";

/*
 * Determines the sessions a command applies to: nodes of the view, or what a keyboard shortcut, a link or a
 * test passes.
 */

export interface ChosenSession {
  id: string;
  /** Absent if only the id was given. */
  folder?: vscode.WorkspaceFolder;
}

const Folder = z.object({
  uri: z.custom<vscode.Uri>((given) => given instanceof vscode.Uri),
  name: z.string(),
  index: z.number(),
});
const InView = z.object({ kind: z.literal("session"), id: z.string(), folder: Folder });
const Argument = z.union([
  z.string().transform((id): ChosenSession => ({ id })),
  InView.transform(({ id, folder }): ChosenSession => ({ id, folder })),
  z.object({ session: InView }).transform(({ session: { id, folder } }): ChosenSession => ({ id, folder })),
  z.object({ session: z.string() }).transform(({ session }): ChosenSession => ({ id: session })),
]);

/**
 * The sessions that a command was called with: the clicked node, or all selected nodes.
 * @param argument the first argument: a node, an id, or `{ session: ID }`
 * @param selected the second argument, which VS Code passes if several nodes are selected
 */
export function chosenSessions(argument: unknown, selected?: unknown): ChosenSession[] {
  const all = z.array(Argument).safeParse(selected);
  const one = Argument.safeParse(argument);
  const chosen = all.success && all.data.length > 0 ? all.data : one.success ? [one.data] : [];
  const seen = new Set<string>();
  return chosen.filter(({ id, folder }) => {
    const key = `${folder?.uri.toString() ?? ""} ${id}`;
    return !seen.has(key) && seen.add(key);
  });
}

/** The single session that a command was called with. */
export function chosenSession(argument: unknown): ChosenSession | undefined {
  return chosenSessions(argument)[0];
}
