/** What tabs and the worker that holds their streams say to each other. */

/** A tab opens and closes streams of its own numbering, says that it is there, and that it goes. */
export type ToWorker = { open: number; url: string } | { close: number } | { here: true } | { leave: true }

/** An event of a tab's stream; or the answer to a tab that opened one, or said that it is there. */
export type FromWorker = { of: number; name: string; data: unknown } | { heard: true }

/** How often a tab with open streams says that it is there, ms. */
export const HERE_MS = 30_000

/** A worker that answers nothing for this long is gone, ms. */
export const ANSWER_MS = 10_000
