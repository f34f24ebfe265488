import assert from "node:assert/strict";
import { findAbsentWords } from "../../../../src/models/offline/absent-words.js";
import { openOffline } from "../../../../src/models/offline/offline-provider.js";
import { quoteToSentences, quoteToPlainText } from "../../../../src/models/offline/plain-text.js";
import { splitQuotableUnits } from "../../../../src/models/offline/quotable-units.js";
import { questionToTitle } from "../../../../src/models/offline/titles.js";
import type { SourceKind } from "../../../../src/core/domain/schema.js";
import type { TaskInput, TaskName, TaskOutput } from "../../../../src/core/prompts/tasks.js";

const model = openOffline();

async function answer<N extends TaskName>(task: N, input: TaskInput<N>): Promise<TaskOutput<N>> {
  return (await model.answer(task, input, new AbortController().signal)).value;
}

function quoteOf(claim: TaskOutput<"extract">["claims"][number]): string {
  assert.ok("quote" in claim, "the offline engine gives the words themselves");
  return claim.quote;
}

describe("offline engine", () => {
  it("titles a question without its grammar", () => {
    assert.equal(questionToTitle("How do I define a required option?"), "How to define a required option");
    assert.equal(questionToTitle("How does the parser handle errors?"), "How the parser handles errors");
    assert.equal(
      questionToTitle("Why does the limiter not use a queue?"),
      "Why the limiter does not use a queue",
    );
    assert.equal(questionToTitle("What is the default port?"), "Default port");
    assert.equal(questionToTitle("Why not?"), "Why not");
  });

  it("leaves a simple question whole and takes a comparison apart", async () => {
    const simple = await answer("plan", { question: "How do I set a timeout?", questions: 5, scope: [] });
    assert.equal(simple.kind, "howto");
    assert.equal(simple.questions.length, 1);
    const two = await answer("plan", {
      question: "What is the difference between Breaks and Conflicts?",
      questions: 5,
      scope: [],
    });
    assert.equal(two.kind, "comparison");
    assert.deepEqual(
      two.questions.map(({ query }) => query.split(" ")[0]),
      ["Breaks", "Conflicts"],
    );
  });

  it("sends an error message to questions and issues, and a reason to the history, where those are there", async () => {
    const kinds: SourceKind[] = [
      "workspace",
      "history",
      "web",
      "questions",
      "issues",
      "reference",
      "encyclopedia",
    ];
    const sources = async (question: string, given = kinds): Promise<string[] | undefined> =>
      (await answer("plan", { question, questions: 1, scope: [], kinds: given })).questions[0]?.sources;
    for (const question of [
      "What does ECONNREFUSED mean?",
      "How to fix TypeError: x is not a function?",
      "What is TS2322?",
    ]) {
      assert.deepEqual(await sources(question), ["workspace", "web", "questions", "issues"], question);
    }
    assert.deepEqual(await sources("Why does the limiter not use p-queue?"), [
      "workspace",
      "history",
      "issues",
    ]);
    for (const question of ["How do I set a timeout?", "What does the parser do with every entry?"]) {
      assert.equal(await sources(question), undefined, question);
    }
    assert.equal(await sources("What does ECONNREFUSED mean?", ["workspace", "history"]), undefined);
  });

  it("quotes to the letter and claims in plain words", async () => {
    const text =
      "[![ci](x.svg)](y)\n\nA **required** option is made with [`requiredOption()`](#ro). It must have a value.\n\nCopyright (c) 2020 Somebody, all rights reserved.";
    const { claims } = await answer("extract", {
      questions: [{ id: "q0", question: "How do I make a required option?" }],
      title: "Options",
      passages: [{ heading: "Options", text }],
      format: "markdown",
      missed: [],
    });
    assert.ok(claims.every((claim) => text.includes(quoteOf(claim))));
    assert.equal(claims[0]?.claim, "A required option is made with `requiredOption()`.");
    assert.ok(claims.every((claim) => !/Copyright|svg/.test(quoteOf(claim))));
  });

  it("shows where two sources disagree, word for word, and passes its own check", async () => {
    const evidence = [
      ["e1", "The default timeout of a request is 30 seconds.", "A"],
      ["e2", "The default timeout of a request is 60 seconds.", "B"],
      ["e3", "A failed request is not sent again by the client.", "A"],
      ["e4", "A failed request is sent again by the client.", "B"],
      ["e5", "In 2019 the client sent 5 million requests.", "A"],
      ["e6", "In 2020 the client sent 7 million requests.", "B"],
      ["e7", "The default timeout of a request is 90 seconds.", "A"],
    ].map(([id = "", quote = "", source = ""]) => ({ id, quote, claim: quote, source }));
    const { disagreements } = await answer("conclude", {
      question: "What is the default timeout of a request?",
      kind: "lookup",
      cover: [],
      sections: [
        {
          heading: "Timeouts",
          sentences: evidence.map(({ id, quote }) => ({ text: quote, evidence: [id] })),
        },
      ],
      evidence,
      gaps: [],
    });
    // Told once a pair of sources, and not where two figures differ: those are two things.
    assert.deepEqual(
      disagreements.map(({ evidence: ids }) => ids),
      [
        ["e1", "e2"],
        ["e3", "e4"],
      ],
    );
    assert.equal(
      disagreements[0]?.text,
      "“The default timeout of a request is 30 seconds”, but “The default timeout of a request is 60 seconds”.",
    );
    const { verdicts } = await answer("verify", {
      claims: disagreements.map(({ text, evidence: ids }, index) => ({
        index,
        text,
        evidence: evidence.filter(({ id }) => ids.includes(id)),
      })),
    });
    assert.ok(verdicts.every(({ verdict }) => verdict === "supported"));
  });

  it("writes each thing once, citing what shows it", async () => {
    const quote = "The cache is cleared after an hour.";
    const draft = await answer("write", {
      question: "When is the cache cleared?",
      kind: "lookup",
      heading: "Cache",
      others: [],
      evidence: [
        { id: "e1", quote, claim: quote, source: "A" },
        { id: "e2", quote: `- ${quote}`, claim: quote, source: "B" },
      ],
    });
    assert.deepEqual(draft.paragraphs, [{ sentences: [{ text: quote, evidence: ["e1", "e2"] }] }]);
  });

  it("does not say what leads to a block that is not there, and joins a line that the quote begins within", async () => {
    const draft = await answer("write", {
      question: "How do I boil water?",
      kind: "howto",
      heading: "Boiling",
      others: [],
      evidence: [
        ["e1", "Note that\nKettle 2 boils the water twice."],
        ["e2", "A loop of boiling looks like this:"],
      ].map(([id = "", quote = ""]) => ({ id, quote, claim: quote, source: "A" })),
    });
    assert.deepEqual(draft.paragraphs, [
      { sentences: [{ text: "Note that Kettle 2 boils the water twice.", evidence: ["e1"] }] },
    ]);
  });

  it("calls supported only what its quotes hold", async () => {
    const evidence = [
      { id: "e1", quote: "The limit is 5 requests and cannot be raised.", claim: "", source: "" },
    ];
    const texts = [
      "The limit is 5 requests and cannot be raised.",
      "The limit is 6 requests.",
      "The limit can be raised.",
      "Bananas are yellow fruit.",
    ];
    const { verdicts } = await answer("verify", {
      claims: texts.map((text, index) => ({ index, text, evidence })),
    });
    assert.deepEqual(
      verdicts.map(({ verdict }) => verdict),
      ["supported", "unsupported", "contradicted", "unsupported"],
    );
  });

  it("searches on for a name that the evidence brings up", async () => {
    const { gaps } = await answer("outline", {
      question: "Where does the team that Kent Baer coaches play?",
      kind: "lookup",
      questions: [],
      cover: [],
      evidence: [
        {
          id: "e1",
          claim: "Kent Baer is the coach of the UNLV Rebels.",
          source: "Kent Baer",
          heading: "",
          questions: ["q0"],
        },
      ],
      mayAsk: true,
    });
    assert.match(gaps[0]?.query ?? "", /^UNLV Rebels .*play/);
  });

  it("gives the same answer twice and stops when it is cancelled", async () => {
    const input = { question: "Which of A Company and B Company is older?", questions: 5, scope: [] };
    assert.deepEqual(await answer("plan", input), await answer("plan", input));
    await assert.rejects(model.answer("plan", input, AbortSignal.abort()), { name: "AbortError" });
  });
});

