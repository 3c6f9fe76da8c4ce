import * as z from 'zod'
import { ChartQuery } from '#src/protocol/chart.ts'
import { CHART_CONTENT_TYPE } from '#src/protocol/chart-body.ts'
import {
  CHART_FRAMES_CONTENT_TYPE,
  CHART_QUESTIONS_MAX,
  type ChartFrame,
  encodeFrame,
} from '#src/protocol/chart-frames.ts'
import { Slug } from '#src/protocol/words.ts'
import type { Context } from '#src/services/context.ts'
import { openChart } from '#src/services/metrics/read-chart.ts'
import { parseShape } from '../json.ts'
import type { OwnCallDeps } from '../own-call.ts'
import { problemResponse, tellProblem } from '../problem.ts'
import { sendChart } from '../send-chart.ts'
import { ownQuestionDoor } from './own-question.ts'

export const SCREEN_CHARTS_PATH = '/api/screen/charts'

const BODY_BYTES_MAX = 512 * 1024
/** Answers under way at once: more would only wait for each other. */
const AT_ONCE = 4

const Questions = z.object({
  questions: z
    .array(z.object({ chart: ChartQuery.extend({ workspace: Slug }), etag: z.string().max(200).nullable() }))
    .min(1)
    .max(CHART_QUESTIONS_MAX),
})
type Question = z.infer<typeof Questions>['questions'][number]

/**
 * `POST /api/screen/charts`: the charts of a group that came into view, asked for in one call; each answer is sent as soon as it is
 * there (`protocol/chart-frames.ts`). What is wrong with one question is told in its frame and keeps none of the others.
 */
export const createScreenCharts = (deps: OwnCallDeps) =>
  ownQuestionDoor(deps, { what: 'Charts for a page', bytesMax: BODY_BYTES_MAX }, (ctx, body) => {
    const { questions } = parseShape(Questions, body)
    return new Response(
      framesOf(questions, (question) => answered(ctx, question)),
      {
        headers: {
          'content-type': CHART_FRAMES_CONTENT_TYPE,
          'cache-control': 'private, no-store, no-transform',
        },
      },
    )
  })

type Answer = Omit<ChartFrame, 'place'>

async function answered(ctx: Context, { chart, etag }: Question): Promise<Answer> {
  const response = await told(ctx, chart, etag)
  return {
    status: response.status,
    etag: response.headers.get('etag') ?? '',
    body: new Uint8Array(await response.arrayBuffer()),
  }
}

async function told(ctx: Context, chart: Question['chart'], ifNoneMatch: string | null): Promise<Response> {
  try {
    return await sendChart(await openChart(ctx, chart), { accept: CHART_CONTENT_TYPE, ifNoneMatch })
  } catch (error) {
    const problem = tellProblem(error, ctx.requestId)
    if (problem.unexpected)
      ctx.services.log.error({ err: error, request_id: ctx.requestId }, 'A chart for a page failed.')
    return problemResponse(problem)
  }
}

/** A frame per question, some under way at once; nothing more is begun once the reader has left. */
function framesOf(
  questions: readonly Question[],
  answer: (question: Question) => Promise<Answer>,
): ReadableStream<Uint8Array> {
  let next = 0
  let isGone = false
  return new ReadableStream({
    start(controller) {
      const work = async () => {
        while (next < questions.length && !isGone) {
          const place = next++
          const frame = encodeFrame({ place, ...(await answer(questions[place] as Question)) })
          if (!isGone) controller.enqueue(frame)
        }
      }
      void Promise.all(Array.from({ length: AT_ONCE }, work)).then(
        () => isGone || controller.close(),
        (error: unknown) => isGone || controller.error(error),
      )
    },
    cancel() {
      isGone = true
    },
  })
}
