// What is wrong with the layout of a page, as a person would see it.

/**
 * Looks at a whole page: nothing scrolls sideways, nothing lies on top of something else, and every control can be reached.
 * @param {import("playwright-core").Frame} frame
 * @returns {Promise<string[]>} what is wrong, a line each
 */
export function findLayoutProblems(frame) {
  return frame.evaluate(() => {
    // Boxes of letters touch; they overlap where they share more than this, in pixels.
    const TOLERANCE = 2;
    const CONTROLS = "button, a[href], summary, input, textarea";
    const root = document.documentElement;
    const problems = [];
    window.scrollTo(0, 0);
    if (root.scrollWidth > root.clientWidth)
      problems.push(`The page is ${root.scrollWidth} px wide in a window of ${root.clientWidth} px.`);

    const isShown = (element) => element.checkVisibility({ visibilityProperty: true });
    /** The part of a box that a scrolling parent shows. */
    const shownPart = (rect, element) => {
      const scroller = element.closest("pre, .table, .card-quote, nav")?.getBoundingClientRect();
      if (scroller === undefined) return rect;
      const left = Math.max(rect.left, scroller.left);
      const top = Math.max(rect.top, scroller.top);
      const right = Math.min(rect.right, scroller.right);
      const bottom = Math.min(rect.bottom, scroller.bottom);
      return { left, top, right, bottom };
    };
    const name = (element) =>
      `<${element.tagName.toLowerCase()} class="${element.className}"> “${(element.textContent || element.id).trim().slice(0, 40)}”`;
    const boxes = [];
    const walker = document.createTreeWalker(document.getElementById("view"), window.NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
      const { currentNode: text } = walker;
      const element = text.parentElement;
      if (text.data.trim() === "" || !isShown(element) || element.closest(".unseen") !== null) continue;
      const range = document.createRange();
      range.selectNodeContents(text);
      for (const rect of range.getClientRects())
        boxes.push({ element, ...shownPart(rect.toJSON(), element) });
    }
    const controls = [...document.querySelectorAll(CONTROLS)].filter(isShown);
    for (const element of controls)
      for (const rect of element.getClientRects())
        boxes.push({ element, ...shownPart(rect.toJSON(), element) });
    for (const [index, a] of boxes.entries()) {
      if (a.right - a.left < 1) continue;
      if (a.left < -TOLERANCE || a.right > root.clientWidth + TOLERANCE)
        problems.push(`${name(a.element)} reaches out of the page: ${a.left} to ${a.right}.`);
      for (const b of boxes.slice(index + 1)) {
        const width = Math.min(a.right, b.right) - Math.max(a.left, b.left);
        const height = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
        if (width <= TOLERANCE || height <= TOLERANCE) continue;
        if (a.element.contains(b.element) || b.element.contains(a.element)) continue;
        problems.push(`${name(a.element)} and ${name(b.element)} overlap.`);
      }
    }
    for (const element of controls) {
      element.scrollIntoView({ block: "center", behavior: "instant" });
      const [rect] = element.getClientRects();
      const hit = document.elementFromPoint((rect.left + rect.right) / 2, (rect.top + rect.bottom) / 2);
      if (hit === null || !element.contains(hit))
        problems.push(
          `${name(element)} cannot be clicked: ${hit === null ? "it is out of sight" : `${name(hit)} is in front of it`}.`,
        );
      if (element.tabIndex < 0) problems.push(`${name(element)} cannot be reached by keys.`);
    }
    window.scrollTo(0, 0);
    return [...new Set(problems)];
  });
}
