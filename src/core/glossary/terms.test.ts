import { expect, test } from 'vitest'
import { TERMS, type Term, termsInOrder } from './terms.ts'

test('a term that leads to others leads to terms that exist, and never to itself', () => {
  const wrong = termsInOrder().flatMap(([key, { see = [] }]: [string, Term]) =>
    see.filter((other) => other === key || !(other in TERMS)).map((other) => `${key} → ${other}`),
  )
  expect(wrong).toEqual([])
})

test('every term is told in whole sentences, and no word stands twice', () => {
  const terms = termsInOrder().map(([, term]) => term)
  expect(terms.filter(({ means }) => !means.endsWith('.')).map(({ word }) => word)).toEqual([])
  expect(new Set(terms.map(({ word }) => word.toLowerCase())).size).toBe(terms.length)
})
