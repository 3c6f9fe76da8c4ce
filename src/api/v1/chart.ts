import * as z from 'zod'
import { GROUP_BANDS, GROUP_CENTERS, SMOOTHINGS, X_AXES } from '#src/core/metrics/chart-choices.ts'
import { ChartAnswer, ChartQuery } from '#src/protocol/chart.ts'
import { Slug } from '#src/protocol/words.ts'
import { invalid } from '#src/services/errors.ts'
import { openChart } from '#src/services/metrics/read-chart.ts'
import { defineRoute, type Route } from '../define-route.ts'
import { parseShape } from '../json.ts'
import { sendChart } from '../send-chart.ts'

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
  across: z.enum(['true', 'false']).optional().meta({ description: 'Runs of any projects, by uid' }),
  x_metric: z.string().optional(),
  group: z.enum(['all', 'experiment', 'config']).optional(),
  group_key: z.string().optional().meta({ description: 'Path into the config, with group=config' }),
  center: z.enum(GROUP_CENTERS).optional(),
  band: z.enum(GROUP_BANDS).optional(),
  smooth: z.enum(SMOOTHINGS).optional(),
  smooth_amount: z.coerce.number().optional(),
})

const answers = {
  200: {
    description:
      'Lines as base64 arrays, each saying n of N points; with `Accept: application/vnd.descent.chart.v1` as bytes. ' +
      'With `If-None-Match` of an answer that still holds: 304.',
    shape: ChartAnswer,
  },
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
    handler: async (ctx, { body, request }) => sendChart(await openChart(ctx, body), conditionsOf(request)),
  }),
  defineRoute({
    method: 'get',
    path: '/chart',
    summary: 'Lines of metrics of runs',
    tag: 'Metrics',
    permission: 'metric:read',
    query: ChartAddress,
    answers,
    handler: async (ctx, { query, request }) => {
      const { group, group_key, center, band, smooth, smooth_amount, ...plain } = query
      const asked = {
        ...plain,
        runs: expandRuns(query.runs),
        metrics: query.metrics.split(','),
        superseded: query.superseded === 'true',
        across: query.across === 'true',
        ...(group && { group: { by: group, key: group_key, center, band } }),
        ...(smooth && { smooth: { kind: smooth, amount: smooth_amount } }),
      }
      return sendChart(await openChart(ctx, parseShape(ChartQuery, asked, '/query')), conditionsOf(request))
    },
  }),
]

const conditionsOf = ({ headers }: Request) => ({
  accept: headers.get('accept'),
  ifNoneMatch: headers.get('if-none-match'),
})

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
