import assert from "node:assert/strict";
import { isWholeSentence } from "../../../../src/models/offline/whole-sentence.js";

describe("a sentence that stands by itself", () => {
  it("ends, closes what it opens, and says something", () => {
    for (const text of [
      "The kettle switches off after ten minutes.",
      "`boilTime` is the number of minutes (3 by default).",
      "npm installs the kettle in one step.",
      "Das Wasser ist nach drei Minuten heiß.",
      "水は三分で沸く。",
    ])
      assert.ok(isWholeSentence(text), text);
  });

  it("is neither torn nor a bare address, nor does it need what stands around it", () => {
    for (const text of [
      "Set the time as follows:",
      "Note that.",
      "Refs: https://kettle.example/docs#time.",
      "`lid` - The state of the lid (only when.",
      "of the kettle is open for a moment.",
      "The time is read from the file or.",
      "So how long does the kettle boil?",
      "Another example, again for the small kettle.",
      "The tea maker does the same thing in less time.",
      "The lid opens, as shown below.",
    ])
      assert.ok(!isWholeSentence(text), text);
  });
});
