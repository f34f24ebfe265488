/* Groups days, so that a chart over years stays readable. Days are YYYY-MM-DD. */

export interface Bucket {
  day: string;
  size: "day" | "week" | "month";
}

const DAY = 24 * 60 * 60 * 1000;
/** Up to this many days a chart shows days, then weeks, and beyond that months. */
const MOST_DAYS = 92;
const MOST_WEEKS = 2 * 366;
/** A wrong system clock must not fill the chart with centuries. */
const MOST_BUCKETS = 240;

const moment = (day: string): number => Date.parse(`${day}T00:00:00Z`);
const dayOf = (at: number): string => new Date(at).toISOString().slice(0, 10);

/** All buckets between two days, inclusive, without gaps. */
export function listBuckets(from: string, to: string): Bucket[] {
  const days = Math.round((moment(to) - moment(from)) / DAY) + 1;
  const size = days <= MOST_DAYS ? "day" : days <= MOST_WEEKS ? "week" : "month";
  const buckets: Bucket[] = [];
  for (let day = bucketStart(from, size); day <= to; day = next(day, size)) buckets.push({ day, size });
  return buckets.slice(-MOST_BUCKETS);
}

/** The first day of the bucket that contains a day; weeks start on Monday. */
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
