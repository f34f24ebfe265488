/** Escapes a text for HTML and its attributes. */
export function escapeHtml(text: string): string {
  const named: Record<string, string> = {
    "&": "&amp;",
    "<": "&lt;",
    ">": "&gt;",
    '"': "&quot;",
    "'": "&#39;",
  };
  return text.replace(/[&<>"']/g, (letter) => named[letter] ?? letter);
}

/** Formats numbers and dates in the window's language. */
export interface StatisticsFormat {
  number: (value: number) => string;
  percent: (share: number) => string;
  usd: (value: number) => string;
  /** "850 ms", "4.2 s", "2 min 10 s". */
  duration: (milliseconds: number) => string;
  /** A day (YYYY-MM-DD) in short form: "24 Nov". */
  day: (day: string) => string;
  /** The same with the year. */
  wholeDay: (day: string) => string;
  month: (day: string) => string;
}

/** @param locale VS Code's language id, such as "de" or "pt-br" */
export function createStatisticsFormat(locale: string): StatisticsFormat {
  const number = new Intl.NumberFormat(locale, { maximumFractionDigits: 1 });
  const percent = new Intl.NumberFormat(locale, { style: "percent", maximumFractionDigits: 0 });
  const date = (options: Intl.DateTimeFormatOptions) => {
    const format = new Intl.DateTimeFormat(locale, { ...options, timeZone: "UTC" });
    return (day: string): string => format.format(new Date(`${day}T12:00:00Z`));
  };
  const unit = (value: number, name: string): string => `${number.format(value)} ${name}`;
  return {
    number: (value) => number.format(value),
    percent: (share) => percent.format(share),
    usd: (value) =>
      new Intl.NumberFormat(locale, {
        style: "currency",
        currency: "USD",
        // The narrow symbol, because no other dollar is meant; four digits, because fractions of a cent matter.
        currencyDisplay: "narrowSymbol",
        maximumFractionDigits: value !== 0 && Math.abs(value) < 0.1 ? 4 : 2,
      }).format(value),
    duration: (milliseconds) => {
      if (milliseconds < 1000) return unit(Math.round(milliseconds), "ms");
      const seconds = milliseconds / 1000;
      if (seconds < 59.95) return unit(seconds, "s");
      const whole = Math.round(seconds);
      if (whole < 3600) {
        const remainder = whole % 60;
        return `${unit(Math.floor(whole / 60), "min")}${remainder === 0 ? "" : ` ${unit(remainder, "s")}`}`;
      }
      const minutes = Math.round(seconds / 60);
      return `${unit(Math.floor(minutes / 60), "h")}${minutes % 60 === 0 ? "" : ` ${unit(minutes % 60, "min")}`}`;
    },
    day: date({ day: "numeric", month: "short" }),
    wholeDay: date({ dateStyle: "medium" }),
    month: date({ month: "short", year: "numeric" }),
  };
}
