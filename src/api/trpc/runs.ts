import * as z from 'zod'
import { RUN_STATES } from '#src/core/runs/states.ts'
import { BulkInput } from '#src/protocol/bulk-runs.ts'
import { ColumnValuesInput } from '#src/protocol/column-values.ts'
import { LogSearch } from '#src/protocol/metrics.ts'
import { RunChange, RunMove } from '#src/protocol/runs.ts'
import { DrawnRunsInput, RunGroupsInput, RunsTableInput } from '#src/protocol/runs-table.ts'
import { ExperimentName, PageQuery, Uid } from '#src/protocol/words.ts'
import { listMedia } from '#src/services/artifacts/list-media.ts'
import { listArtifacts } from '#src/services/artifacts/read.ts'
import { listCheckpoints } from '#src/services/checkpoints/get.ts'
import { findConsoleLine } from '#src/services/console/line-at.ts'
import { readConsole } from '#src/services/console/read-console.ts'
import { searchConsole } from '#src/services/console/search-console.ts'
import { listSummaries } from '#src/services/metrics/list-summaries.ts'
import { listRunKeys } from '#src/services/metrics/run-keys.ts'
import { changeRuns } from '#src/services/runs/bulk.ts'
import { getColumnValues } from '#src/services/runs/column-values.ts'
import { deleteRun, requestPurge, restoreRun } from '#src/services/runs/delete.ts'
import { getRunDetail } from '#src/services/runs/detail.ts'
import { getDrawnRuns } from '#src/services/runs/drawn.ts'
import { listRuns } from '#src/services/runs/get.ts'
import { getRunGroups } from '#src/services/runs/groups.ts'
import { listDeletedRuns } from '#src/services/runs/list-deleted.ts'
import { moveRun } from '#src/services/runs/move.ts'
import { stopRun } from '#src/services/runs/stop.ts'
import { getRunsTable } from '#src/services/runs/table.ts'
import { updateRun } from '#src/services/runs/update.ts'
import { projectProcedure, router, workspaceProcedure } from './procedures.ts'

const One = z.object({ run: z.number().int().min(1) })
const OneByUid = z.object({ run: Uid })
/** Artifacts a page shows at once. */
const ARTIFACTS_SHOWN = 1000

export const runsRouter = router({
  list: projectProcedure('run:read')
    .input(PageQuery.extend({ experiment: ExperimentName.optional(), state: z.enum(RUN_STATES).optional() }))
    .query(({ ctx, input }) => listRuns(ctx, input)),
  table: projectProcedure('run:read')
    .input(RunsTableInput)
    .query(({ ctx, input }) => getRunsTable(ctx, input)),
  groups: projectProcedure('run:read')
    .input(RunGroupsInput)
    .query(({ ctx, input }) => getRunGroups(ctx, input)),
  drawn: projectProcedure('run:read')
    .input(DrawnRunsInput)
    .query(({ ctx, input }) => getDrawnRuns(ctx, input)),
  columnValues: projectProcedure('run:read')
    .input(ColumnValuesInput)
    .query(({ ctx, input }) => getColumnValues(ctx, input)),
  get: projectProcedure('run:read')
    .input(One)
    .query(({ ctx, input }) => getRunDetail(ctx, input)),
  stop: projectProcedure('run:write')
    .input(One)
    .mutation(({ ctx, input }) => stopRun(ctx, input)),
  move: projectProcedure('run:write')
    .input(One.extend(RunMove.shape))
    .mutation(({ ctx, input }) => moveRun(ctx, input)),
  update: projectProcedure('run:write')
    .input(One.extend(RunChange.shape))
    .mutation(({ ctx, input }) => updateRun(ctx, input)),
  /** Deleting asks for more, which the verb checks. */
  change: projectProcedure('run:write')
    .input(BulkInput)
    .mutation(({ ctx, input }) => changeRuns(ctx, input)),
  delete: workspaceProcedure('run:delete')
    .input(OneByUid)
    .mutation(({ ctx, input }) => deleteRun(ctx, input)),
  restore: workspaceProcedure('run:delete')
    .input(OneByUid)
    .mutation(({ ctx, input }) => restoreRun(ctx, input)),
  purge: workspaceProcedure('run:delete')
    .input(OneByUid)
    .mutation(({ ctx, input }) => requestPurge(ctx, input)),
  deleted: workspaceProcedure('run:read').query(
    async ({ ctx, input }) => (await listDeletedRuns(ctx, { workspace: input.workspace })).items,
  ),
  metrics: projectProcedure('metric:read')
    .input(One)
    .query(({ ctx, input }) => listSummaries(ctx, input)),
  keys: projectProcedure('metric:read')
    .input(z.object({ runs: z.array(z.number().int().min(1)).max(500) }))
    .query(({ ctx, input }) => listRunKeys(ctx, input)),
  console: projectProcedure('metric:read')
    .input(
      One.extend({
        from: z.number().int().min(0).optional(),
        limit: z.number().int().min(1).max(10_000).default(1000),
        tail: z.boolean().default(false),
      }),
    )
    .query(({ ctx, input }) => readConsole(ctx, input)),
  consoleLine: projectProcedure('metric:read')
    .input(One.extend({ at: z.union([z.object({ step: z.number().min(0) }), z.object({ time: z.number().min(0) })]) }))
    .query(({ ctx, input }) => findConsoleLine(ctx, input)),
  consoleMatches: projectProcedure('metric:read')
    .input(One.extend(LogSearch.shape))
    .query(({ ctx, input }) => searchConsole(ctx, input)),
  media: projectProcedure('artifact:read')
    .input(One)
    .query(({ ctx, input }) => listMedia(ctx, input)),
  checkpoints: projectProcedure('checkpoint:read')
    .input(One)
    .query(async ({ ctx, input }) => (await listCheckpoints(ctx, input)).items),
  artifacts: projectProcedure('artifact:read')
    .input(One)
    .query(async ({ ctx, input }) => (await listArtifacts(ctx, { ...input, limit: ARTIFACTS_SHOWN })).items),
})
