import { type Actor, actorName } from '../actor.ts'
import type { Context, Services } from '../context.ts'
import { invalid, Refusal } from '../errors.ts'
import { openRun } from '../runs/open.ts'
import type { IncomingBatch } from './store.ts'

/** How a batch of points, telemetry or lines is named: by headers, beside its body. */
export interface BatchHead {
  run: string
  stream: string
  seq: number
  /** Absent only under a job token, which knows it. */
  attempt?: number | undefined
  fence?: number | undefined
}

interface OpenWriter {
  workspaceId: number
  projectId: number
  runId: number
  stop: boolean
  /** Points of attempts up to this one cannot be merged any more; null: of none. */
  thinnedAttempt: number | null
  freshUntilMs: number
}

/** How long a permission and a request to stop are remembered. A batch costs tens of microseconds, looking these up ten times that. */
const FRESH_MS = 1_000
const WRITERS_MAX = 10_000
const writers = new WeakMap<Services, Map<string, Promise<OpenWriter>>>()

/**
 * Who writes this batch, and where it goes. Deletion and fence are checked again in the statement that stores it.
 *
 * @returns the batch, whether a person asked the run to stop, and whether the attempt's raw points are gone
 * @throws Refusal as `openRun` with `run:write`; `stale_fence` and `forbidden` when a job token is used for another attempt
 */
export async function openWriter(
  ctx: Context,
  head: BatchHead,
  body: Buffer,
): Promise<{ batch: IncomingBatch; stop: boolean; isThinned: boolean }> {
  const writer = await remembered(ctx, head.run)
  const { attempt, fence } = ctx.actor.kind === 'job' ? holdToJob(ctx.actor, head) : head
  if (attempt === undefined)
    throw invalid(
      '/headers/X-Attempt',
      'X-Attempt is missing: the number that starting the attempt gave, 1 for a first one.',
    )
  const { workspaceId, projectId, runId, stop, thinnedAttempt } = writer
  return {
    batch: { workspaceId, projectId, runId, clientId: head.stream, seq: head.seq, attempt, fence: fence ?? 0, body },
    stop,
    isThinned: attempt <= (thinnedAttempt ?? 0),
  }
}

async function remembered(ctx: Context, run: string): Promise<OpenWriter> {
  const known = writers.get(ctx.services) ?? new Map<string, Promise<OpenWriter>>()
  writers.set(ctx.services, known)
  const key = `${actorKey(ctx.actor)} ${run}`
  const found = await known.get(key)
  if (found && found.freshUntilMs > Date.now()) return found
  const opening = openRun(ctx, run, 'run:write').then(({ scope, run: row }) => ({
    workspaceId: scope.workspaceId,
    projectId: scope.projectId,
    runId: row.id,
    stop: row.stopRequestedAt !== null,
    thinnedAttempt: row.thinnedAttempt,
    freshUntilMs: Date.now() + FRESH_MS,
  }))
  if (known.size >= WRITERS_MAX) known.clear()
  known.set(key, opening)
  opening.catch(() => known.delete(key))
  return opening
}

/** A sign-in is another one after each request, a key or job is itself. */
const actorKey = (actor: Actor): string =>
  actor.kind === 'job' ? `${actorName(actor)}:${actor.attempt}:${actor.fence}` : actorName(actor)

/** A job token writes for its own attempt under its own fence, and no other. */
function holdToJob(actor: Extract<Actor, { kind: 'job' }>, head: BatchHead): { attempt: number; fence: number } {
  const { attempt, fence } = actor
  if (head.fence !== undefined && head.fence < fence)
    throw new Refusal(
      'stale_fence',
      `The fence ${head.fence} is older than ${fence}: another process holds this run now. Stop this one.`,
      { fence },
    )
  if ((head.attempt ?? attempt) !== attempt || (head.fence ?? fence) !== fence)
    throw new Refusal(
      'forbidden',
      `This job's token is for attempt ${attempt} under fence ${fence}, not attempt ${head.attempt} under ${head.fence}.`,
      { permission: 'run:write' },
    )
  return { attempt, fence }
}
