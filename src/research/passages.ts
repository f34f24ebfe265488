/** A stretch of a source's text, [start, end) in UTF-16 units, under the heading it stands below. */
export interface Passage {
  start: number;
  end: number;
  text: string;
  heading: string;
}
