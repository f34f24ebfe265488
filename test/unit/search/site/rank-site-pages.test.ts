import assert from "node:assert/strict";
import { indexSitePages } from "../../../../src/search/site/rank-site-pages.js";
import { passagesOfList, passagesOfReading } from "../../../../src/search/site/site-passages.js";

const SITE = "https://docs.example/";
const urls = async (
  pages: Parameters<typeof passagesOfList>[0],
  terms: string,
  limit = 10,
): Promise<string[]> =>
  (await indexSitePages(passagesOfList(pages)).rank(terms, limit)).map(({ place }) =>
    place.kind === "page" ? place.url : "",
  );

describe("the pages of a site", () => {
  it("are ranked by their best sections, and hit at their anchors", async () => {
    const pages = [
      { url: `${SITE}tides`, title: "Tides", text: "The tide table hangs at the gate of the harbour." },
      { url: `${SITE}mud`, title: "Mud", text: "" },
      { url: `${SITE}mud#spring`, title: "In spring", text: "The harbour is dredged with twelve buckets." },
      { url: `${SITE}mud#autumn`, title: "In autumn", text: "Nothing happens." },
    ];
    assert.deepEqual(await urls(pages, "dredged buckets harbour"), [`${SITE}mud#spring`, `${SITE}tides`]);
    assert.deepEqual(await urls(pages, "dredged buckets harbour", 1), [`${SITE}mud#spring`]);
  });

  it("are found by the words of their addresses, whatever is wrong with their encoding", async () => {
    const pages = [
      { url: `${SITE}guide/dredge-buckets`, title: "", text: "" },
      { url: `${SITE}%E0%A4%A/tides`, title: "", text: "" },
    ];
    assert.deepEqual(await urls(pages, "buckets"), [`${SITE}guide/dredge-buckets`]);
    assert.deepEqual(await urls(pages, "tides"), [`${SITE}%E0%A4%A/tides`]);
  });

  it("count more where the best page names them by their title", async () => {
    const page = (name: string, title: string, text: string) =>
      passagesOfReading(`${SITE}${name}`, { title, text });
    const passages = [
      ...page(
        "start",
        "Start",
        "How dredging begins: harbour dredging needs what the Mud Barge Manual says.",
      ),
      ...page("a", "Aside", "Dredging of a harbour is dear."),
      ...page("z", "Mud Barge Manual", "Twelve buckets, for dredging."),
    ];
    const hits = await indexSitePages(passages).rank("harbour dredging begins", 10);
    assert.deepEqual(
      hits.map(({ title }) => title),
      ["Start", "Mud Barge Manual", "Aside"],
    );
  });
});
