/** What is known about a job that nobody works on. */
export interface WaitingJob {
  state: 'waiting' | 'queued'
  /** Why it was put back into the queue, or which gate holds it up; '' at first. */
  reason: string
  queue: string
  queuePaused: boolean
  recipe: string
  /** Seconds until it may be claimed; 0 or less: now. */
  dueS: number
  /** Stages whose checkpoint it needs. */
  missing: readonly {
    number: number
    name: string
    /** State of the job that will bring it; null when no job does. */
    state: string | null
    step: number | null
    totalSteps: number | null
  }[]
}

/** What is known about the machines of the workspace. */
export interface Machine {
  online: boolean
  draining: boolean
  queues: readonly string[]
  recipes: readonly string[]
  slots: number
  busy: number
}

/** One sentence that says why a job waits: the first cause that an operator could do something about. */
export function whyItWaits(job: WaitingJob, machines: readonly Machine[]): string {
  if (job.state === 'waiting') return job.reason || needs(job)
  if (job.queuePaused) return `Queue ${job.queue} is paused.`
  if (job.dueS > 0) return `${job.reason} Next try in ${Math.ceil(job.dueS)} s.`.trim()
  const online = machines.filter((m) => m.online && m.queues.includes(job.queue))
  if (online.length === 0) return `No agent of queue ${job.queue} is online.`
  const able = online.filter((m) => m.recipes.includes(job.recipe))
  if (able.length === 0)
    return `No agent of queue ${job.queue} offers the recipe ${job.recipe}; ${online.length} online.`
  const open = able.filter((m) => !m.draining)
  if (open.length === 0) return `Every agent of queue ${job.queue} is being drained.`
  const slots = open.reduce((sum, m) => sum + m.slots, 0)
  if (open.every((m) => m.busy >= m.slots))
    return slots === 1
      ? `The one slot of queue ${job.queue} is busy.`
      : `All ${slots} slots of queue ${job.queue} are busy.`
  return 'About to be claimed.'
}

function needs({ missing }: WaitingJob): string {
  // A stage may be wanted twice: as the parent and as the frozen reference.
  const [first, ...others] = [...new Map(missing.map((stage) => [stage.number, stage])).values()]
  if (!first) return 'About to be queued.'
  const more = others.map((other) => `${other.name} #${other.number}`).join(' and ')
  return `Needs the checkpoint of ${first.name} #${first.number}${more ? ` and of ${more}` : ''}: ${progress(first)}.`
}

function progress(stage: WaitingJob['missing'][number]): string {
  if (stage.state === null) return 'no job trains it yet'
  if (stage.state !== 'running' || stage.step === null) return `it is ${stage.state}`
  return `running, step ${stage.step}${stage.totalSteps === null ? '' : ` of ${stage.totalSteps}`}`
}
