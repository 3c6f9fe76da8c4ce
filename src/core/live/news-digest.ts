/** What advanced of runs, gathered until it is told: however much happens, a reader gets one entry per run. */

/**
 * `points`: points were committed. `console`: lines were. `state`: the run began, ended, was renamed, got a checkpoint …
 * `progress`: what lists show of the points (last step, latest values) was written, which comes up to a second after them.
 */
export const NEWS_KINDS = ['points', 'console', 'state', 'progress'] as const
export type NewsKind = (typeof NEWS_KINDS)[number]

/** All that happened to one run since it was last told. */
export interface Advance {
  /** The newest word on the step; null when nothing was said of it. */
  lastStep: number | null
  /** Of the newest, epoch ms. */
  atMs: number
  /** One bit per kind, in the order of `NEWS_KINDS`. */
  kinds: number
}

/** Run id → what advanced. */
export type NewsDigest = Map<number, Advance>

/** The bit of a kind in `Advance.kinds`. */
export const bitOf = (kind: NewsKind): number => 1 << NEWS_KINDS.indexOf(kind)

/** The kinds of some bits, in the order of `NEWS_KINDS`. */
export const kindsOf = (bits: number): NewsKind[] => NEWS_KINDS.filter((_, i) => (bits & (1 << i)) !== 0)

/** Adds what happened to one run. Later calls are later news: their step counts, smaller or not, since a run may resume further back. */
export function addAdvance(digest: NewsDigest, runId: number, news: Readonly<Advance>): void {
  const known = digest.get(runId)
  if (!known) {
    digest.set(runId, { ...news })
    return
  }
  if (news.lastStep !== null) known.lastStep = news.lastStep
  if (news.atMs > known.atMs) known.atMs = news.atMs
  known.kinds |= news.kinds
}

/** Adds all of a later digest. */
export function addDigest(digest: NewsDigest, later: ReadonlyMap<number, Readonly<Advance>>): void {
  for (const [runId, advance] of later) addAdvance(digest, runId, advance)
}

/**
 * How long to wait with the next telling, ms, so that there is at most one per `everyMs`: 0 after a pause, so that what comes alone is
 * told at once.
 *
 * @param lastMs when it was last told; null: never
 */
export const waitMs = (lastMs: number | null, nowMs: number, everyMs: number): number =>
  lastMs === null ? 0 : Math.min(everyMs, Math.max(0, lastMs + everyMs - nowMs))