describe("the offline engine's answers", () => {
  const engine = openOffline();
  const never = (): AbortSignal => new AbortController().signal;
  const text = [
    "You can turn rendering off with the `ssr` option:",
    "",
    "```js",
    "// page.js",
    "",
    "export const ssr = false;",
    "```",
    "",
    "The page is then an empty shell.",
  ].join("\n");
  const question = "How do I turn off rendering with ssr?";

  it("quotes a block of code whole, without its fence", async () => {
    const { value } = await engine.answer(
      "extract",
      {
        questions: [{ id: "q0", question }],
        title: "Page options",
        format: "markdown",
        passages: [{ heading: "ssr", text }],
        missed: [],
      },
      never(),
    );
    assert.deepEqual(value.claims.map(quoteOf), [
      "You can turn rendering off with the `ssr` option:",
      "// page.js\n\nexport const ssr = false;",
      "The page is then an empty shell.",
    ]);
  });

  it("quotes what a page shows twice, for wide and for narrow windows, once", async () => {
    const copy = text.replace("```js", "```js title=page.js");
    const { value } = await engine.answer(
      "extract",
      {
        questions: [{ id: "q0", question }],
        title: "Page options",
        format: "markdown",
        passages: [
          { heading: "ssr", text },
          { heading: "ssr", text: copy },
        ],
        missed: [],
      },
      never(),
    );
    assert.equal(value.claims.length, 3);
  });

  it("shows the code of a how-to as a block, between the sentences around it", async () => {
    const quotes = [
      ["e1", "You can turn rendering off with the `ssr` option:"],
      ["e2", "export const ssr = false;"],
      ["e3", "The page is then an empty shell."],
    ].map(([id = "", quote = ""]) => ({
      id,
      quote,
      claim: id === "e2" ? "``` export const ssr = false; ```" : quote,
      source: "Page options",
    }));
    const { value } = await engine.answer(
      "write",
      { question, kind: "howto", heading: "ssr", others: [], evidence: quotes },
      never(),
    );
    assert.deepEqual(value.paragraphs, [
      { sentences: [{ text: "You can turn rendering off with the `ssr` option:", evidence: ["e1"] }] },
      { sentences: [{ text: "", evidence: ["e2"], asBlock: true }] },
      { sentences: [{ text: "The page is then an empty shell.", evidence: ["e3"] }] },
    ]);
  });

  it("answers from the section that its heading names, before pages that share words", async () => {
    const evidence = [
      [
        "e1",
        "Hooks",
        "handle",
        "The handle hook runs for each request and may return any page of the server.",
      ],
      ["e2", "Hooks", "handle", "A page of the server is rendered once."],
      ["e3", "Page options", "ssr", "If ssr is false, the server renders an empty shell."],
      ["e4", "Page options", "ssr", "``` export const ssr = false; ```"],
      ["e5", "Changelog", "2.0", "The ssr page option of the server was renamed in this release."],
    ].map(([id = "", source = "", heading = "", claim = ""]) => ({
      id,
      source,
      heading,
      claim,
      questions: ["q0"],
    }));
    const { value } = await engine.answer(
      "outline",
      {
        question: "How do I disable ssr for a page?",
        kind: "howto",
        questions: [],
        cover: [],
        evidence,
        mayAsk: false,
      },
      never(),
    );
    assert.deepEqual(value.sections[0], { heading: "ssr", evidence: ["e3", "e4"] });
  });

  it("says in the summary what leads the best section, and both sides of a comparison", async () => {
    const sides = [
      { heading: "RDB", sentences: [{ text: "RDB is a compact snapshot of the data.", evidence: ["e1"] }] },
      { heading: "AOF", sentences: [{ text: "AOF is a log of every write.", evidence: ["e2"] }] },
    ];
    const { value } = await engine.answer(
      "conclude",
      {
        question: "What is the difference between RDB and AOF?",
        kind: "comparison",
        cover: ["RDB", "AOF"],
        sections: sides,
        evidence: [],
        gaps: [],
      },
      never(),
    );
    assert.deepEqual(
      value.summary,
      sides.flatMap(({ sentences }) => sentences),
    );
  });
});

