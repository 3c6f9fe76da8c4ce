/** Words for what a run is doing; the same on screens. */
export const RUN_STATES = ['queued', 'running', 'lost', 'finished', 'failed', 'stopped', 'preempted'] as const
export type RunState = (typeof RUN_STATES)[number]

/** How an attempt ended. */
export const END_REASONS = ['finished', 'failed', 'stopped', 'killed', 'preempted', 'lost', 'timeout'] as const
export type EndReason = (typeof END_REASONS)[number]

const stateAfter: Record<EndReason, RunState> = {
  finished: 'finished',
  failed: 'failed',
  stopped: 'stopped',
  killed: 'failed',
  preempted: 'preempted',
  lost: 'lost',
  timeout: 'failed',
}

/** The run's state once its last attempt has ended with `reason`. */
export const runStateAfter = (reason: EndReason): RunState => stateAfter[reason]

/** True when nobody writes to a run in `state` any more, unless it is resumed. */
export const runEnded = (state: RunState): boolean => state !== 'queued' && state !== 'running' && state !== 'lost'

export const RUN_ACTIONS = ['stop', 'resume', 'archive', 'change_project'] as const
export type RunAction = (typeof RUN_ACTIONS)[number]

const allowedIn: Record<RunAction, readonly RunState[]> = {
  stop: ['queued', 'running', 'lost'],
  resume: ['failed', 'preempted', 'stopped'],
  archive: ['finished', 'failed', 'stopped'],
  // Not while its program writes, nor while it may come back: the key that it holds may be good for its project alone.
  change_project: ['finished', 'failed', 'stopped', 'preempted'],
}

/** True when a run in `state` may take `action`. */
export const mayTake = (action: RunAction, state: RunState): boolean => allowedIn[action].includes(state)

/** A run trains (its checkpoints are the stage's) or evaluates a checkpoint. */
export const RUN_KINDS = ['train', 'evaluate'] as const
export type RunKind = (typeof RUN_KINDS)[number]

/** A run without contact for this long is lost until data arrives again. */
export const LOST_AFTER_MS = 60_000
