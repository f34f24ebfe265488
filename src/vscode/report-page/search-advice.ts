import { element } from "./elements.js";
import { viewText } from "./host.js";

/** What can be tried where no answer was found. */
export function makeSearchAdvice(): HTMLElement[] {
  const items = (["tryOtherWords", "tryMoreSources", "tryNarrower"] as const).map((name) =>
    element("li", { text: viewText(name) }),
  );
  return [element("p", { text: viewText("whatToTry") }), element("ul", {}, ...items)];
}
