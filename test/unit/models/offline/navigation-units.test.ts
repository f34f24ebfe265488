import assert from "node:assert/strict";
import { findNavigationUnits } from "../../../../src/models/offline/navigation-units.js";
import { splitQuotableUnits } from "../../../../src/models/offline/quotable-units.js";

function quotesOfNavigation(text: string, headings: string[]): string[] {
  const units = splitQuotableUnits({ heading: "Kettle", text }, 0, "markdown");
  return [...findNavigationUnits(units, headings)].map(({ quote }) => quote);
}

describe("navigation in a text", () => {
  it("is a list whose items are headings of the source", () => {
    const text =
      "- Filling the kettle\n- Boiling the water\n- Cleaning the lid\n- Frequent questions here\n\nThe kettle boils water in three minutes.";
    assert.equal(quotesOfNavigation(text, ["Filling the kettle", "2.1. Boiling the water"]).length, 4);
  });

  it("is a bar that leads to other pages", () => {
    assert.equal(
      quotesOfNavigation("| << 7. Lids of the kettle | Up | 9. Cables of the kettle >> |", []).length,
      1,
    );
  });

  it("is not a list that says something", () => {
    const text =
      "- Filling the kettle takes a minute.\n- Boiling water takes three.\n- Cleaning the lid takes two.\n- Nothing else takes time.";
    assert.deepEqual(quotesOfNavigation(text, ["Filling the kettle", "Boiling water", "Lids"]), []);
  });
});