describe("the offline engine on tables, values and names", () => {
  const quotesOf = async (question: string, heading: string, text: string): Promise<string[]> => {
    const { claims } = await answer("extract", {
      questions: [{ id: "q0", question }],
      title: "Plans",
      passages: [{ heading, text }],
      format: "markdown",
      missed: [],
    });
    return claims.map(quoteOf);
  };
  const head = "| Plan | Price |\n| --- | --- |";

  it("quotes the rows of a short table together, and of a long one the row that answers", async () => {
    const short = "| Plan: Basic | Price: $5 |\n| Plan: Team | Price: $20 |";
    const text = `These are the prices.\n\n${head}\n${short}`;
    assert.deepEqual(await quotesOf("What is the price of Team?", "Prices", text), [
      "These are the prices.",
      short,
    ]);
    const rows = Array.from({ length: 60 }, (_, n) => `| Plan: number ${n} | Price: $${n * 7} |`);
    const long = await quotesOf("What is the price of number 42?", "Prices", [head, ...rows].join("\n"));
    assert.ok(long.includes("| Plan: number 42 | Price: $294 |"));
    assert.ok(long.every((quote) => /^\| Plan: .* \|$/.test(quote)));
  });

  it("takes bars in a fence for no table", async () => {
    const fenced =
      "The table is written so:\n\n```text\n| Plan | Price |\n| --- | --- |\n| Basic | $5 |\n```";
    const quotes = await quotesOf("How is the price table written?", "Prices", fenced);
    assert.ok(quotes.includes("| Plan | Price |\n| --- | --- |\n| Basic | $5 |"));
  });

  it("shows a row as a block", async () => {
    const row = "| Plan: Team | Price: $20 |";
    const { paragraphs } = await answer("write", {
      ...{ question: "What is the price of Team?", kind: "lookup", heading: "Prices", others: [] },
      evidence: [{ id: "e3", source: "Plans", quote: row, claim: row }],
    });
    assert.deepEqual(paragraphs, [{ sentences: [{ text: "", evidence: ["e3"], asBlock: true }] }]);
  });

  it("quotes a value that stands alone below its heading", async () => {
    assert.deepEqual(await quotesOf("What is the IPv6 range?", "IPv6", "2001:db8::/32"), ["2001:db8::/32"]);
    assert.deepEqual(await quotesOf("What is the IPv6 range?", "IPv6", "Back to top"), []);
  });

  it("names first what has the question's words in its name", async () => {
    const texts = [
      "LIFETIME: The session cookie's session lifetime, after which the cookie of the session ends.",
      "SESSION_COOKIE_NAME: The name to use.",
      "REFRESH: Whether the session's cookie is sent each time a session is used with a cookie.",
    ];
    const { sections } = await answer("outline", {
      question: "Which configuration values control the session cookie?",
      ...{ kind: "lookup", questions: [], cover: [], mayAsk: false },
      evidence: texts.map((claim, at) => ({
        ...{ id: `e${at + 1}`, source: "Configuration", heading: "Values", claim, questions: ["q0"] },
      })),
    });
    assert.ok(sections[0]?.evidence.includes("e2"));
  });

  it("goes on from the section that answers to the source that it names", async () => {
    const pieces = [
      ["Nicolae Titulescu", "Nicolae Titulescu served two terms as president of the League of Nations."],
      ["League of Nations", "The League of Nations was an organization founded on 10 January 1920."],
      ["Presidents", "The presidents of many an organization served terms of a year."],
      ["Founding dates", "A date on which an organization was founded is a holiday in some countries."],
    ];
    const { sections } = await answer("outline", {
      question:
        "The organization that Nicolae Titulescu served two terms as president was founded on what date?",
      ...{ kind: "lookup", questions: [], cover: [], mayAsk: false },
      evidence: pieces.map(([source = "", claim = ""], at) => ({
        ...{ id: `e${at + 1}`, source, heading: source, claim, questions: ["q0"] },
      })),
    });
    assert.deepEqual(
      sections.slice(0, 2).map(({ evidence }) => evidence),
      [["e1"], ["e2"]],
    );
  });
});

