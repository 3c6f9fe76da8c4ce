import { expect, test } from 'vitest'
import { jobsWords } from './jobs-words.ts'

const queues = [
  { name: 'default', paused: false, waiting: 1200, running: 1 },
  { name: 'gpu', paused: true, waiting: 4, running: 0 },
]

test('a list that holds fewer jobs than wait says how many wait in all', () =>
  expect(jobsWords(Array.from({ length: 500 }), queues, 'waiting')).toBe('the first 500 of 1,204 jobs'))

test('a whole list is counted', () => {
  expect(jobsWords([1], queues, 'running')).toBe('1 job')
  expect(jobsWords([], [], 'waiting')).toBe('0 jobs')
})
