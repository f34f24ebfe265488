import type { Role, GenerateRequest } from "./gemini.js";

/*
 * What the stand-in answers when nothing is scripted: worked out from the request's own text, as a
 * plain but honest model would. Quotes are pointed at by the numbers in the prompt.
 */

/** The answer to a request, in the API's form. */
export function sensibly(role: Role, body: GenerateRequest): object {
  const prompt = body.contents.flatMap(({ parts }) => parts.map(({ text }) => text)).join("\n");
  if (role === "search") return grounded(prompt);
  const answers: Record<Exclude<Role, "search" | "models">, (prompt: string) => unknown> = {
    plan,
    extract,
    outline,
    write,
    rewrite,
    verify,
    conclude,
  };
  const value = role === "models" ? {} : answers[role](prompt);
  const parts = [{ text: "Let me think.", thought: true }, { text: JSON.stringify(value) }];
  return { candidates: [{ content: { role: "model", parts }, finishReason: "STOP", index: 0 }] };
}

/** The texts between the prompt's marks, in order. */
function dataOf(prompt: string): string[] {
  return [...prompt.matchAll(/<<(DATA-[\w-]+)\n([\s\S]*?)\n\1>>/g)].map(([, , text]) => text ?? "");
}

function wordsOf(text: string): Set<string> {
  const stop = new Set([
    "the",
    "and",
    "for",
    "what",
    "which",
    "how",
    "does",
    "that",
    "this",
    "with",
    "are",
    "was",
    "were",
  ]);
  return new Set((text.toLowerCase().match(/[\p{L}\p{N}]{3,}/gu) ?? []).filter((word) => !stop.has(word)));
}

function shared(a: Set<string>, b: Set<string>): number {
  return [...a].filter((word) => b.has(word) || b.has(`${word}s`) || b.has(word.replace(/s$/, ""))).length;
}

function plan(prompt: string): unknown {
  const question = /^Question: (.*)$/m.exec(prompt)?.[1] ?? "";
  const words = [...wordsOf(question)];
  // It knows no pages but those that the question itself names.
  const pages = question.match(/https?:\/\/[^\s),]+/g) ?? [];
  return {
    ...(pages.length === 0 ? {} : { pages }),
    title: question.replace(/[?.!]+$/, ""),
    kind: /^how/i.test(question) ? "explanation" : "lookup",
    questions: [
      { question, query: words.join(" ") },
      {
        question: `What else is said about ${words.slice(0, 3).join(" ")}?`,
        query: words.slice(0, 3).join(" "),
      },
    ],
    cover: [words.slice(0, 3).join(" ")],
  };
}

