/**
 * What contamination checks compare, so that no text leaves the machine that has it. A text is normalised (NFKC, lower case, every
 * run of characters that are neither letters nor digits one blank, none at the ends); the hash is the SHA-256 of that text in
 * UTF-8. Compared are whole texts and windows of 13 words (Brown et al. 2020, arXiv 2005.14165, appendix C, takes 13 words too).
 *
 * Of training data every window is hashed. Of an item, windows that do not overlap and the last one are enough: whoever repeats
 * 13 words or more of its beginning, or the whole of it, shares one of them.
 */

/** Words of a window. */
export const WINDOW_WORDS = 13

/** Windows of an item's prompt that are kept: the last ones, since worked examples stand before the question. */
export const ITEM_WINDOWS_MAX = 20

/** The text whose hash is compared; '' for a text without letters and digits. */
export const normalised = (text: string): string =>
  text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim()

/** Windows of an item, in their order; none for a text shorter than a window. */
export function itemWindows(text: string): string[] {
  const words = normalised(text).split(' ')
  const last = words.length - WINDOW_WORDS
  if (last < 0) return []
  const starts = Array.from({ length: Math.floor(last / WINDOW_WORDS) + 1 }, (_, i) => i * WINDOW_WORDS)
  if (starts.at(-1) !== last) starts.push(last)
  return starts.slice(-ITEM_WINDOWS_MAX).map((start) => words.slice(start, start + WINDOW_WORDS).join(' '))
}

/** Every window of a text of training data, in their order. */
export function trainingWindows(text: string): string[] {
  const words = normalised(text).split(' ')
  return Array.from({ length: Math.max(0, words.length - WINDOW_WORDS + 1) }, (_, start) =>
    words.slice(start, start + WINDOW_WORDS).join(' '),
  )
}
