/** One line of a bench's table: a figure that was measured, and what it is held against. */
export interface Row {
  what: string;
  /** What was measured, as it is printed. */
  measured: string;
  /** What is to be reached, as it is printed; empty where the figure only informs. */
  reach: string;
  /** Whether it was reached; null where there was nothing to measure (material missing) or to reach. */
  ok: boolean | null;
}

/** Prints rows as a Markdown table. */
export function renderTable(rows: Row[]): string {
  const lines = rows.map(({ what, measured, reach, ok }) => {
    const state = ok === null ? (reach === "" ? "" : "skipped") : ok ? "reached" : "NOT reached";
    return `| ${what} | ${measured} | ${reach} | ${state} |`;
  });
  return ["| what | measured | reach | |", "|---|---|---|---|", ...lines].join("\n");
}
