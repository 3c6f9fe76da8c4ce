import { describe, expect, test } from 'vitest'
import { completeAt } from '#src/core/search/complete-at.ts'
import { catalogueQuestion, suggestionsFor, withSuggestion } from './suggestions.ts'

const entry = (field: string) => ({ field, kind: 'number', runs: 3, range: [0, 1] as const, values: [], bars: [1, 2] })

/** What the list offers at the caret `|`, with these answers of the catalogue. */
function offered(marked: string, entries: string[] = [], values: (string | number | boolean)[] = []): string[] {
  const completion = completeAt(marked.replace('|', ''), marked.indexOf('|'))
  if (!completion) return []
  return suggestionsFor(
    completion,
    entries.map(entry),
    values.map((value) => ({ value, runs: 1 })),
  ).map(({ insert }) => insert)
}

/** The text with its caret after the suggestion was taken. */
function taken(marked: string, insert: string): string {
  const completion = completeAt(marked.replace('|', ''), marked.indexOf('|'))
  if (!completion) throw new Error('nothing may stand there')
  const { text, caret } = withSuggestion(marked.replace('|', ''), completion, insert)
  return `${text.slice(0, caret)}|${text.slice(caret)}`
}

describe('offered', () => {
  test('keys of the catalogue come first, then fields and words of the grammar that begin so', () => {
    expect(offered('st|', ['metrics.train/step'])).toEqual(['metrics.train/step', 'state', 'stage'])
    expect(offered('n|')).toEqual(['name', 'number', 'not'])
  })

  test('comparisons are those that the field can take', () => {
    expect(offered('name |')).toEqual(['=', '!=', ':', '~', '!~', 'in', 'not in', 'is missing', 'is not missing'])
    expect(offered('cost >|')).toEqual([])
    expect(offered('cost i|')).toEqual(['in', 'is missing', 'is not missing'])
  })

  test('values are written as the grammar reads them back', () => {
    expect(offered('config.a = |', [], [1, '1', true, 'a b', 'plain'])).toEqual(['1', '"1"', 'true', '"a b"', 'plain'])
    expect(offered('state = r|')).toContain('running')
    expect(offered('name ~ |', [], ['a'])).toEqual([])
  })
})

test('a suggestion takes the place of what was typed, and the caret stands behind it', () => {
  expect(taken('task_a|', 'metrics.task_acc')).toBe('metrics.task_acc |')
  expect(taken('a and|', 'config.lr')).toBe('a and config.lr |')
  expect(taken('config.l| > 2', 'config.lr')).toBe('config.lr |> 2')
  expect(taken('state = ru|nning and a', 'running')).toBe('state = running |and a')
  expect(taken('anc|', 'ancestor(')).toBe('ancestor(|')
  expect(taken('tag in (a |', ',')).toBe('tag in (a , |')
})

test('the catalogue is asked for keys where a field may stand, for values of texts where a value may, else for nothing', () => {
  const asked = (marked: string) => catalogueQuestion(completeAt(marked.replace('|', ''), marked.indexOf('|')))
  expect(asked('lr|')).toEqual({ keys: 'lr' })
  expect(asked('config.lr = 1|')).toEqual({ field: 'config.lr', values: '1' })
  expect(asked('tag in (a, "b|')).toEqual({ field: 'tag', values: 'b' })
  expect(asked('cost > |')).toBeNull()
  expect(asked('name ~ |')).toBeNull()
  expect(asked('cost |')).toBeNull()
})
