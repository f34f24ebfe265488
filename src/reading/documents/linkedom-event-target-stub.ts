/**
 * Replaces linkedom's EventTarget in the worker bundle (see esbuild.js). Every DOM node extends it, and the original
 * creates a map per node, a quarter of the time for a page. Events are not used when a page is only read.
 */
// eslint-disable-next-line @typescript-eslint/no-extraneous-class
export class EventTarget {}