describe("plain text of quotes", () => {
  it("drops the marks and keeps the words", () => {
    assert.equal(
      quoteToPlainText("See **the** [guide](https://x.y/z_(a)) for `a * b * c` &amp; _more_<br>"),
      "See the guide for `a * b * c` & more",
    );
    assert.equal(quoteToPlainText("snake_case_name and 2 * 3 * 4"), "snake_case_name and 2 * 3 * 4");
  });

  it("joins an introduction with its list", () => {
    assert.deepEqual(quoteToSentences("There are two:\n\n- one thing\n- another thing"), [
      "There are two: one thing; another thing.",
    ]);
  });
});

describe("the offline engine, on what it does not find", () => {
  const engine = openOffline();
  const never = (): AbortSignal => new AbortController().signal;
  const piece = (id: string, source: string, claim: string) => ({
    id,
    claim,
    source,
    heading: "",
    questions: ["q0"],
  });
  const outlineOf = async (
    question: string,
    evidence = [piece("e1", "Lygodium", "Lygodium is a genus of about 40 species of ferns.")],
  ) =>
    (
      await engine.answer(
        "outline",
        {
          question,
          kind: "lookup",
          questions: [],
          cover: [],
          evidence,
          mayAsk: false,
        },
        never(),
      )
    ).value;

  it("gives no answer about other things of the kind", async () => {
    assert.deepEqual((await outlineOf("Is Huernia described as a genus?")).sections, []);
    assert.equal((await outlineOf("Are Huernia and Lygodium described as a genus?")).sections.length, 1);
  });

  it("names what stands nowhere", async () => {
    const text = "Lygodium is a genus of about 40 species of ferns.";
    const { value } = await engine.answer(
      "conclude",
      {
        question: "Are Huernia and Lygodium described as a genus?",
        kind: "lookup",
        cover: ["What Huernia is", "What Lygodium is"],
        sections: [{ heading: "Lygodium", sentences: [{ text, evidence: ["e1"] }] }],
        evidence: [{ id: "e1", quote: text, claim: text, source: "Lygodium" }],
        gaps: (await outlineOf("Are Huernia and Lygodium described as a genus?")).gaps.map(
          ({ what }) => what,
        ),
      },
      never(),
    );
    assert.deepEqual(value.summary, [{ text, evidence: ["e1"] }]);
    assert.deepEqual(value.limits, [{ text: "Nothing here speaks of Huernia.", evidence: [] }]);
  });

  it("names an absent word in small letters and in other scripts, and gives no other's answer", async () => {
    const fulmar = piece("e1", "Stations", "The fulmar station listens on port 8400.");
    for (const question of ["Which port does kestrel use?", "which port does the kestrel listen on?"]) {
      const { sections, gaps } = await outlineOf(question, [fulmar]);
      assert.deepEqual(sections, [], question);
      assert.deepEqual(
        gaps.map(({ what }) => what),
        ["“kestrel”"],
      );
    }
    const greek = await outlineOf("Ποια θύρα χρησιμοποιεί το γεράκι;", [fulmar]);
    assert.deepEqual(greek.sections, []);
    const known = await outlineOf("Which port does fulmar use?", [fulmar]);
    assert.deepEqual(known.sections[0]?.evidence, ["e1"]);
    assert.deepEqual(known.gaps, []);
  });

  it("takes no word that a question asks with for an absent one, in other languages", () => {
    const asked: [question: string, text: string][] = [
      ["如何安装软件包？", "使用 npm install 安装软件包。"],
      ["Wie kann ich das Paket installieren?", "Das Paket lässt sich mit npm installieren."],
      ["Comment installer le paquet ?", "Il faut installer le paquet avec npm."],
    ];
    for (const [question, text] of asked)
      assert.deepEqual(findAbsentWords(question, [text]).words, [], question);
    assert.deepEqual(findAbsentWords("如何安装数据库？", ["使用 npm install 安装软件包。"]).words, [
      "数据",
      "库",
    ]);
  });

  it("does not call a word absent that stands in a title or in another form", async () => {
    const report = piece("e1", "Boeing annual report", "Revenues were 66 billion dollars in the year.");
    const { sections, gaps } = await outlineOf("What were Boeing's revenues?", [report]);
    assert.equal(sections.length, 1);
    assert.deepEqual(gaps, []);
  });

  it("answers the part of a question that is known, and names the words of the other", async () => {
    const stored = piece("e1", "Sessions", "Sessions are stored in a folder below the workspace.");
    const whatIsOpen = async (question: string): Promise<[number, string[]]> => {
      const { sections, gaps } = await outlineOf(question, [stored]);
      return [sections.length, gaps.map(({ what }) => what)];
    };
    assert.deepEqual(await whatIsOpen("How are sessions stored, and how are they encrypted?"), [
      1,
      ["“encrypted”"],
    ]);
    assert.deepEqual(await whatIsOpen("Where are sessions stored and who designed the logo?"), [
      1,
      ["“designed”", "“logo”"],
    ]);
    // A clause without a subject of its own is about that of the first.
    assert.deepEqual(await whatIsOpen("What is Kubernetes and how is it stored?"), [0, ["“Kubernetes”"]]);
    assert.deepEqual(await whatIsOpen("What is Kubernetes and who designed the logo?"), [
      0,
      ["“Kubernetes”", "“designed”", "“logo”"],
    ]);
  });

  it("leads with the thing, the time and the version asked for, and says where there is none of them", async () => {
    const said = (id: string, source: string, heading: string, claim: string) => ({
      ...piece(id, source, claim),
      heading,
    });
    const all = [
      said(
        "e1",
        "Contoso report 2022",
        "Results",
        "Revenue was 410 million dollars in a year of high costs.",
      ),
      said("e2", "Contoso report 2023", "Results", "Revenue was 455 million dollars."),
      said("e3", "Fabrikam report 2023", "Results", "Revenue was 390 million dollars."),
      said("e4", "Fabrikam report 2023", "Acquisitions", "Fabrikam announced acquisitions and their costs."),
      said("e5", "Contoso report 2023", "Purchases", "Contoso bought Northwind in one of two acquisitions."),
    ];
    const leadOf = async (question: string, evidence = all): Promise<string | undefined> =>
      (await outlineOf(question, evidence)).sections[0]?.evidence[0];
    assert.equal(await leadOf("Has Contoso announced acquisitions?"), "e5");
    assert.equal(await leadOf("What was Contoso's revenue in 2022?"), "e1");
    assert.equal(await leadOf("What was the latest revenue of Contoso?"), "e2");
    assert.equal(await leadOf("What was Fabrikam's revenue?"), "e3");
    const none = await outlineOf("What was Contoso's revenue in 2025?", all);
    assert.deepEqual([none.sections, none.gaps.map(({ what }) => what)], [[], ["“2025”"]]);
    const notes = [
      said("e1", "Kite guide", "Versions", "What changed in a version is in the panel of versions."),
      said("e2", "Changelog", "3.1.0 (2024-06-11)", "Added the flag --watch."),
      said("e3", "Changelog", "2.4.0 (2023-07-15)", "Added the option retries."),
    ];
    assert.equal(await leadOf("What changed in version 2.4?", notes), "e3");
    assert.equal(await leadOf("What is new in the latest version?", notes), "e2");
    const unknown = await outlineOf("What changed in 5.0?", notes.slice(1));
    assert.deepEqual([unknown.sections, unknown.gaps.map(({ what }) => what)], [[], ["“5.0”"]]);
  });

  it("takes figures of other years and organisations for no disagreement", async () => {
    const disagreementsOf = async (sources: [string, string]): Promise<number> => {
      const quotes = [
        "Revenue of the group was 410 million dollars.",
        "Revenue of the group was 455 million dollars.",
      ];
      const { value } = await engine.answer(
        "conclude",
        {
          question: "What was the revenue?",
          kind: "lookup",
          cover: [],
          sections: quotes.map((text, n) => ({
            heading: "",
            sentences: [{ text, evidence: [`e${n}`] }],
          })),
          evidence: quotes.map((quote, n) => ({
            id: `e${n}`,
            quote,
            claim: quote,
            source: sources[n] ?? "",
          })),
          gaps: [],
        },
        never(),
      );
      return value.disagreements.length;
    };
    assert.equal(await disagreementsOf(["Contoso report 2022", "Contoso report 2023"]), 0);
    assert.equal(await disagreementsOf(["Contoso report", "Fabrikam report"]), 0);
    assert.equal(await disagreementsOf(["Kite 2.4 manual", "Kite 3.1 manual"]), 0);
    assert.equal(await disagreementsOf(["Contoso report 2022", "Interview about 2022"]), 1);
  });

  it("names a part whose words stand in no section together", async () => {
    const texts = ["Sessions are kept for 30 days.", "The garden has a pond and a bank."];
    const cover = ["How long sessions are kept", "Which bank pays for the storage of sessions in Frankfurt"];
    const { value } = await engine.answer(
      "conclude",
      {
        question: "How long are sessions kept and which bank pays for the storage of sessions in Frankfurt?",
        kind: "lookup",
        cover,
        sections: texts.map((text, n) => ({
          heading: `Part ${n}`,
          sentences: [{ text, evidence: [`e${n}`] }],
        })),
        evidence: texts.map((text, n) => ({ id: `e${n}`, quote: text, claim: text, source: "Notes" })),
        gaps: [],
      },
      never(),
    );
    assert.deepEqual(
      value.limits.map(({ text }) => text),
      ["Nothing was found about this point: Which bank pays for the storage of sessions in Frankfurt."],
    );
  });

  it("gives no answer to a question without a subject", async () => {
    assert.deepEqual((await outlineOf("How does it work?")).sections, []);
  });
});

