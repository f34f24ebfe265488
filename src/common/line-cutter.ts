/** A line of a stream of bytes, without its line break. */
export interface CutLine {
  /** Empty if the line is longer than the limit. */
  bytes: Buffer;
  /** Its offset in the stream, in bytes. */
  offset: number;
  length: number;
  /** False for a last line without its line break. */
  whole: boolean;
}

const LINE_BREAK = 0x0a;

/** Splits a byte stream into lines. Keeps at most one line in memory, and nothing of an overlong one. */
export class LineCutter {
  private parts: Buffer[] = [];
  private length = 0;
  private offset = 0;

  constructor(private readonly maxLineBytes: number) {}

  /** Adds a chunk, which must not change afterwards. @returns the lines that end in it */
  *add(piece: Buffer): Generator<CutLine, void, undefined> {
    let from = 0;
    for (let to; (to = piece.indexOf(LINE_BREAK, from)) >= 0; from = to + 1) {
      this.take(piece.subarray(from, to));
      yield this.cut(true);
    }
    this.take(piece.subarray(from));
  }

  /** The rest at the end of the stream; null if it ended with a line break. */
  end(): CutLine | null {
    return this.length === 0 ? null : this.cut(false);
  }

  private take(part: Buffer): void {
    this.length += part.length;
    if (this.length > this.maxLineBytes) this.parts = [];
    else if (part.length > 0) this.parts.push(part);
  }

  private cut(whole: boolean): CutLine {
    const [first] = this.parts;
    const bytes = first !== undefined && this.parts.length === 1 ? first : Buffer.concat(this.parts);
    const line = { bytes, offset: this.offset, length: this.length, whole };
    this.offset += this.length + 1;
    this.parts = [];
    this.length = 0;
    return line;
  }
}
