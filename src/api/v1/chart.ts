import * as z from 'zod'
import { ChartAnswer, ChartQuery, X_AXES } from '#src/protocol/chart.ts'
import { Slug } from '#src/protocol/words.ts'
import { invalid } from '#src/services/errors.ts'
import { readChart } from '#src/services/metrics/read-chart.ts'
import { defineRoute, type Route } from '../define-route.ts'
import { parseShape } from '../json.ts'

const RUNS_MAX = 500

/** The same question in an address: lists with commas, numbers as ranges. */
const ChartAddress = z.object({
  project: Slug,
  runs: z.string().min(1).max(20_000).meta({ description: 'Numbers, ranges and uids', example: '1-100,205' }),
  metrics: z
    .string()
    .min(1)
    .max(14_000)
    .meta({ description: 'Keys with commas between; POST takes keys that hold one' }),
  x: z.enum(X_AXES).optional(),
  from: z.coerce.number().optional(),
  to: z.coerce.number().optional(),
  px: z.coerce.number().optional(),
  superseded: z.enum(['true', 'false']).optional(),
})

const answers = {
  200: { description: 'Lines as base64 arrays, each saying n of N points.', shape: ChartAnswer },
} as const

export const chartRoutes: readonly Route[] = [
  defineRoute({
    method: 'post',
    path: '/chart',
    summary: 'Lines of metrics of runs',
    tag: 'Metrics',
    permission: 'metric:read',
    body: ChartQuery,
    answers,
    handler: async (ctx, { body }) => ({ status: 200, body: await readChart(ctx, body) }),
  }),
  defineRoute({
    method: 'get',
    path: '/chart',
    summary: 'Lines of metrics of runs',
    tag: 'Metrics',
    permission: 'metric:read',
    query: ChartAddress,
    answers,
    handler: async (ctx, { query }) => {
      const asked = {
        ...query,
        runs: expandRuns(query.runs),
        metrics: query.metrics.split(','),
        superseded: query.superseded === 'true',
      }
      return { status: 200, body: await readChart(ctx, parseShape(ChartQuery, asked, '/query')) }
    },
  }),
]

/** `1-3,7,<uid>` → 1, 2, 3, 7, uid. */
function expandRuns(text: string): (number | string)[] {
  const runs: (number | string)[] = []
  for (const part of text.split(',')) {
    const range = /^(\d{1,10})(?:-(\d{1,10}))?$/.exec(part)
    if (!range) {
      runs.push(part)
      continue
    }
    const from = Number(range[1])
    const to = Number(range[2] ?? from)
    if (to < from || runs.length + to - from >= RUNS_MAX)
      throw invalid(
        '/query/runs',
        `"${part}" must be a range of at most ${RUNS_MAX} runs in all, the smaller number first.`,
      )
    for (let number = from; number <= to; number++) runs.push(number)
  }
  return runs
}
