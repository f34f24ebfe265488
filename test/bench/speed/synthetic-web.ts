/*
 * The web that the bench researches: five pages (or so) for every search, each at a host of its own,
 * every word of them worked out from the search words. The same words find the same pages, always.
 */

/** A stream of numbers from 0 to 1 that a text starts: the same text, the same numbers. */
export function seeded(text: string): () => number {
  let state = 0x811c9dc5;
  for (let at = 0; at < text.length; at++) state = Math.imul(state ^ text.charCodeAt(at), 0x01000193);
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

/** The `index`-th host. All of them are this machine, and each is a host of its own to our limits. */
export function hostAt(index: number): string {
  return `127.0.${1 + Math.floor(index / 250)}.${1 + (index % 250)}`;
}

/** What ALLOWED_PRIVATE_HOSTS has to hold, so that the pages of so many hosts may be read. */
export function allowedHosts(count: number, port: number): string[] {
  return Array.from({ length: count }, (_, index) => `${hostAt(index)}:${port}`);
}

/** The words that pages are made of, beside those of the search. */
const NAMES = "harbour archive valley station workshop orchard quarry library bridge market garden canal chapel foundry lighthouse nursery reservoir school terrace village windmill observatory ferry depot".split(" "); // prettier-ignore
const TRAITS = "early careful narrow broad local northern southern older recent steady modest public private coastal inland seasonal repeated separate shared open".split(" "); // prettier-ignore
const DEEDS = "measured recorded compared repaired replaced described counted reviewed extended reduced planned tested observed reported confirmed delayed".split(" "); // prettier-ignore
const UNITS = "metres tonnes litres hours days samples visits permits boxes reports plots volumes crews shipments readings sheets".split(" "); // prettier-ignore

/** A page as data: its heading, and its sections, each a heading with paragraphs of sentences. */
export interface Article {
  title: string;
  sections: { heading: string; paragraphs: string[][] }[];
}

/**
 * The `n`-th page that a search finds.
 * @param characters how long its text is, about
 */
export function articleOf(query: string, n: number, characters: number): Article {
  const random = seeded(`${query} ${n}`);
  const pick = (list: string[]): string => list[Math.floor(random() * list.length)] ?? "";
  const number = (from: number, to: number): number => from + Math.floor(random() * (to - from));
  const title = `${query}, report ${n} of the ${pick(TRAITS)} ${pick(NAMES)}`;
  const topics = query.toLowerCase().match(/[\p{L}\p{N}]{3,}/gu) ?? ["matter"];
  const topic = (): string => pick(topics);
  const shapes = [
    () =>
      `In ${number(1950, 2026)} the ${pick(TRAITS)} ${pick(NAMES)} ${pick(DEEDS)} ${number(20, 990)} ${pick(UNITS)} of ${topic()} and ${topic()}, ${number(2, 19)} more than the ${pick(NAMES)}.`,
    () =>
      `Each ${pick(TRAITS)} ${pick(NAMES)} ${pick(DEEDS)} how ${topic()} and ${topic()} hold after ${number(2, 90)} ${pick(UNITS)}.`,
    () =>
      `The ${topic()} that a ${pick(TRAITS)} ${pick(NAMES)} ${pick(DEEDS)} costs ${number(100, 9900)} for every ${number(2, 60)} ${pick(UNITS)} of ${topic()}.`,
    () =>
      `A ${pick(TRAITS)} crew ${pick(DEEDS)} the ${pick(NAMES)} and ${pick(DEEDS)} ${number(3, 400)} ${pick(UNITS)} before the ${pick(TRAITS)} ${pick(NAMES)} was ready.`,
    () =>
      `Two of the ${pick(TRAITS)} ${pick(UNITS)} from the ${pick(NAMES)} were ${pick(DEEDS)} again, ${number(2, 30)} weeks after the ${pick(TRAITS)} ${pick(NAMES)} ${pick(DEEDS)} them.`,
    () =>
      `Nobody at the ${pick(NAMES)} ${pick(DEEDS)} why ${number(3, 80)} ${pick(UNITS)} stayed at the ${pick(TRAITS)} ${pick(NAMES)}, though the ${pick(TRAITS)} ${pick(NAMES)} ${pick(DEEDS)} it.`,
  ];
  const sections: Article["sections"] = [];
  for (let length = 0; length < characters;) {
    const heading = `The ${pick(TRAITS)} ${pick(NAMES)} and the ${pick(NAMES)}`;
    const paragraphs = Array.from({ length: 3 }, () =>
      Array.from({ length: 4 }, () => shapes[Math.floor(random() * shapes.length)]?.() ?? ""),
    );
    sections.push({ heading, paragraphs });
    length += heading.length + paragraphs.flat().join(" ").length;
  }
  return { title, sections };
}

/** The page as a site serves it: the article with menus, boxes and a script around it. */
export function htmlOf({ title, sections }: Article): string {
  const links = NAMES.map((name) => `<li><a href="/${name}">All about the ${name}</a></li>`).join("");
  const body = sections
    .map(({ heading, paragraphs }) =>
      [`<h2>${heading}</h2>`, ...paragraphs.map((sentences) => `<p>${sentences.join(" ")}</p>`)].join("\n"),
    )
    .join("\n");
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>${title}</title>
<meta name="viewport" content="width=device-width"><style>nav li { display: inline }</style></head><body>
<header><nav><ul>${links}</ul></nav></header>
<main><article><h1>${title}</h1>
${body}
</article><aside><h2>Read next</h2><ul>${links}</ul></aside></main>
<footer><p>Imprint, privacy, contact</p><ul>${links}</ul></footer>
<script>document.documentElement.dataset.ready = "yes";</script></body></html>`;
}
