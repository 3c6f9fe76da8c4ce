import * as z from 'zod'
import { BaseUseQuery, LineageCostQuery, ProjectCostQuery, RunCostQuery } from '#src/protocol/cost.ts'
import { CostEntryInput } from '#src/protocol/cost-entries.ts'
import { HardwareUseQuery } from '#src/protocol/hardware-use.ts'
import { RepriceInput } from '#src/protocol/priced-records.ts'
import { BookAdd, BookExportQuery, BookQuery } from '#src/protocol/prices.ts'
import { ExperimentName } from '#src/protocol/words.ts'
import { getBaseUse } from '#src/services/cost/base-use.ts'
import { readPriceBook, writePriceBook } from '#src/services/cost/book-file.ts'
import { addCostEntry, listCostEntries, listCostEntriesOfProject } from '#src/services/cost/entries.ts'
import { getHardwareUse } from '#src/services/cost/hardware-use.ts'
import { getLineageCost } from '#src/services/cost/lineage-cost.ts'
import { getPlanCost } from '#src/services/cost/plan-cost.ts'
import { addPrices, getPriceBook } from '#src/services/cost/price-book.ts'
import { getProjectCost, getStageCost } from '#src/services/cost/project-cost.ts'
import { listPricedTotals, reprice } from '#src/services/cost/reprice.ts'
import { getRunCost } from '#src/services/cost/run-cost.ts'
import { getStoredCheckpoints } from '#src/services/cost/stored-checkpoints.ts'
import { projectProcedure, router, workspaceProcedure } from './procedures.ts'

const OfStage = z.object({ experiment: ExperimentName })
/** Below the limit of a page's request; larger files come in through `/api/v1/price-book/import`. */
const FILE_TEXT_MAX = 900_000

export const costRouter = router({
  lineage: projectProcedure('cost:read')
    .input(LineageCostQuery.extend({ leaf: ExperimentName.optional() }))
    .query(({ ctx, input }) => getLineageCost(ctx, input)),
  project: projectProcedure('cost:read')
    .input(ProjectCostQuery)
    .query(({ ctx, input }) => getProjectCost(ctx, input)),
  stage: projectProcedure('cost:read')
    .input(ProjectCostQuery.extend(OfStage.shape))
    .query(({ ctx, input }) => getStageCost(ctx, input)),
  run: projectProcedure('cost:read')
    .input(RunCostQuery.extend({ run: z.number().int().min(1) }))
    .query(({ ctx, input }) => getRunCost(ctx, input)),
  hardwareUse: projectProcedure('cost:read')
    .input(HardwareUseQuery.extend({ run: z.number().int().min(1) }))
    .query(({ ctx, input }) => getHardwareUse(ctx, input)),
  plan: projectProcedure('cost:read')
    .input(ProjectCostQuery)
    .query(({ ctx, input }) => getPlanCost(ctx, input)),
  baseUse: projectProcedure('cost:read')
    .input(BaseUseQuery.extend(OfStage.shape))
    .query(({ ctx, input }) => getBaseUse(ctx, input)),
  entries: projectProcedure('cost:read')
    .input(OfStage)
    .query(({ ctx, input }) => listCostEntries(ctx, input)),
  allEntries: projectProcedure('cost:read').query(({ ctx, input }) => listCostEntriesOfProject(ctx, input)),
  storage: projectProcedure('cost:read').query(({ ctx, input }) => getStoredCheckpoints(ctx, input)),
  addEntry: projectProcedure('cost:write')
    .input(CostEntryInput.extend(OfStage.shape))
    .mutation(({ ctx, input }) => addCostEntry(ctx, input)),
  records: projectProcedure('cost:read').query(({ ctx, input }) => listPricedTotals(ctx, input)),
  reprice: projectProcedure('cost:write')
    .input(RepriceInput)
    .mutation(({ ctx, input }) => reprice(ctx, input)),
  book: workspaceProcedure('cost:read')
    .input(BookQuery)
    .query(({ ctx, input }) => getPriceBook(ctx, input)),
  addPrices: workspaceProcedure('price:write')
    .input(BookAdd)
    .mutation(({ ctx, input }) => addPrices(ctx, input)),
  exportBook: workspaceProcedure('cost:read')
    .input(BookExportQuery)
    .query(({ ctx, input }) => writePriceBook(ctx, input)),
  importBook: workspaceProcedure('price:write')
    .input(BookExportQuery.extend({ text: z.string().max(FILE_TEXT_MAX) }))
    .mutation(({ ctx, input }) => readPriceBook(ctx, input)),
})
