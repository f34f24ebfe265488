import { element } from "./elements.js";
import { text } from "./host.js";

/** What can be tried where no answer was found. */
export function makeTries(): HTMLElement[] {
  const items = (["tryOtherWords", "tryMoreSources", "tryNarrower"] as const).map((name) =>
    element("li", { text: text(name) }),
  );
  return [element("p", { text: text("whatToTry") }), element("ul", {}, ...items)];
}
