/** Undo and redo of what a page shows: pure, so that its laws can be tested. */

/** What one word of the address was and became; null: it stood at its default and was left out. */
export interface WordChange {
  before: string | null
  after: string | null
}

/** A change of words in the address. */
export interface QueryStep {
  kind: 'query'
  label: string
  words: Readonly<Record<string, WordChange>>
  /** The movement it belongs to: a drag or typing counts once. Null: it stands alone. */
  gesture: string | null
  /** ms */
  at: number
}

/** A change of something that lives elsewhere than in the address, such as a layout. */
export interface OwnStep {
  kind: 'own'
  label: string
  undo: () => void
  redo: () => void
  at: number
}

export type ViewStep = QueryStep | OwnStep

/** `past`: the newest last. `future`: what was undone, the next to redo last. */
export interface ViewHistory {
  past: readonly ViewStep[]
  future: readonly ViewStep[]
}

export const NO_HISTORY: ViewHistory = { past: [], future: [] }

export const STEPS_MAX = 200
/** A movement that rests longer than this has ended, ms. */
export const GESTURE_REST_MS = 1_500

/**
 * The history after a step. A step that changes nothing is left out; one that goes on with the movement of the last joins
 * it, and both vanish when the movement ends where it began. What could be redone is forgotten.
 */
export function recorded(history: ViewHistory, step: ViewStep): ViewHistory {
  const last = history.past.at(-1)
  if (step.kind === 'own') return { past: [...history.past, step].slice(-STEPS_MAX), future: [] }
  if (last && isSameMovement(last, step)) {
    const joined = { ...step, label: last.label, words: changedWords(joinedWords(last.words, step.words)) }
    const past = history.past.slice(0, -1)
    return { past: isEmpty(joined.words) ? past : [...past, joined], future: [] }
  }
  const words = changedWords(step.words)
  if (isEmpty(words)) return history
  return { past: [...history.past, { ...step, words }].slice(-STEPS_MAX), future: [] }
}

/** The history without its newest step, and that step; null when there is none. */
export function undone(history: ViewHistory): { history: ViewHistory; step: ViewStep } | null {
  const step = history.past.at(-1)
  if (!step) return null
  return { history: { past: history.past.slice(0, -1), future: [...history.future, step] }, step }
}

/** The history with the step that was undone last done again, and that step; null when there is none. */
export function redone(history: ViewHistory): { history: ViewHistory; step: ViewStep } | null {
  const step = history.future.at(-1)
  if (!step) return null
  return { history: { past: [...history.past, step], future: history.future.slice(0, -1) }, step }
}

/** What the words of a step were, or became. */
export const wordsOf = (step: QueryStep, side: 'before' | 'after'): Record<string, string | null> =>
  Object.fromEntries(Object.entries(step.words).map(([word, change]) => [word, change[side]]))

const isSameMovement = (last: ViewStep, step: QueryStep): last is QueryStep =>
  last.kind === 'query' &&
  step.gesture !== null &&
  last.gesture === step.gesture &&
  step.at - last.at <= GESTURE_REST_MS

function joinedWords(
  first: Readonly<Record<string, WordChange>>,
  second: Readonly<Record<string, WordChange>>,
): Record<string, WordChange> {
  const joined: Record<string, WordChange> = { ...first }
  for (const [word, change] of Object.entries(second))
    joined[word] = { before: (first[word] ?? change).before, after: change.after }
  return joined
}

const changedWords = (words: Readonly<Record<string, WordChange>>): Record<string, WordChange> =>
  Object.fromEntries(Object.entries(words).filter(([, change]) => change.before !== change.after))

const isEmpty = (words: object): boolean => Object.keys(words).length === 0
