/*
 * How large the files of sessions and reports may be. What is larger was not written by us: it is refused before
 * it is read. The folders may come from a stranger, in a clone or an archive.
 */

const MB = 1024 ** 2;

export const JOURNAL_LIMITS = { maxBytes: 256 * MB, followLinks: false };
/** A line of a journal; an outcome has a few kilobytes, a report that is gone on from a few megabytes. */
export const JOURNAL_LINE_BYTES = 16 * MB;
export const JOURNAL_LINES = 200_000;
/** Unreadable lines after which a file is no journal at all. */
export const UNREADABLE_LINES = 1000;
/** A journal that is read in one piece: one of an older version, or in an archive without its listing. */
export const SMALL_JOURNAL_BYTES = 64 * MB;
export const SNAPSHOT_LIMITS = { maxBytes: 64 * MB, followLinks: false };
export const REPORT_LIMITS = { maxBytes: 5 * MB, followLinks: false };
/** A report as data: with all its evidence and sources. */
export const REPORT_DATA_LIMITS = { maxBytes: 64 * MB, followLinks: false };
/** A refreshed report that waits, what it changes, and what a list shows of an archived session. */
export const DRAFT_LIMITS = { maxBytes: 16 * MB, followLinks: false };
export const LISTING_LIMITS = { maxBytes: MB, followLinks: false };
export const LOCK_LIMITS = { maxBytes: 4096, followLinks: false };
