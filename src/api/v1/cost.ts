import * as z from 'zod'
import { AllocationsInput } from '#src/protocol/allocations.ts'
import {
  BaseUse,
  BaseUseQuery,
  LineageCost,
  LineageCostQuery,
  PlanCost,
  ProjectCost,
  ProjectCostQuery,
  RunCost,
  RunCostQuery,
  StageCostAlone,
} from '#src/protocol/cost.ts'
import { CostEntryInput, CostEntryView } from '#src/protocol/cost-entries.ts'
import { HardwareUse, HardwareUseQuery } from '#src/protocol/hardware-use.ts'
import { PricedRecord, RepriceInput } from '#src/protocol/priced-records.ts'
import { BookAdd, BookExportQuery, BookImported, BookQuery, PriceBook, PriceBookFile } from '#src/protocol/prices.ts'
import { StoredCheckpoints } from '#src/protocol/stored-checkpoints.ts'
import { Slug, Uid } from '#src/protocol/words.ts'
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
import { tellAllocations } from '#src/services/cost/tell-allocations.ts'
import { defineRoute, type Route } from '../define-route.ts'

const ProjectParams = z.object({ project: Slug })
const StageParams = ProjectParams.extend({ experiment: z.string().min(1).max(64) })
const RunParams = ProjectParams.extend({ run: z.coerce.number().int().min(1).meta({ type: 'integer' }) })
const FILE_BYTES_MAX = 8 * 1024 * 1024
const tag = 'Cost'

