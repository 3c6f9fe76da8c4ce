import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  GESTURE_REST_MS,
  NO_HISTORY,
  type QueryStep,
  recorded,
  redone,
  STEPS_MAX,
  undone,
  type ViewHistory,
  wordsOf,
} from './view-history.ts'

type Words = Record<string, string | null>

describe('undo and redo of a view', () => {
  it('undo of every step gives the first view back, redo of every step the last', () => {
    fc.assert(
      fc.property(fc.array(aChange, { maxLength: 40 }), (changes) => {
        const { view, history } = played(changes)
        const back = walked(view, history, 'before')
        expect(filled(back.view)).toEqual({})
        expect(filled(walked(back.view, back.history, 'after').view)).toEqual(filled(view))
      }),
    )
  })

  it('undo then redo changes nothing, wherever one stands', () => {
    fc.assert(
      fc.property(fc.array(aChange, { minLength: 1, maxLength: 20 }), (changes) => {
        const { history } = played(changes)
        const back = undone(history)
        if (!back) return
        expect(redone(back.history)?.history).toEqual(history)
      }),
    )
  })

  it('a throttled drag counts once and goes back to where it began', () => {
    let history = NO_HISTORY
    for (let i = 1; i <= 30; i++)
      history = recorded(history, step({ split: [`${i - 1}`, `${i}`] }, { gesture: 'divider', at: i * 16 }))
    expect(history.past).toHaveLength(1)
    expect(wordsOf(history.past[0] as QueryStep, 'before')).toEqual({ split: '0' })
  })

  it('a drag that ends where it began is no step', () => {
    const there = recorded(NO_HISTORY, step({ split: ['50', '60'] }, { gesture: 'divider' }))
    expect(recorded(there, step({ split: ['60', '50'] }, { gesture: 'divider' })).past).toEqual([])
  })

  it('the same movement after a rest is a step of its own', () => {
    const first = recorded(NO_HISTORY, step({ q: [null, 'a'] }, { gesture: 'typing', at: 0 }))
    const second = recorded(first, step({ q: ['a', 'ab'] }, { gesture: 'typing', at: GESTURE_REST_MS + 1 }))
    expect(second.past).toHaveLength(2)
  })

  it('a change to the same value is no step and keeps what can be redone', () => {
    const back = undone(recorded(NO_HISTORY, step({ x: [null, 'tokens'] })))
    expect(back && recorded(back.history, step({ x: ['step', 'step'] }))).toBe(back?.history)
  })

  it('a new step forgets what was undone', () => {
    const back = undone(recorded(NO_HISTORY, step({ x: [null, 'tokens'] })))
    expect(back && recorded(back.history, step({ log: [null, 'true'] })).future).toEqual([])
  })

  it(`keeps the last ${STEPS_MAX} steps`, () => {
    let history = NO_HISTORY
    for (let i = 0; i < STEPS_MAX + 5; i++) history = recorded(history, step({ q: [`${i}`, `${i + 1}`] }))
    expect(history.past).toHaveLength(STEPS_MAX)
  })
})

const aChange = fc.record({
  word: fc.constantFrom('q', 'sort', 'columns'),
  to: fc.option(fc.constantFrom('a', 'b', 'c'), { nil: null }),
  gesture: fc.option(fc.constantFrom('drag', 'typing'), { nil: null }),
})

function step(
  words: Record<string, [string | null, string | null]>,
  more: { gesture?: string; at?: number } = {},
): QueryStep {
  return {
    kind: 'query',
    label: 'a change',
    words: Object.fromEntries(Object.entries(words).map(([word, [before, after]]) => [word, { before, after }])),
    gesture: more.gesture ?? null,
    at: more.at ?? 0,
  }
}

function played(changes: readonly { word: string; to: string | null; gesture: string | null }[]) {
  let history: ViewHistory = NO_HISTORY
  let view: Words = {}
  for (const { word, to, gesture } of changes) {
    history = recorded(history, step({ [word]: [view[word] ?? null, to] }, gesture === null ? {} : { gesture }))
    view = { ...view, [word]: to }
  }
  return { view, history }
}

function walked(view: Words, history: ViewHistory, side: 'before' | 'after') {
  const next = side === 'before' ? undone : redone
  let at = { view, history }
  for (let gone = next(at.history); gone; gone = next(at.history))
    at = { view: { ...at.view, ...wordsOf(gone.step as QueryStep, side) }, history: gone.history }
  return at
}

const filled = (view: Words) => Object.fromEntries(Object.entries(view).filter(([, value]) => value !== null))
