import { randomUUID } from 'node:crypto'
import { Readable } from 'node:stream'
import { text } from 'node:stream/consumers'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { downloadConsole } from '#src/services/console/download-console.ts'
import { ingestConsole } from '#src/services/console/ingest.ts'
import { searchConsole } from '#src/services/console/search-console.ts'
import { type Lab, makeProject, makeRun, openLab } from '#test/factories/lab.ts'
import { expectRefusal } from '#test/factories/refusals.ts'

const ESC = '\u001b'

let lab: Lab
let project: { slug: string; id: number }
beforeAll(async () => {
  lab = await openLab()
  project = await makeProject(lab)
})
afterAll(() => lab.close())

/** A run whose console has these lines, in batches of a few. */
async function runWith(lines: readonly string[], batch = 3) {
  const run = await makeRun(lab, project.slug)
  const clientId = randomUUID()
  for (let seq = 1; (seq - 1) * batch < lines.length; seq++)
    await send(run, clientId, seq, lines.slice((seq - 1) * batch, seq * batch))
  return { ...run, clientId }
}

const send = (run: Awaited<ReturnType<typeof makeRun>>, stream: string, seq: number, lines: readonly string[]) =>
  ingestConsole(
    run.ctx,
    { run: run.uid, stream, seq, attempt: 1 },
    Buffer.from(JSON.stringify({ lines: lines.map((line, i) => ({ t: 1_000 + i, fd: 1, text: line })) })),
  )

const search = (
  run: { uid: string },
  q: string,
  more: { regex?: boolean; exact?: boolean; since?: number; before?: number } = {},
) => searchConsole(lab.user('viewer'), { run: run.uid, q, regex: false, exact: false, since: 0, ...more })

test('a text is found in every line that shows it: behind colours, after carriage returns, in any script, and not across lines', async () => {
  const run = await runWith([
    'step 1 loss 6.3',
    `${ESC}[1mre${ESC}[0mplay mix`,
    'Replay again, replay twice',
    '10 % replay\r100 %',
    'Straße ü REPLAY',
    'rep',
    'lay',
    `${ESC}]0;replay${ESC}\\title`,
  ])
  expect(await search(run, 'replay')).toMatchObject({ total_lines: 8, searched_from: 0, matches: 3, lines: [1, 2, 4] })
  expect((await search(run, 'replay', { exact: true })).lines).toEqual([1, 2])
  expect((await search(run, 'STRAẞE')).lines).toEqual([4])
  expect((await search(run, 'ü')).lines).toEqual([4])
  expect((await search(run, 'replay', { since: 2 })).lines).toEqual([2, 4])
  expect(await search(run, 'replay', { before: 4 })).toMatchObject({ searched_from: 0, matches: 2, lines: [1, 2] })
  expect(await search(run, 'nowhere')).toMatchObject({ matches: 0, lines: [] })
})

test('a regular expression finds lines by what they show, from their beginning to their end', async () => {
  const run = await runWith(['step 50 loss 6.36', 'loss', `${ESC}[31mstep 60${ESC}[0m`, 'eval 7'])
  expect((await search(run, '^step \\d+$', { regex: true })).lines).toEqual([2])
  expect((await search(run, 'STEP (5|6)0', { regex: true })).lines).toEqual([0, 2])
  expect((await search(run, '\\p{Lu}', { regex: true, exact: true })).lines).toEqual([])
})

test('what is no pattern, and a pattern that would run away, are refused with the reason, and the process goes on meanwhile', async () => {
  const run = await runWith([`${'a'.repeat(5_000)}!`])
  const wrong = await expectRefusal(search(run, '(', { regex: true }), 'invalid_request')
  expect(wrong.message).toContain('Unterminated group')
  let longest = 0
  let last = performance.now()
  const timer = setInterval(() => {
    longest = Math.max(longest, performance.now() - last)
    last = performance.now()
  }, 1)
  const slow = await expectRefusal(search(run, '(a+)+$', { regex: true }), 'invalid_request')
  clearInterval(timer)
  expect(slow.message).toContain('takes too long')
  expect(longest).toBeLessThan(500)
  expect((await search(run, 'a!$', { regex: true })).lines).toEqual([0])
})

test('lines that came since are looked through alone, and the newest 10,000 are told one by one', async () => {
  const run = await runWith(
    Array.from({ length: 12_000 }, (_, i) => `step ${i}`),
    2_000,
  )
  const first = await search(run, 'step')
  expect([first.matches, first.lines.length, first.lines[0], first.lines.at(-1)]).toEqual([
    12_000, 10_000, 2_000, 11_999,
  ])
  await send(run, run.clientId, 7, ['step 12000', 'done'])
  expect(await search(run, 'step', { since: first.total_lines })).toMatchObject({
    total_lines: 12_002,
    matches: 1,
    lines: [12_000],
  })
})

test('the download has every line as it was printed; strangers get neither it nor an answer', async () => {
  const lines = Array.from({ length: 2_500 }, (_, i) => `${ESC}[32mline ${i}${ESC}[0m`)
  const run = await runWith(lines, 700)
  const { name, bytes } = await downloadConsole(lab.user('viewer'), { run: run.uid })
  expect(name).toBe(`run-${run.number}.log`)
  expect(await text(Readable.from(bytes))).toBe(lines.map((line) => `${line}\n`).join(''))
  await expectRefusal(downloadConsole(lab.stranger(), { run: run.uid }), 'not_found')
  await expectRefusal(
    searchConsole(lab.stranger(), { run: run.uid, q: 'x', regex: false, exact: false, since: 0 }),
    'not_found',
  )
})