export const costRoutes: readonly Route[] = [
  defineRoute({
    method: 'get',
    path: '/projects/{project}/cost',
    summary: 'What a project cost, stage by stage, with everything that was spent on it',
    tag,
    permission: 'cost:read',
    params: ProjectParams,
    query: ProjectCostQuery,
    answers: { 200: { description: 'The costs.', shape: ProjectCost } },
    handler: async (ctx, { params, query }) => ({
      status: 200,
      body: await getProjectCost(ctx, { ...query, ...params }),
    }),
  }),
  defineRoute({
    method: 'get',
    path: '/projects/{project}/cost/plan',
    summary: 'Planned against actual, stage by stage',
    tag,
    permission: 'cost:read',
    params: ProjectParams,
    query: ProjectCostQuery,
    answers: { 200: { description: 'The stages.', shape: PlanCost } },
    handler: async (ctx, { params, query }) => ({ status: 200, body: await getPlanCost(ctx, { ...query, ...params }) }),
  }),
  defineRoute({
    method: 'get',
    path: '/projects/{project}/cost/entries',
    summary: 'Costs of all stages that no device-hour tells, oldest first, corrected ones included',
    tag,
    permission: 'cost:read',
    params: ProjectParams,
    answers: { 200: { description: 'The entries.', shape: z.object({ items: z.array(CostEntryView) }) } },
    handler: async (ctx, { params }) => ({ status: 200, body: await listCostEntriesOfProject(ctx, params) }),
  }),
  defineRoute({
    method: 'get',
    path: '/projects/{project}/cost/storage',
    summary: 'What the checkpoints take by stage, adapters apart from whole models, and the recorded price of storage',
    tag,
    permission: 'cost:read',
    params: ProjectParams,
    answers: { 200: { description: 'The sizes.', shape: StoredCheckpoints } },
    handler: async (ctx, { params }) => ({ status: 200, body: await getStoredCheckpoints(ctx, params) }),
  }),
  defineRoute({
    method: 'get',
    path: '/projects/{project}/cost/records',
    summary: 'Totals that were reckoned once and kept, the newest first',
    tag,
    permission: 'cost:read',
    params: ProjectParams,
    answers: { 200: { description: 'The records.', shape: z.object({ items: z.array(PricedRecord) }) } },
    handler: async (ctx, { params }) => ({ status: 200, body: await listPricedTotals(ctx, params) }),
  }),
  defineRoute({
    method: 'post',
    path: '/projects/{project}/cost/records',
    summary: 'Reckon a total with a price book as it stands, or stood at a time, and keep it; earlier totals stay',
    tag,
    permission: 'cost:write',
    params: ProjectParams,
    body: RepriceInput,
    idempotent: true,
    answers: { 201: { description: 'The record.', shape: PricedRecord } },
    handler: async (ctx, { params, body }) => ({ status: 201, body: await reprice(ctx, { ...body, ...params }) }),
  }),
  defineRoute({
    method: 'get',
    path: '/projects/{project}/experiments/{experiment}/cost',
    summary: 'What one stage cost: all of its runs, without its ancestors',
    tag,
    permission: 'cost:read',
    params: StageParams,
    query: ProjectCostQuery,
    answers: { 200: { description: 'The cost.', shape: StageCostAlone } },
    handler: async (ctx, { params, query }) => ({
      status: 200,
      body: await getStageCost(ctx, { ...query, ...params }),
    }),
  }),
  defineRoute({
    method: 'get',
    path: '/projects/{project}/experiments/{experiment}/cost/lineage',
    summary: 'What the model at this stage cost over all it descends from, shared ancestors once',
    tag,
    permission: 'cost:read',
    params: StageParams,
    query: LineageCostQuery,
    answers: { 200: { description: 'The cost.', shape: LineageCost } },
    handler: async (ctx, { params: { project, experiment }, query }) => ({
      status: 200,
      body: await getLineageCost(ctx, { ...query, project, leaf: experiment }),
    }),
  }),
  defineRoute({
    method: 'get',
    path: '/projects/{project}/experiments/{experiment}/cost/use',
    summary: 'Who used a stage, and its cost spread over them or over served tokens',
    tag,
    permission: 'cost:read',
    params: StageParams,
    query: BaseUseQuery,
    answers: { 200: { description: 'The users.', shape: BaseUse } },
    handler: async (ctx, { params, query }) => ({ status: 200, body: await getBaseUse(ctx, { ...query, ...params }) }),
  }),
  defineRoute({
    method: 'get',
    path: '/projects/{project}/experiments/{experiment}/cost/entries',
    summary: 'Costs that no device-hour tells, oldest first, corrected ones included',
    tag,
    permission: 'cost:read',
    params: StageParams,
    answers: { 200: { description: 'The entries.', shape: z.object({ items: z.array(CostEntryView) }) } },
    handler: async (ctx, { params }) => ({ status: 200, body: await listCostEntries(ctx, params) }),
  }),
  defineRoute({
    method: 'post',
    path: '/projects/{project}/experiments/{experiment}/cost/entries',
    summary: 'Add tokens of an API, labels, storage, traffic or people to a stage or one of its runs',
    tag,
    permission: 'cost:write',
    params: StageParams,
    body: CostEntryInput,
    idempotent: true,
    answers: { 201: { description: 'The entry.', shape: CostEntryView } },
    handler: async (ctx, { params, body }) => ({ status: 201, body: await addCostEntry(ctx, { ...body, ...params }) }),
  }),
  defineRoute({
    method: 'get',
    path: '/projects/{project}/runs/{run}/cost',
    summary: 'What one run cost, by its number: allocated and used device-hours and the money of both',
    tag,
    permission: 'cost:read',
    params: RunParams,
    query: RunCostQuery,
    answers: { 200: { description: 'The cost.', shape: RunCost } },
    handler: async (ctx, { params, query }) => ({ status: 200, body: await getRunCost(ctx, { ...query, ...params }) }),
  }),
  defineRoute({
    method: 'get',
    path: '/projects/{project}/runs/{run}/hardware-use',
    summary:
      'How a run used its hardware over time: utilisation, power, speed, MFU, idle time; hours and energy of a part of the time',
    tag,
    permission: 'cost:read',
    params: RunParams,
    query: HardwareUseQuery,
    answers: { 200: { description: 'Lines over time and the totals of the part.', shape: HardwareUse } },
    handler: async (ctx, { params, query }) => ({
      status: 200,
      body: await getHardwareUse(ctx, { ...query, ...params }),
    }),
  }),
  defineRoute({
    method: 'post',
    path: '/runs/{run}/allocations',
    summary: 'Say after the fact what hardware a run held; a device is held once at a time',
    tag,
    permission: 'run:write',
    params: z.object({ run: Uid }),
    body: AllocationsInput,
    idempotent: true,
    answers: { 201: { description: 'They count.', shape: z.object({ added: z.number().int() }) } },
    handler: async (ctx, { params, body }) => ({
      status: 201,
      body: await tellAllocations(ctx, { ...body, ...params }),
    }),
  }),
  defineRoute({
    method: 'get',
    path: '/price-book',
    summary: 'A price book with sources, dates and rates; the built-in prices are in every book',
    tag,
    permission: 'cost:read',
    query: BookQuery,
    answers: { 200: { description: 'The book.', shape: PriceBook } },
    handler: async (ctx, { query }) => ({ status: 200, body: await getPriceBook(ctx, query) }),
  }),
  defineRoute({
    method: 'post',
    path: '/price-book',
    summary: 'Record prices and rates; what was there stays, and a newer price goes before an older one',
    tag,
    permission: 'price:write',
    body: BookAdd,
    idempotent: true,
    answers: { 201: { description: 'The book.', shape: PriceBook } },
    handler: async (ctx, { body }) => ({ status: 201, body: await addPrices(ctx, body) }),
  }),
  defineRoute({
    method: 'get',
    path: '/price-book/export',
    summary: 'A price book as a file; imported, it exports the same again',
    tag,
    permission: 'cost:read',
    query: BookExportQuery,
    answers: { 200: { description: 'The file, as JSON or CSV.', shape: PriceBookFile } },
    handler: async (ctx, { query }) => {
      const { name, text } = await writePriceBook(ctx, query)
      return new Response(text, {
        headers: {
          'content-type': query.format === 'csv' ? 'text/csv; charset=utf-8' : 'application/json',
          'content-disposition': `attachment; filename="${name}"`,
          'x-content-type-options': 'nosniff',
          'cache-control': 'private, no-store',
        },
      })
    },
  }),
  defineRoute({
    method: 'post',
    path: '/price-book/import',
    summary: 'Take a price book from a file; what is there already is left as it is',
    tag,
    permission: 'price:write',
    query: BookExportQuery,
    raw: 'bytes',
    body: PriceBookFile,
    contentTypes: ['text/csv'],
    bodyLimit: FILE_BYTES_MAX,
    answers: { 200: { description: 'How many records were new.', shape: BookImported } },
    handler: async (ctx, { query, bytes }) => ({
      status: 200,
      body: await readPriceBook(ctx, { ...query, text: (await bytes()).toString('utf8') }),
    }),
  }),
]
