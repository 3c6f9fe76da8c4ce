import { expect, test } from 'vitest'
import { type FirstFacts, firstSteps } from './first-steps.ts'

const nothing: FirstFacts = { answeredInMs: null, keyIsMade: false, keyUsedAt: null, run: null, hasPoint: false }
const states = (more: Partial<FirstFacts>) =>
  firstSteps({ ...nothing, ...more }, (at) => at.slice(11, 19)).map(({ state }) => state)

test('of five steps one is waited for, and what came before it is done', () => {
  expect(states({})).toEqual(['now', 'later', 'later', 'later', 'later'])
  expect(states({ answeredInMs: 3, keyIsMade: true })).toEqual(['done', 'done', 'now', 'later', 'later'])
  const run = { number: 1, name: 'first', stage: 'base' }
  expect(states({ answeredInMs: 3, keyIsMade: true, run })).toEqual(['done', 'done', 'done', 'done', 'now'])
  expect(states({ answeredInMs: 3, keyIsMade: true, run, hasPoint: true }).every((state) => state === 'done')).toBe(
    true,
  )
})

test('each step tells a fact', () => {
  const at = '2026-11-29T14:18:02.000Z'
  const facts = { answeredInMs: 2.6, keyIsMade: true, keyUsedAt: at, run: null, hasPoint: false }
  expect(firstSteps(facts, (time) => time.slice(11, 19)).map(({ fact }) => fact)).toEqual([
    'in 3 ms',
    'used at 14:18:02',
    'has arrived',
    'name and stage',
    'opens the run page',
  ])
})