describe("the offline engine, in other languages", () => {
  it("finds, quotes and writes sentences without blanks between words", async () => {
    const engine = openOffline();
    const signal = new AbortController().signal;
    const text = "中断されたセッションは、ジャーナルの終わりから再開されます。料金は毎月計算されます。";
    const question = "中断されたセッションはどうなりますか？";
    const { value } = await engine.answer(
      "extract",
      {
        questions: [{ id: "q0", question }],
        title: "再開",
        format: "markdown",
        passages: [{ heading: "", text }],
        missed: [],
      },
      signal,
    );
    assert.equal(
      value.claims.map(quoteOf)[0],
      "中断されたセッションは、ジャーナルの終わりから再開されます。",
    );
    const evidence = value.claims.map((each, index) => ({
      id: `e${index + 1}`,
      quote: quoteOf(each),
      claim: each.claim ?? "",
      source: "再開",
    }));
    const written = await engine.answer(
      "write",
      { question, kind: "lookup", heading: "再開", others: [], evidence },
      signal,
    );
    assert.match(JSON.stringify(written.value), /中断されたセッションは/);
  });

  it("does not take a question's first word for a name", async () => {
    const { value } = await openOffline().answer(
      "conclude",
      {
        question: "Wie wird eine Sitzung fortgesetzt?",
        kind: "explanation",
        cover: [],
        sections: [
          { heading: "Sitzungen", sentences: [{ text: "Eine Sitzung wird fortgesetzt.", evidence: ["e1"] }] },
        ],
        evidence: [{ id: "e1", quote: "Eine Sitzung wird fortgesetzt.", claim: "", source: "Sitzungen" }],
        gaps: [],
      },
      new AbortController().signal,
    );
    assert.deepEqual(value.limits, []);
  });

  it("answers a follow-up about what the earlier question named", async () => {
    const piece = (id: string, heading: string, claim: string) => ({
      id,
      claim,
      source: "Harbour",
      heading,
      questions: ["q0"],
    });
    const question = "And how long is the wait between them?";
    const outline = await answer("outline", {
      question,
      kind: "lookup",
      questions: [{ id: "q0", question, query: `${question} tries` }],
      cover: [],
      evidence: [
        piece("e1", "Lost parcels", "A parcel that is lost is searched for during 14 days."),
        piece(
          "e2",
          "Retries",
          "Harbour asks again after 5 seconds, then after 25, and gives up after three tries.",
        ),
        piece(
          "e3",
          "Retries",
          "A try that was answered is never made again: its answer is kept in the ledger.",
        ),
        piece("e4", "Parcels", "Harbour moves parcels between warehouses."),
      ],
      mayAsk: false,
    });
    assert.equal(outline.sections[0]?.evidence[0], "e2");
  });

  it("takes prose about code for prose, and no diagram for code", () => {
    const fence = "```";
    const text = `The layers\nimport \`src/app\`, the types of \`src/core\`, and \`src/common\`: another would be one too many.\n\n${fence}mermaid\ncli --> app\n${fence}\n\n${fence}sh\nnpm start\n${fence}`;
    const units = splitQuotableUnits({ heading: "Layers", text }, 0, "markdown");
    assert.deepEqual(
      units.map(({ kind, quote }) => [kind, quote.slice(0, 10)]),
      [
        ["sentence", "The layers"],
        ["code", "npm start"],
      ],
    );
  });
});
