/* Days put together, so that a plot over years stays readable. Days are YYYY-MM-DD. */

export interface Bucket {
  /** Its first day. */
  day: string;
  size: "day" | "week" | "month";
}

const DAY = 24 * 60 * 60 * 1000;
/** Days that a plot shows one by one, and by weeks; beyond them months. */
const MOST_DAYS = 92;
const MOST_WEEKS = 2 * 366;
/** A clock that stood wrong must not fill the plot with centuries. */
const MOST_BUCKETS = 240;

const moment = (day: string): number => Date.parse(`${day}T00:00:00Z`);
const dayOf = (at: number): string => new Date(at).toISOString().slice(0, 10);

/** All buckets from one day to another, both among them, without a gap. */
export function listBuckets(from: string, to: string): Bucket[] {
  const days = Math.round((moment(to) - moment(from)) / DAY) + 1;
  const size = days <= MOST_DAYS ? "day" : days <= MOST_WEEKS ? "week" : "month";
  const buckets: Bucket[] = [];
  for (let day = bucketStart(from, size); day <= to; day = next(day, size)) buckets.push({ day, size });
  return buckets.slice(-MOST_BUCKETS);
}

/** The first day of the bucket that holds a day; a week begins on Monday. */
export function bucketStart(day: string, size: Bucket["size"]): string {
  if (size === "month") return `${day.slice(0, 8)}01`;
  if (size === "day") return day;
  const at = moment(day);
  return dayOf(at - ((new Date(at).getUTCDay() + 6) % 7) * DAY);
}

function next(day: string, size: Bucket["size"]): string {
  if (size !== "month") return dayOf(moment(day) + (size === "week" ? 7 : 1) * DAY);
  const [year = 0, month = 0] = day.split("-").map(Number);
  return dayOf(Date.UTC(year, month, 1));
}
