import { element } from "./elements.js";

/** A line of short facts, such as a date and a cost. It breaks between facts where there is room for each. */
export function makeFactLine(facts: string[], className: string): HTMLElement {
  const spans = facts
    .filter((fact) => fact !== "")
    .map((fact) => element("span", { class: "fact", text: fact }));
  return element(
    "p",
    { class: className },
    ...spans.flatMap((span, index) => (index === 0 ? [span] : [" · ", span])),
  );
}

/** Whether a title says no more than a question: letter case and the sign at the end do not count. */
export function isSameQuestion(title: string, question: string): boolean {
  const plain = (text: string): string =>
    text
      .trim()
      .replace(/[?.!]$/, "")
      .toLowerCase();
  return plain(title) === plain(question);
}
