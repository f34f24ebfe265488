import type { Memento } from "vscode";

const NAME = "deepResearch.githubSignInOffered";

/** What decides whether a sign-in at GitHub is offered, and what it takes. */
export interface GithubSignInOffer {
  /** Whether a token would help. */
  isWanted: boolean;
  /** Holds across windows and workspaces of this user. */
  memory: Pick<Memento, "get" | "update">;
  /** Asks with a button. @returns whether it was pressed */
  ask: () => PromiseLike<boolean>;
  /** Signs in; VS Code asks the user for consent itself. */
  signIn: () => Promise<void>;
}

/**
 * Offers once to sign in at GitHub, where its limit is low or reached. Nothing asks VS Code for a session before the
 * button is pressed.
 */
export async function offerGithubSignIn(offer: GithubSignInOffer): Promise<void> {
  if (!offer.isWanted || offer.memory.get(NAME) === true) return;
  // Remembered first: two runs that end at the same time ask once.
  await offer.memory.update(NAME, true);
  if (await offer.ask()) await offer.signIn();
}
