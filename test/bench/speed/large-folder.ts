/*
 * A large folder of Markdown and code, the same for the same seed: words as languages have them (few
 * that are common, many that are rare), names of code, headings, and here and there a fact to ask for.
 */
import { mkdir, writeFile } from "node:fs/promises";
import path from "node:path";

export interface Fact {
  question: string;
  /** The file that holds the answer. */
  file: string;
}

/** A pseudo-random number in [0, 1), by Mulberry32. */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

const COMMON =
  "the of and to in a is that for it as with on by at from are be this or an which not can has".split(" ");
const SYLLABLES = "ba be bo ca ce co da de di do fa fi ga go ha he ka ki la le li lo ma me mi na ne no pa pe po ra re ri ro sa se si so ta te ti to va vi za zo".split(" "); // prettier-ignore
const RARE_WORDS = 40_000;

/**
 * Writes `files` files of `bytes` bytes in all below a folder.
 * @returns facts that stand in one file each, with a question for each
 */
export async function makeLargeFolder(
  root: string,
  { files, bytes, seed }: { files: number; bytes: number; seed: number },
): Promise<Fact[]> {
  const random = randomFrom(seed);
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)]!;
  const rare = Array.from({ length: RARE_WORDS }, () =>
    Array.from({ length: 2 + Math.floor(random() * 4) }, () => pick(SYLLABLES)).join(""),
  );
  // The third power makes few words frequent and most of them rare.
  const word = (): string => (random() < 0.4 ? pick(COMMON) : rare[Math.floor(random() ** 3 * RARE_WORDS)]!);
  const large = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
  const words = (count: number): string => Array.from({ length: count }, word).join(" ");
  const sentence = (): string => `${large(words(8 + Math.floor(random() * 14)))}.`;
  const paragraph = (): string => Array.from({ length: 2 + Math.floor(random() * 4) }, sentence).join(" ");
  const newName = (): string => word() + large(word());
  // A file's code speaks of few names, again and again; some are the project's, some its own.
  const shared = Array.from({ length: 20_000 }, newName);
  let own: string[] = [];
  const name = (): string => pick(own);

  const markdown = (title: string, length: number, extra: string): string => {
    let text = `# ${title}\n\n${paragraph()}\n`;
    let isSaid = extra === "";
    while (text.length < length) {
      text += `\n## ${large(words(3))}\n\n${paragraph()}\n\n${paragraph()}\n`;
      if (random() < 0.3) text += `\n- ${sentence()}\n- ${sentence()}\n`;
      if (!isSaid && text.length > length / 2) {
        text += `\n${sentence()} ${extra} ${sentence()}\n`;
        isSaid = true;
      }
    }
    return text;
  };
  const code = (length: number): string => {
    own = Array.from({ length: 10 + Math.floor(length / 400) }, () =>
      random() < 0.6 ? pick(shared) : newName(),
    );
    let text = `import { ${name()} } from "./${word()}.js";\n`;
    while (text.length < length) {
      const [given, made] = [name(), name()];
      text += `\n/** ${sentence()} */\nexport function ${name()}(${given}: number): string {\n`;
      for (let n = 3 + Math.floor(random() * 8); n > 0; n--) {
        text +=
          random() < 0.3
            ? `  // ${sentence()}\n`
            : `  const ${made}${n} = ${name()}(${given}, "${word()}");\n`;
      }
      text += `  return ${made}1;\n}\n`;
    }
    return text;
  };

  const facts: Fact[] = [];
  const mean = bytes / files;
  for (let n = 0; n < files; n++) {
    const folder = `part${Math.floor(n / 500)}/section${Math.floor(n / 25)}`;
    // Half of the files are small and a few are ten times the mean, as in real folders.
    const length = mean * (random() < 0.5 ? 0.4 : random() < 0.9 ? 1.2 : 5.2);
    const isDocument = n % 2 === 0;
    const file = `${folder}/${word()}-${n}.${isDocument ? "md" : "ts"}`;
    const isFact = isDocument && n % Math.ceil(files / 20) < 2;
    const subject = `${large(pick(rare))} ${large(pick(rare))} ${n}`;
    const fact = isFact ? `The ${subject} valve is opened at a pressure of ${n} bar by its keeper.` : "";
    if (isFact) facts.push({ question: `At which pressure is the ${subject} valve opened?`, file });
    if (n % 25 === 0) await mkdir(path.join(root, folder), { recursive: true });
    await writeFile(
      path.join(root, file),
      isDocument ? markdown(large(words(3)), length, fact) : code(length),
    );
  }
  await writeFile(path.join(root, ".gitignore"), "*.tmp\n/secret/\nout/\n!keep.tmp\n");
  return facts;
}
