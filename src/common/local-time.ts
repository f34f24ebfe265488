const pad = (value: number): string => String(value).padStart(2, "0");

/**
 * A time in ISO 8601 with the offset of this machine's time zone, such as "2026-11-29T00:30:00.000+01:00": its first ten
 * characters are the day that the user's calendar shows. In UTC the offset is "Z".
 */
export function formatLocalTime(date: Date): string {
  const offset = -date.getTimezoneOffset();
  if (offset === 0) return date.toISOString();
  const shifted = new Date(date.getTime() + offset * 60_000).toISOString().slice(0, -1);
  const size = Math.abs(offset);
  return `${shifted}${offset < 0 ? "-" : "+"}${pad(Math.trunc(size / 60))}:${pad(size % 60)}`;
}

/** The day of a time in this machine's time zone, as YYYY-MM-DD. */
export function localDay(date: Date): string {
  return formatLocalTime(date).slice(0, 10);
}
