/** What must have happened before the first point is on the screen, in order. Pure. */

export interface FirstFacts {
  /** How long the server took to answer, ms; null: it has not yet. */
  answeredInMs: number | null
  keyIsMade: boolean
  /** When the key was last used, as the server tells; null: never. */
  keyUsedAt: string | null
  run: { number: number; name: string; stage: string | null } | null
  hasPoint: boolean
}

export interface FirstStep {
  title: string
  /** What is known, not what is hoped for. */
  fact: string
  state: 'done' | 'now' | 'later'
}

/** The five steps, of which one is waited for until all are done. */
export function firstSteps(facts: FirstFacts, timeOf: (at: string) => string): FirstStep[] {
  const { answeredInMs, keyIsMade, keyUsedAt, run, hasPoint } = facts
  const wasAsked = keyUsedAt !== null || run !== null
  const steps = [
    {
      title: 'Server answers',
      fact: answeredInMs === null ? 'asked now' : `in ${Math.max(1, Math.round(answeredInMs))} ms`,
      isDone: answeredInMs !== null,
    },
    {
      title: 'Key is active',
      fact: !keyIsMade ? 'being made' : keyUsedAt === null ? 'not used yet' : `used at ${timeOf(keyUsedAt)}`,
      isDone: keyIsMade,
    },
    { title: 'First request', fact: wasAsked ? 'has arrived' : 'from any client above', isDone: wasAsked },
    {
      title: 'First run',
      fact: run === null ? 'name and stage' : `${run.name}${run.stage === null ? '' : `, ${run.stage}`}`,
      isDone: run !== null,
    },
    { title: 'First point', fact: hasPoint ? 'is there' : 'opens the run page', isDone: hasPoint },
  ]
  const now = steps.findIndex(({ isDone }) => !isDone)
  return steps.map(({ title, fact, isDone }, i) => ({
    title,
    fact,
    state: isDone && (now < 0 || i < now) ? 'done' : i === now ? 'now' : isDone ? 'done' : 'later',
  }))
}
