/* What screen readers read aloud by themselves: the live region of the page. */

/** Milliseconds for which an announcement is shown. */
const SHOWN_MS = 6000;

const region = document.getElementById("announcement");
let hiding: ReturnType<typeof setTimeout> | undefined;

/**
 * Says something, and takes it away after a while.
 * @param isShown whether it is to be seen as well: not if the page shows it anyway
 */
export function announce(words: string, isShown: boolean): void {
  if (region === null) return;
  region.className = isShown ? "" : "unseen";
  region.textContent = words;
  clearTimeout(hiding);
  hiding = setTimeout(() => (region.textContent = ""), SHOWN_MS);
}
