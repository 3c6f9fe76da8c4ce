import type { JobState } from '../agents/job-states.ts'
import type { RunKind, RunState } from '../runs/states.ts'

/** How many runs of an experiment stand where; `job` is the state of the run's job, null for a run without one. */
export interface Work {
  kind: RunKind
  run: RunState
  job: JobState | null
  n: number
}

export type ExperimentWord = 'planned' | 'waiting' | 'running' | 'finished' | 'failed'

export interface ExperimentStanding {
  state: ExperimentWord
  /** What it does, waits for, or how it ended; null when the state says it all. */
  detail: string | null
}

/**
 * The state of an experiment, derived from its runs and jobs. Something at work wins over something that waits, that over what
 * has finished, that over what failed. A trained stage whose evaluation is still to come is finished and says so.
 *
 * @param hasWeights true for an external base or API model, and for a stage from a file: they have their checkpoint without a run
 */
export function experimentState(work: readonly Work[], hasWeights: boolean): ExperimentStanding {
  const count = (kind: RunKind, ...stages: Stage[]) =>
    work.filter((w) => w.kind === kind && stages.includes(stageOf(w))).reduce((sum, w) => sum + w.n, 0)
  const lost = work.filter((w) => w.run === 'lost' && stageOf(w) === 'working').reduce((sum, w) => sum + w.n, 0)
  if (count('train', 'working') > 0) return { state: 'running', detail: lost > 0 ? 'no contact' : null }
  if (count('evaluate', 'working') > 0) return { state: 'running', detail: 'evaluates its checkpoint' }
  if (count('train', 'held') > 0) return { state: 'waiting', detail: 'waits for the checkpoint of its parent' }
  if (count('train', 'queued') > 0) return { state: 'waiting', detail: 'waits for a machine' }
  if (count('train', 'done') > 0 || hasWeights)
    return {
      state: 'finished',
      detail:
        count('evaluate', 'held', 'queued') > 0
          ? 'its evaluation is queued'
          : count('evaluate', 'failed') > 0 && count('evaluate', 'done') === 0
            ? 'its evaluation failed'
            : null,
    }
  const failed = work.find((w) => w.kind === 'train' && stageOf(w) === 'failed')
  if (failed) return { state: 'failed', detail: failed.job === 'canceled' ? 'canceled' : failed.run }
  return { state: 'planned', detail: null }
}

type Stage = 'held' | 'queued' | 'working' | 'done' | 'failed'

function stageOf({ run, job }: Work): Stage {
  switch (job) {
    case 'waiting':
      return 'held'
    case 'queued':
      return 'queued'
    case 'leased':
    case 'running':
    case 'canceling':
      return 'working'
    case 'failed':
    case 'canceled':
      return 'failed'
    case 'finished':
      return run === 'failed' ? 'failed' : 'done'
    default:
      return ofRun(run)
  }
}

function ofRun(run: RunState): Stage {
  if (run === 'queued') return 'queued'
  if (run === 'running' || run === 'lost') return 'working'
  return run === 'finished' ? 'done' : 'failed'
}
