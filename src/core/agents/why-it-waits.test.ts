import { describe, expect, it } from 'vitest'
import { type Machine, type WaitingJob, whyItWaits } from './why-it-waits.ts'

const queued: WaitingJob = {
  state: 'queued',
  reason: '',
  queue: 'gpu',
  queuePaused: false,
  recipe: 'base',
  dueS: -1,
  missing: [],
}
const free: Machine = { online: true, draining: false, queues: ['gpu'], recipes: ['base'], slots: 2, busy: 1 }
const parent = { number: 8, name: 'Task with replay', state: 'running', step: 63, totalSteps: 90 }

describe('why a job waits', () => {
  it.each<[string, WaitingJob, Machine[]]>([
    [
      'Needs the checkpoint of Task with replay #8: running, step 63 of 90.',
      { ...queued, state: 'waiting', missing: [parent] },
      [free],
    ],
    [
      'Needs the checkpoint of Base #1 and of Judge #2: it is queued.',
      {
        ...queued,
        state: 'waiting',
        missing: [
          { ...parent, number: 1, name: 'Base', state: 'queued' },
          { ...parent, number: 2, name: 'Judge' },
        ],
      },
      [free],
    ],
    [
      'Needs the checkpoint of Task with replay #8: running, step 63 of 90.',
      { ...queued, state: 'waiting', missing: [parent, parent] },
      [free],
    ],
    ['Queue gpu is paused.', { ...queued, queuePaused: true }, [free]],
    ['Lost. Attempt 1 of 3. Next try in 5 s.', { ...queued, reason: 'Lost. Attempt 1 of 3.', dueS: 4.2 }, [free]],
    [
      'No agent of queue gpu is online.',
      queued,
      [
        { ...free, online: false },
        { ...free, queues: ['cpu'] },
      ],
    ],
    ['No agent of queue gpu offers the recipe base; 1 online.', queued, [{ ...free, recipes: ['rlhf'] }]],
    ['Every agent of queue gpu is being drained.', queued, [{ ...free, draining: true }]],
    ['All 2 slots of queue gpu are busy.', queued, [{ ...free, busy: 2 }]],
    ['About to be claimed.', queued, [free]],
  ])('%s', (sentence, job, machines) => {
    expect(whyItWaits(job, machines)).toBe(sentence)
  })
})