/** The numbered parts of a source that are sentences, without the marks of lists and quotations. */
function sentencesOf(text: string): { number: number; sentence: string }[] {
  return text
    .split(/\[#(?=\d+\] )/)
    .slice(1)
    .map((part) => {
      const [number = "", ...rest] = part.split("] ");
      // What follows a blank line is the next passage's heading.
      const [own = ""] = rest.join("] ").split(/\n{2,}/);
      // The end of a comment stands behind its last sentence.
      const bare = own.replace(/\s*\*\/\s*$/, "");
      return { number: Number(number), sentence: bare.replace(/^[\s#>*+-]+/, "").trim() };
    })
    .filter(({ sentence }) => sentence.length > 20 && /[.!?]$/.test(sentence));
}

function extract(prompt: string): unknown {
  const [source = ""] = dataOf(prompt);
  const questions = [...prompt.matchAll(/^(q\d+): (.*)$/gm)].map(([, id = "", text = ""]) => ({
    id,
    words: wordsOf(text),
  }));
  const scored = sentencesOf(source).map(({ number, sentence }) => {
    const words = wordsOf(sentence);
    const about = questions.filter((question) => shared(question.words, words) >= 2).map(({ id }) => id);
    // A sentence that leans on the one before it says what it is about.
    const claim = /^(?:it|they|this|these)\b/i.test(sentence)
      ? sentence.split(/\s+/).slice(0, 7).join(" ")
      : null;
    return { ...(claim === null ? {} : { claim }), parts: [number], questions: about };
  });
  return { claims: scored.filter(({ questions: about }) => about.length > 0).slice(0, 6) };
}

function outline(prompt: string): unknown {
  const [index = ""] = dataOf(prompt);
  const ids = [...index.matchAll(/^(e\d+) /gm)].map(([, id]) => id);
  const half = Math.ceil(ids.length / 2);
  const sections = [
    { heading: "The answer", evidence: ids.slice(0, half) },
    { heading: "More about it", evidence: ids.slice(half) },
  ];
  return { sections: sections.filter(({ evidence }) => evidence.length > 0), gaps: [] };
}

function evidenceOf(text: string): { id: string; quote: string }[] {
  return [
    ...text.matchAll(/^(e\d+) \([^\n]*?\): "([\s\S]*?)"(?=\ne\d+ \(|$)/g),
    ...text.matchAll(/\n(e\d+) \([^\n]*?\): "([\s\S]*?)"(?=\ne\d+ \(|$)/g),
  ].map(([, id = "", quote = ""]) => ({ id, quote }));
}

function sentence({ id, quote }: { id: string; quote: string }): unknown {
  return { text: quote.replace(/\s+/g, " "), evidence: [id] };
}

function write(prompt: string): unknown {
  const [evidence = ""] = dataOf(prompt);
  return { paragraphs: [{ sentences: evidenceOf(evidence).map(sentence) }], table: null };
}

function rewrite(prompt: string): unknown {
  const indexes = [...prompt.matchAll(/^Sentence (\d+):/gm)].map(([, index]) => Number(index));
  const blocks = dataOf(prompt);
  return {
    sentences: indexes.map((index, at) => {
      const [first] = evidenceOf(blocks[at * 3 + 2] ?? "");
      return {
        index,
        text: first?.quote.replace(/\s+/g, " ") ?? null,
        evidence: first === undefined ? [] : [first.id],
      };
    }),
  };
}

function verify(prompt: string): unknown {
  const indexes = [...prompt.matchAll(/^Sentence (\d+):$/gm)].map(([, index]) => Number(index));
  const blocks = dataOf(prompt);
  return {
    verdicts: indexes.map((index, at) => {
      const said = wordsOf(blocks[at * 2] ?? "");
      const holds = shared(said, wordsOf(blocks[at * 2 + 1] ?? "")) >= said.size * 0.8;
      return {
        index,
        verdict: holds ? "supported" : "unsupported",
        reason: holds ? "" : "the quotes do not say it",
      };
    }),
  };
}

function conclude(prompt: string): unknown {
  const [sections = ""] = dataOf(prompt);
  const said = [...sections.matchAll(/^(.+) \((e\d+(?:, e\d+)*)\)$/gm)].map(([, text = "", ids = ""]) => ({
    text,
    evidence: ids.split(", "),
  }));
  return { summary: said.slice(0, 2), disagreements: [], limits: [] };
}

/** A grounded answer with letters of several bytes, an omitted start and a support that points nowhere. */
function grounded(prompt: string): object {
  const [question = prompt] = dataOf(prompt);
  const first = `Über „${question.replace(/[?.!]+$/, "")}“ berichten zwei Quellen – mit Zahlen.`;
  const second = "The second source adds that it holds in most cases, about 80% of them.";
  const text = `${first} ${second}`;
  const bytes = (part: string): number => Buffer.byteLength(part, "utf8");
  const redirect = (name: string): string =>
    `https://vertexaisearch.cloud.google.com/grounding-api-redirect/${name}`;
  return {
    candidates: [
      {
        content: { role: "model", parts: [{ text }] },
        finishReason: "STOP",
        groundingMetadata: {
          webSearchQueries: [question],
          searchEntryPoint: {
            renderedContent:
              "<div class='container'><style>.chip{}</style><a class='chip' href='https://www.google.com/search?q=ledger&amp;client=x'>what is a <b>ledger</b></a></div>",
          },
          groundingChunks: [
            { web: { uri: redirect("first"), title: "beispiel.example" } },
            { web: { uri: redirect("second"), title: "second.example" } },
          ],
          groundingSupports: [
            { segment: { endIndex: bytes(first), text: first }, groundingChunkIndices: [0, 7] },
            {
              segment: { startIndex: bytes(`${first} `), endIndex: bytes(text), text: second },
              groundingChunkIndices: [1],
            },
            { segment: { endIndex: 4, text: "Über" }, groundingChunkIndices: [9] },
          ],
        },
      },
    ],
  };
}
