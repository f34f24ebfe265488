/*
 * Small PDFs, made in code: pages with lines of text at their places, as programs write them.
 */

export interface PdfLine {
  text: string;
  /** Points from the left and from the bottom. */
  x: number;
  y: number;
  size?: number;
  /** In a font of fixed width. */
  isCode?: boolean;
  /** Turned by 90°, from the bottom to the top. */
  isTurned?: boolean;
}

export interface PdfOptions {
  title?: string;
  /** Asks for a password that nobody knows. */
  isLocked?: boolean;
  /** The tree of pages bites its own tail. */
  isCyclic?: boolean;
  /** The font names this map from codes to characters instead of holding one; texts are in hexadecimal codes then. */
  characterMap?: string;
}

/** A PDF with the given pages; a page without lines has a picture's worth of nothing on it. */
export function makePdf(
  pages: PdfLine[][],
  { title, isLocked = false, isCyclic = false, characterMap }: PdfOptions = {},
): Buffer {
  const objects: string[] = [];
  const add = (body: string): number => objects.push(body);
  const font = add(
    characterMap === undefined
      ? "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>"
      : `<< /Type /Font /Subtype /Type0 /BaseFont /STSong-Light /Encoding /${characterMap} /DescendantFonts [<< /Type /Font /Subtype /CIDFontType0 /BaseFont /STSong-Light /CIDSystemInfo << /Registry (Adobe) /Ordering (GB1) /Supplement 2 >> /FontDescriptor << /Type /FontDescriptor /FontName /STSong-Light /Flags 4 /FontBBox [0 0 1000 1000] /ItalicAngle 0 /Ascent 800 /Descent -200 /CapHeight 700 /StemV 80 >> >>] >>`,
  );
  const codeFont = add("<< /Type /Font /Subtype /Type1 /BaseFont /Courier /Encoding /WinAnsiEncoding >>");
  // Numbered beforehand: the pages name their parent.
  const tree = codeFont + 1 + pages.length * 2;
  const kids = pages.map((lines) => {
    const shown = lines
      .map(
        ({ text, x, y, size = 11, isCode = false, isTurned = false }) =>
          `BT /${isCode ? "F2" : "F1"} ${size} Tf ${isTurned ? "0 1 -1 0" : "1 0 0 1"} ${x} ${y} Tm ${characterMap === undefined ? `(${escaped(text)})` : `<${text}>`} Tj ET`,
      )
      .join("\n");
    const drawn = lines.length === 0 ? "0 0 100 100 re f" : shown;
    const content = add(`<< /Length ${drawn.length} >>\nstream\n${drawn}\nendstream`);
    return add(
      `<< /Type /Page /Parent ${tree} 0 R /MediaBox [0 0 612 792] /Contents ${content} 0 R /Resources << /Font << /F1 ${font} 0 R /F2 ${codeFont} 0 R >> >> >>`,
    );
  });
  const named = isCyclic ? [tree, ...kids] : kids;
  add(`<< /Type /Pages /Kids [${named.map((kid) => `${kid} 0 R`).join(" ")}] /Count ${kids.length} >>`);
  const catalog = add(`<< /Type /Catalog /Pages ${tree} 0 R >>`);
  const info = title === undefined ? null : add(`<< /Title (${escaped(title)}) >>`);
  const lock = isLocked
    ? add(`<< /Filter /Standard /V 1 /R 2 /P -4 /O <${"a1".repeat(32)}> /U <${"b2".repeat(32)}> >>`)
    : null;

  let file = "%PDF-1.4\n";
  const offsets = objects.map((body, index) => {
    const at = file.length;
    file += `${index + 1} 0 obj\n${body}\nendobj\n`;
    return at;
  });
  const start = file.length;
  file += `xref\n0 ${objects.length + 1}\n0000000000 65535 f \n`;
  file += offsets.map((at) => `${String(at).padStart(10, "0")} 00000 n \n`).join("");
  const trailer = [
    `/Size ${objects.length + 1} /Root ${catalog} 0 R`,
    info === null ? "" : `/Info ${info} 0 R`,
    lock === null ? "" : `/Encrypt ${lock} 0 R /ID [<${"00".repeat(16)}> <${"00".repeat(16)}>]`,
  ];
  file += `trailer\n<< ${trailer.join(" ")} >>\nstartxref\n${start}\n%%EOF\n`;
  return Buffer.from(file, "latin1");
}

/** Lines of a page, one below the other; an empty one leaves a gap. */
export function paragraph(texts: string[], top = 700, size = 11): PdfLine[] {
  return texts.flatMap((text, index) => (text === "" ? [] : [{ text, x: 72, y: top - index * 14, size }]));
}

function escaped(text: string): string {
  return text.replace(/[\\()]/g, "\\$&");
}
