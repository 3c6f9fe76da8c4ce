/** Fails some of what a page asks and lets the rest through to the server. */
import type { Page } from '@playwright/test'
import { CHART_FRAMES_CONTENT_TYPE, encodeFrame, readFrames } from '../../../src/protocol/chart-frames.ts'

/** As a broken server answers: the sentence and the id under which its log holds the cause. */
const problem = (requestId: string) => ({
  title: 'Broken',
  status: 500,
  detail: `Something broke while answering. The server's log holds the cause under the request id ${requestId}.`,
  instance: `urn:descent:request:${requestId}`,
})

/** Breaks one procedure; others of the same call are answered. Ends with what it gives. */
export async function breakProcedure(page: Page, name: string, requestId: string): Promise<() => Promise<void>> {
  const pattern = (url: URL) => url.pathname.startsWith('/api/trpc/') && namesOf(url).includes(name)
  await page.route(pattern, async (route) => {
    const names = namesOf(new URL(route.request().url()))
    const real = await route.fetch()
    const answers = (await real.json()) as unknown[]
    const error = {
      message: 'Broken',
      code: -32_603,
      data: { code: 'INTERNAL_SERVER_ERROR', httpStatus: 500, path: name, problem: problem(requestId) },
    }
    await route.fulfill({ status: 207, json: answers.map((answer, i) => (names[i] === name ? { error } : answer)) })
  })
  return () => page.unroute(pattern)
}

const namesOf = (url: URL): string[] => url.pathname.slice('/api/trpc/'.length).split(',')

/** Breaks the charts of one metric; others that are asked for together with them are answered. Ends with what it gives. */
export async function breakCharts(page: Page, metric: string, requestId: string): Promise<() => Promise<void>> {
  const body = new TextEncoder().encode(JSON.stringify(problem(requestId)))
  const isOf = (question: { chart: { metrics: string[] } } | undefined) => question?.chart.metrics.includes(metric)
  await page.route('**/api/screen/charts', async (route) => {
    const { questions } = route.request().postDataJSON() as { questions: { chart: { metrics: string[] } }[] }
    const real = await route.fetch()
    const stream = new Response(new Uint8Array(await real.body())).body
    const frames: Uint8Array[] = []
    if (stream)
      for await (const frame of readFrames(stream))
        frames.push(encodeFrame(isOf(questions[frame.place]) ? { ...frame, status: 500, etag: '', body } : frame))
    await route.fulfill({ contentType: CHART_FRAMES_CONTENT_TYPE, body: Buffer.concat(frames) })
  })
  await page.route('**/api/screen/chart', async (route) => {
    if (!isOf({ chart: route.request().postDataJSON() as { metrics: string[] } })) return route.continue()
    return route.fulfill({ status: 500, json: problem(requestId) })
  })
  return async () => {
    await page.unroute('**/api/screen/charts')
    await page.unroute('**/api/screen/chart')
  }
}
