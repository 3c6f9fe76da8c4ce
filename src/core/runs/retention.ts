const DAY_MS = 24 * 60 * 60 * 1000

/** How long a deleted run can be restored before its data is deleted for good. */
export const GRACE_DAYS = 7
export const GRACE_MS = GRACE_DAYS * DAY_MS

/** Deleted runs that one list holds at most. */
export const DELETED_LISTED_MAX = 1000

/** After a deletion, how long until the second look for a batch that was under way. */
export const SECOND_LOOK_MS = 60_000

/** Days after its end from which a run may be thinned, at the least and at the most. */
export const THIN_DAYS_MIN = 7
export const THIN_DAYS_MAX = 36_500

/**
 * Between the refusal of further points of a run and its thinning: a batch that was let in before is stored by then, since no request
 * may take longer than 120 s.
 */
export const THINNING_WAIT_MS = 180_000

/** Where a deleted run stands. */
export const DELETED_PHASES = ['restorable', 'waiting', 'deleting', 'gone'] as const
export type DeletedPhase = (typeof DELETED_PHASES)[number]

export interface Deletion {
  deletedAtMs: number
  /** Somebody asked not to wait for the end of the grace time. */
  isRequested: boolean
  isStarted: boolean
  isPurged: boolean
}

/** When the deletion for good begins, ms; null once it was asked for or has begun. */
export const purgeDueMs = ({ deletedAtMs, isRequested, isStarted }: Deletion): number | null =>
  isRequested || isStarted ? null : deletedAtMs + GRACE_MS

/** restorable: within the grace time; waiting: due, and the clock has not come to it; deleting: no way back; gone: only its mark is left. */
export function deletedPhase(deletion: Deletion, nowMs: number): DeletedPhase {
  if (deletion.isPurged) return 'gone'
  if (deletion.isStarted) return 'deleting'
  const due = purgeDueMs(deletion)
  return due === null || due <= nowMs ? 'waiting' : 'restorable'
}

/** True until the deletion for good has begun. */
export const mayRestore = (phase: DeletedPhase): boolean => phase === 'restorable' || phase === 'waiting'

/** Whole days left of the grace time, begun ones included; 0 when it is over. */
export const daysLeft = (dueMs: number, nowMs: number): number => Math.max(0, Math.ceil((dueMs - nowMs) / DAY_MS))
