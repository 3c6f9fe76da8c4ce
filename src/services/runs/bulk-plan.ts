import { jobEnded } from '#src/core/agents/job-states.ts'
import { RUN_TAGS_MAX } from '#src/core/runs/bulk.ts'
import type { HeldRun } from '#src/db/queries/runs/lock-runs.ts'
import type { BulkAnswer, BulkChange } from '#src/protocol/bulk-runs.ts'
import { objectionToLeaving } from './change-project.ts'

/** A change as the rules see it: a move knows its experiment by the id inside, and both projects where they are two. */
export type KnownChange =
  | Exclude<BulkChange, { do: 'move' }>
  | { do: 'move'; experimentId: number; leaves: { from: string; to: string } | null }

/** Why this run cannot be changed so; null when it can, or already is. */
export function objectionTo(run: HeldRun, change: KnownChange): string | null {
  if (change.do === 'restore')
    return run.purge_started_at === null ? null : 'It is deleted for good; there is no way back.'
  if (run.deleted_at !== null) return 'It was deleted. Restore it first.'
  if ((change.do === 'delete' || change.do === 'move') && isDifferent(run, change)) {
    if (run.job_state !== null && !jobEnded(run.job_state))
      return `It is that of a job, which is ${run.job_state}. Cancel the job first.`
  }
  if (change.do === 'move' && change.leaves) return objectionToLeaving(run.state)
  if (change.do === 'tag' && run.tags.length + lacked(run, change.tags).length > RUN_TAGS_MAX)
    return `It would have more than ${RUN_TAGS_MAX} tags.`
  return null
}

/** True when the change would leave the run other than it is. */
export function isDifferent(run: HeldRun, change: KnownChange): boolean {
  switch (change.do) {
    case 'tag':
      return lacked(run, change.tags).length > 0
    case 'untag':
      return change.tags.some((tag) => run.tags.includes(tag))
    case 'group':
      return groupOf(run) !== change.group
    case 'star':
      return !run.is_starred
    case 'unstar':
      return run.is_starred
    case 'archive':
      return run.archived_at === null
    case 'unarchive':
      return run.archived_at !== null
    case 'move':
      return run.experiment_id !== change.experimentId
    case 'delete':
      return run.deleted_at === null
    case 'restore':
      return run.deleted_at !== null
  }
}

const OPPOSITES = {
  star: 'unstar',
  unstar: 'star',
  archive: 'unarchive',
  unarchive: 'archive',
  delete: 'restore',
  restore: 'delete',
} as const

/** What brings runs back to how they are now, once `change` is made; runs that it leaves as they are not among them. */
export function undoOf(runs: readonly HeldRun[], change: KnownChange): BulkAnswer['undo'] {
  const uids = (of: readonly HeldRun[]) => of.map(({ uid }) => uid)
  const steps = (() => {
    switch (change.do) {
      case 'tag':
        return [...new Set(change.tags)].map((tag) => ({
          change: { do: 'untag' as const, tags: [tag] },
          runs: uids(runs.filter((run) => !run.tags.includes(tag))),
        }))
      case 'untag':
        return [...new Set(change.tags)].map((tag) => ({
          change: { do: 'tag' as const, tags: [tag] },
          runs: uids(runs.filter((run) => run.tags.includes(tag))),
        }))
      case 'group': {
        // There may be as many earlier groups as runs.
        const byGroup = new Map<string | null, HeldRun[]>()
        for (const run of runs.filter((run) => isDifferent(run, change))) {
          const known = byGroup.get(groupOf(run))
          if (known) known.push(run)
          else byGroup.set(groupOf(run), [run])
        }
        return [...byGroup].map(([group, of]) => ({ change: { do: 'group' as const, group }, runs: uids(of) }))
      }
      case 'move':
        return [...new Set(runs.filter((run) => isDifferent(run, change)).map((run) => run.experiment))].map(
          (experiment) => ({
            change: { do: 'move' as const, experiment, ...(change.leaves && { to_project: change.leaves.from }) },
            runs: uids(runs.filter((run) => run.experiment === experiment)),
            ...(change.leaves && { project: change.leaves.to }),
          }),
        )
      default:
        return [{ change: { do: OPPOSITES[change.do] }, runs: uids(runs.filter((run) => isDifferent(run, change))) }]
    }
  })()
  return steps.filter((step) => step.runs.length > 0)
}

/** An empty one was taken away. */
const groupOf = (run: HeldRun): string | null => run.run_group || null

const lacked = (run: HeldRun, tags: readonly string[]): string[] =>
  [...new Set(tags)].filter((tag) => !run.tags.includes(tag))
