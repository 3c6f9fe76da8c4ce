import { expect, test } from 'vitest'
import { leftWords } from './left-words.ts'

const run = { phase: 'restorable' as const, days_left: 7, rows: null, rows_done: 0, kept_checkpoints: 0 }

test.each([
  [run, 'everything, for 7 more days'],
  [{ ...run, days_left: 1 }, 'everything, for 1 more day'],
  [{ ...run, phase: 'waiting' as const, days_left: null }, 'everything; its deletion begins within seconds'],
  [{ ...run, phase: 'deleting' as const }, 'its deletion begins'],
  [{ ...run, phase: 'deleting' as const, rows: 12_000, rows_done: 3_000 }, '3,000 of 12,000 rows deleted'],
  [{ ...run, phase: 'gone' as const }, 'nothing'],
  [{ ...run, phase: 'gone' as const, kept_checkpoints: 1 }, '1 checkpoint that is in use'],
  [{ ...run, phase: 'gone' as const, kept_checkpoints: 2 }, '2 checkpoints that are in use'],
])('%o is told as: %s', (of, words) => expect(leftWords(of)).toBe(words))
