import { groupBy } from '#src/core/lineage/group-by.ts'
import { readEnvironment } from '#src/core/runs/read-environment.ts'
import type { CheckpointViewRow } from '#src/db/queries/checkpoints/list-checkpoints.ts'
import { instantOrNull } from '#src/db/queries/instant.ts'
import { listAllocations } from '#src/db/queries/runs/allocations.ts'
import { type AttemptViewRow, listAttempts } from '#src/db/queries/runs/attempts.ts'
import { listRunsById } from '#src/db/queries/runs/find-run.ts'
import { listInputsOfRuns } from '#src/db/queries/runs/inputs.ts'
import type { RunRow } from '#src/db/queries/runs/locate-run.ts'
import { projectScope, type Scope } from '#src/db/scope.ts'
import type { WritingRun } from '#src/protocol/provenance.ts'
import { permissionsIn } from '#src/services/authorize.ts'
import type { Context } from '#src/services/context.ts'
import { wallSeconds } from '#src/services/runs/wall-seconds.ts'

/**
 * The runs that wrote checkpoints, by the checkpoint's id inside; those of projects that the reader may not see and of checkpoints
 * without a run are left out.
 */
export async function writingRuns(
  ctx: Context,
  scope: Scope,
  checkpoints: readonly CheckpointViewRow[],
): Promise<Map<number, WritingRun>> {
  const written = checkpoints.flatMap(({ id, run_id, attempt, project_id, experiment }) => {
    const place = projectScope(scope.workspaceId, project_id)
    const isSeen = permissionsIn(ctx.actor, place)?.includes('run:read')
    return isSeen && run_id !== null && attempt !== null
      ? [{ id, runId: run_id, attempt, project: experiment.project }]
      : []
  })
  const ids = [...new Set(written.map(({ runId }) => runId))]
  const [runs, attempts, allocations, inputs] = await Promise.all([
    listRunsById(ctx.db, scope, ids),
    listAttempts(ctx.db, scope, ids),
    listAllocations(ctx.db, scope, ids),
    listInputsOfRuns(ctx.db, scope, ids),
  ])
  const of = <Row extends { runId: number }>(rows: readonly Row[], id: number) => rows.filter((row) => row.runId === id)
  return new Map(
    written.flatMap(({ id, runId, attempt, project }) => {
      const run = runs.find((one) => one.id === runId)
      if (!run) return []
      const has = {
        attempts: of(attempts, runId),
        allocations: of(allocations, runId),
        inputs: inputs.get(runId) ?? [],
      }
      return [[id, writingRun(ctx, { run, project, attempt, ...has })] as const]
    }),
  )
}

function writingRun(
  ctx: Context,
  of: {
    run: RunRow
    /** Its slug. */
    project: string
    attempt: number
    attempts: readonly AttemptViewRow[]
    allocations: Awaited<ReturnType<typeof listAllocations>>
    inputs: WritingRun['inputs']
  },
): WritingRun {
  const { run, allocations, inputs } = of
  const { git, command } = readEnvironment(run.environment)
  const at = { isLive: run.state === 'running' || run.state === 'lost', nowMs: ctx.services.now().getTime() }
  return {
    project: of.project,
    uid: run.uid,
    number: run.number,
    name: run.name,
    state: run.state,
    attempt: viewAttempt(
      of.attempt,
      of.attempts.find(({ number }) => number === of.attempt),
    ),
    code: git && { commit: git.commit, branch: git.branch, remote: git.remote, dirty: git.dirty },
    command,
    inputs,
    hardware: [...groupBy(allocations, (a) => `${a.deviceKind} ${a.count} ${a.deviceName}`).values()].flatMap((held) =>
      held.slice(0, 1).map(({ deviceKind, deviceName, count }) => ({
        device_kind: deviceKind,
        device_name: deviceName,
        count,
        hours: held.reduce((sum, one) => sum + ((wallSeconds([one], at) ?? 0) * one.count) / 3600, 0),
      })),
    ),
  }
}

const viewAttempt = (number: number, attempt: AttemptViewRow | undefined): WritingRun['attempt'] => ({
  number,
  first_step: attempt?.firstStep ?? 0,
  started_at: instantOrNull(attempt?.startedAt ?? null),
  ended_at: instantOrNull(attempt?.endedAt ?? null),
  end_reason: attempt?.endReason ?? null,
  host: attempt?.host ?? null,
})
