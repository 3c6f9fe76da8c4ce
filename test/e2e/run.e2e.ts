import { createHash, randomUUID } from 'node:crypto'
import type { Door } from './setup/door.ts'
import { fitsWidth } from './setup/fits-width.ts'
import { expect, test, WORKSPACE } from './setup/fixtures.ts'
import { sendFile } from './setup/send-file.ts'

const HOSTILE = '<img src=x onerror="document.title=\'taken\'">'

test.beforeEach(async ({ login }) => {
  await login()
})

test('a run is read by pointer, keys and table, and its text stays text', async ({ page, door, accessible }) => {
  const project = `run-${Date.now()}`
  const number = await sendRun(door, project, { finish: true })
  await page.goto(`/${WORKSPACE}/${project}/runs/${number}`)
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(`first ${HOSTILE}`)
  await expect(page.getByText('Finished').first()).toBeVisible()

  const chart = page.getByRole('group', { name: /^loss over step, 60 points\. Last/ })
  await expect(chart).toBeVisible()
  await expect(page.getByText('60 of 60 points, 1 not finite')).toBeVisible()
  await chart.focus()
  await page.keyboard.press('Home')
  await expect(chart.getByText('Step 0', { exact: true })).toBeVisible()
  await page.keyboard.press('ArrowRight')
  await expect(chart.getByText('Step 1', { exact: true })).toBeVisible()
  await expect(chart.locator('[aria-live=polite]')).toContainText('Step 1: loss')
  await page.keyboard.press('+')
  await expect(page.getByRole('button', { name: 'Reset zoom' }).first()).toBeAttached()
  await page.keyboard.press('0')
  await expect(page.getByRole('button', { name: 'Reset zoom' })).toHaveCount(0)

  const figure = page.getByRole('figure', { name: 'loss', exact: true })
  await figure.getByRole('button', { name: 'Show as table' }).click()
  await expect(figure.getByRole('rowheader', { name: 'Step 59' })).toBeVisible()
  const download = page.waitForEvent('download')
  await figure.getByRole('button', { name: 'Download CSV' }).click()
  expect((await download).suggestedFilename()).toBe('loss.csv')

  await expect(page.getByText(`line 7 ${HOSTILE}`)).toBeVisible()
  // The search begins at what is in sight, the end, and goes round.
  const search = page.getByRole('textbox', { name: 'Search the console' })
  await search.fill('line 1')
  await expect(page.getByText('11 of 11')).toBeVisible()
  await page.keyboard.press('Enter')
  await expect(page.getByText('1 of 11', { exact: true })).toBeVisible()
  await page.keyboard.press('Shift+Enter')
  await expect(page.getByText('11 of 11')).toBeVisible()
  await page.getByRole('button', { name: 'Regular expression' }).click()
  await search.fill('line (3|4) ')
  await expect(page.getByText('2 of 2')).toBeVisible()
  await search.fill('line (')
  await expect(page.getByText('Not a pattern: Unterminated group.')).toBeVisible()
  await search.press('Escape')
  expect(await page.title()).not.toBe('taken')
  await expect(page.getByText('lr', { exact: true }).first()).toBeVisible()
  await accessible(page)
})

test('a run that goes on appears by itself, is paused and is asked to stop', async ({ page, door }) => {
  const project = `live-${Date.now()}`
  const sent = await openRun(door, project)
  await sent.points(0, 20)
  await page.goto(`/${WORKSPACE}/${project}/runs/1`)
  await expect(page.getByText('20 of 20 points')).toBeVisible()
  await sent.points(20, 30)
  await expect(page.getByText('30 of 30 points')).toBeVisible()
  // The numbers above the charts are another question, and what waits is counted from theirs.
  await expect(page.getByText(/^least .+ at step 29$/)).toBeVisible()

  await page.getByRole('button', { name: 'Pause live' }).click()
  await sent.points(30, 40)
  await expect(page.getByRole('button', { name: 'Resume live, 20 points waiting' })).toBeVisible()
  await expect(page.getByText('30 of 30 points')).toBeVisible()
  await page.getByRole('button', { name: /Resume live/ }).click()
  await expect(page.getByText('40 of 40 points')).toBeVisible()

  await page.getByRole('button', { name: 'Stop run' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Stop run' }).click()
  await expect(page.getByText('asked to stop', { exact: true })).toBeVisible()
  const answer = await door.send<{ stop: boolean }>('POST', `/runs/${sent.uid}/heartbeat`, { attempt: 1, step: 40 })
  expect(answer.stop).toBe(true)
})

test('a line of the console is chosen by pointer and keys, has a link that opens at it, and the whole is downloaded', async ({
  page,
  door,
}) => {
  const project = `console-${Date.now()}`
  await sendRun(door, project, { finish: true })
  await page.goto(`/${WORKSPACE}/${project}/runs/1`)
  await page.getByText('line 7 ').click()
  await expect(page).toHaveURL(/line=8/)
  const chosen = page.getByRole('region', { name: 'Line 8' })
  await expect(chosen).toContainText(`line 7 ${HOSTILE}`)
  await expect(chosen).toContainText('standard output, attempt 1')
  await page.getByRole('region', { name: 'Console lines' }).press('ArrowDown')
  await expect(page.getByRole('region', { name: 'Line 9' })).toBeVisible()
  await page.reload()
  await expect(page.getByRole('region', { name: 'Line 9' })).toContainText('line 8 ')
  const download = page.waitForEvent('download')
  await page.getByRole('link', { name: 'Download all 20 lines' }).click()
  expect((await download).suggestedFilename()).toBe('run-1.log')
})

test('the console goes to the line of the crosshair’s step while that is on, and wraps long lines; the address keeps both', async ({
  page,
  door,
}) => {
  const project = `lines-${Date.now()}`
  const sent = await openRun(door, project)
  const begun = Date.now() - 100_000
  await sent.points(0, 60, 1, (step) => begun + step * 1_000)
  // Two lines a step, each after its point.
  const lines = Array.from({ length: 120 }, (_, i) => ({
    t: begun + i * 500 + 10,
    fd: 1,
    text: `said ${i} ${'long words '.repeat(60)}`,
  }))
  await door.send(
    'POST',
    `/runs/${sent.uid}/logs`,
    { lines },
    { 'x-stream': randomUUID(), 'x-seq': '1', 'x-attempt': '1' },
  )
  await door.send('POST', `/runs/${sent.uid}/finish`, { attempt: 1, reason: 'finished', exit_code: 0 })
  await page.goto(`/${WORKSPACE}/${project}/runs/1`)
  const console = page.getByRole('region', { name: 'Console lines' })
  await expect(console.getByText('said 119 ')).toBeVisible()
  const chart = page.getByRole('group', { name: /^loss over step/ })
  await chart.focus()
  await page.keyboard.press('Home')
  // Off by default: the lines stay where they are.
  await expect(page.getByRole('button', { name: 'With charts' })).toHaveAttribute('aria-pressed', 'false')
  await page.getByRole('button', { name: 'With charts' }).click()
  await chart.focus()
  await page.keyboard.press('Home')
  for (let i = 0; i < 3; i++) await page.keyboard.press('ArrowRight')
  // At step 3, 3.0 s: the last line before it is that of 2.51 s.
  await expect(console.locator('[data-charted]')).toHaveAttribute('data-line', '6')
  await console.evaluate((box) => box.scrollIntoView({ block: 'end' }))
  await expect(console.locator('[data-charted]')).toBeInViewport()

  await page.getByRole('button', { name: 'Wrap' }).click()
  await expect(page).toHaveURL(/lines_follow=true/)
  await expect(page).toHaveURL(/wrap=true/)
  const line = console.locator('[data-line="6"]')
  await expect.poll(async () => (await line.boundingBox())?.height ?? 0).toBeGreaterThan(30)
  expect(await console.evaluate((box) => box.scrollWidth - box.clientWidth)).toBeLessThanOrEqual(0)
  await page.getByRole('button', { name: 'Follow', exact: true }).click()
  await expect
    .poll(() => console.evaluate((box) => box.scrollHeight - box.clientHeight - box.scrollTop))
    .toBeLessThan(3)
  await expect(console.getByText('said 119 ')).toBeVisible()

  // Whoever reads in the middle stays there when lines are no longer wrapped, and does not begin to follow.
  await page.getByRole('button', { name: 'With charts' }).click()
  await console.evaluate((box) => box.scrollTo(0, box.scrollHeight / 2))
  await expect(page.getByRole('button', { name: 'Follow', exact: true })).toHaveAttribute('aria-pressed', 'false')
  const first = () =>
    console.evaluate((box) => {
      const top = box.getBoundingClientRect().top
      const rows = [...box.querySelectorAll<HTMLElement>('[data-line]')]
      return Number(rows.find((row) => row.getBoundingClientRect().bottom > top + 1)?.dataset.line)
    })
  let before = 0
  await expect(async () => {
    before = await first()
    await page.waitForTimeout(300)
    expect(await first()).toBe(before)
  }).toPass()
  for (const wraps of ['false', 'true', 'false']) {
    await page.getByRole('button', { name: 'Wrap' }).click()
    await expect(page.getByRole('button', { name: 'Wrap' })).toHaveAttribute('aria-pressed', wraps)
    await expect.poll(first).toBe(before)
    await page.waitForTimeout(300)
    expect(await first()).toBe(before)
    await expect(page.getByRole('button', { name: 'Follow', exact: true })).toHaveAttribute('aria-pressed', 'false')
  }
  await page.goto(`/${WORKSPACE}/${project}/runs/1?lines_follow=true&wrap=true&x_metric=loss&x=metric`)
  await expect(page.getByRole('button', { name: 'Wrap' })).toHaveAttribute('aria-pressed', 'true')
  await expect(page.getByRole('button', { name: 'With charts' })).toHaveAttribute('title', /^Lines know their time/)
})

test('media of a run are stepped through together, with the crosshair of the charts, and files are shown in place', async ({
  page,
  door,
  accessible,
  noise,
}) => {
  // The browser says that it did not run the scripts of a page that is shown without them.
  noise.allow(/Blocked script execution/)
  noise.allow(/^content security policy: script-src/)
  const project = `media-${Date.now()}`
  const sent = await openRun(door, project)
  await sent.points(0, 60)
  for (const step of [0, 20, 40]) {
    await sendFile(door, sent.uid, `media/sample/${step}.txt`, `said at ${step}`, { type: 'text', key: 'sample', step })
    await sendFile(door, sent.uid, `media/rows/${step}.jsonl`, `{"prompt":"p${step}","answer":${step}}\n`, {
      type: 'table',
      key: 'rows',
      step,
    })
  }
  const program = '<p id=x>still</p><script>document.getElementById("x").textContent = "runs"</script>'
  await sendFile(door, sent.uid, 'report.html', program, { type: 'file' })
  await page.goto(`/${WORKSPACE}/${project}/runs/1`)
  await expect(page.getByText('said at 40')).toBeVisible()
  await expect(page.getByRole('figure', { name: 'rows' }).getByRole('cell', { name: 'p40' })).toBeVisible()
  await accessible(page)

  await page.getByRole('button', { name: 'Previous step with media' }).click()
  await expect(page.getByText('said at 20')).toBeVisible()
  await expect(page.getByRole('figure', { name: 'rows' }).getByRole('cell', { name: 'p20' })).toBeVisible()
  await expect(page).toHaveURL(/media_step=20/)
  await page.getByRole('button', { name: 'Newest' }).click()
  await expect(page.getByText('said at 40')).toBeVisible()
  const chart = page.getByRole('group', { name: /^loss over step/ })
  await chart.focus()
  await page.keyboard.press('Home')
  await expect(page.getByText('said at 0')).toBeVisible()

  await page.getByRole('button', { name: 'report.html', exact: true }).click()
  const frame = page.frameLocator('iframe[title="report.html"]')
  await expect(frame.getByText('still')).toBeVisible()
  await page.getByRole('button', { name: 'Run its scripts' }).click()
  await expect(frame.getByText('runs', { exact: true })).toBeVisible()
})

test('each copy button of a run and its console copies what it names and says so; one that is refused says that', async ({
  page,
  context,
  door,
}) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write'])
  const project = `copied-${Date.now()}`
  const sent = await openRun(door, project)
  await sent.points(0, 3)
  const commit = '4f1c'.repeat(10)
  await door.send('PUT', `/projects/${project}/runs/${sent.uid}`, {
    experiment: 'base',
    name: 'first',
    config: { lr: 0.001 },
    environment: { command: 'python train.py --lr 0.001', git: { commit, branch: 'main', dirty: false } },
  })
  const text = 'a file'
  await sendFile(door, sent.uid, 'notes.txt', text, { type: 'file' })
  const lines = [{ t: Date.now(), fd: 1, text: 'the only line' }]
  await door.send(
    'POST',
    `/runs/${sent.uid}/logs`,
    { lines },
    { 'x-stream': randomUUID(), 'x-seq': '1', 'x-attempt': '1' },
  )
  await page.goto(`/${WORKSPACE}/${project}/runs/1?line=1`)
  const copied = () => page.evaluate(() => navigator.clipboard.readText())
  const sha256 = createHash('sha256').update(text).digest('hex')
  for (const [name, holds] of [
    ['Copy the id of the run', sent.uid],
    ['Copy the config as YAML', 'lr: 0.001'],
    ['Copy the commit', commit],
    ['Copy the command', 'python train.py --lr 0.001'],
    ['Copy the SHA-256 of notes.txt', sha256],
    ['Copy link to this line', '/runs/1?tab=console&line=1'],
    ['Copy the line', 'the only line'],
  ] as const) {
    await page.getByRole('button', { name, exact: true }).click()
    await expect(page.getByRole('button', { name: 'Copied' })).toBeVisible()
    expect(await copied()).toContain(holds)
    await expect(page.getByRole('button', { name, exact: true })).toBeVisible()
  }
  await page.evaluate(() => {
    Object.defineProperty(navigator, 'clipboard', { value: undefined })
    document.execCommand = () => false
  })
  await page.getByRole('button', { name: 'Copy the id of the run' }).click()
  await expect(page.getByRole('button', { name: 'Select and copy by hand' })).toBeVisible()
})

test('steps that were done again are hidden until one asks, and each attempt says what superseded it', async ({
  page,
  door,
}) => {
  const project = `resumed-${Date.now()}`
  const sent = await openRun(door, project)
  await sent.points(0, 40)
  await door.send('POST', `/runs/${sent.uid}/finish`, { attempt: 1, reason: 'killed' })
  await door.send('POST', `/runs/${sent.uid}/attempts`, { first_step: 30 })
  await sent.points(30, 60, 2)
  await page.goto(`/${WORKSPACE}/${project}/runs/1`)
  await expect(page.getByRole('group', { name: /^loss over step, 60 points/ })).toBeVisible()
  await expect(page.getByText(/10 superseded/)).toHaveCount(0)
  await page.getByText('All 2 attempts').click()
  await expect(page.getByRole('row', { name: /^1 0 to 39 30 to 39 by attempt 2/ })).toContainText('killed')
  await page.getByRole('button', { name: 'Show superseded steps in the charts' }).click()
  await expect(page.getByText(/10 superseded/)).toBeVisible()
  await expect(page).toHaveURL(/superseded=true/)
})

test('runs are listed, filtered by the address, and a filter that matches nothing says so', async ({
  page,
  door,
  accessible,
}) => {
  const project = `list-${Date.now()}`
  await sendRun(door, project, { finish: true })
  await page.goto(`/${WORKSPACE}/${project}/runs`)
  await expect(page.getByRole('link', { name: 'first' }).first()).toBeVisible()
  await accessible(page)
  await page.goto(`/${WORKSPACE}/${project}/runs?state=failed`)
  await expect(page).toHaveURL(/q=state/)
  await expect(page.getByText('matches none of the 1 run of this project')).toBeVisible()
  await page.getByRole('button', { name: 'Clear the filter' }).click()
  await expect(page.getByRole('link', { name: 'first' }).first()).toBeVisible()
})

test('on a phone the run has tabs and nothing scrolls sideways', async ({ page, door }) => {
  const project = `phone-${Date.now()}`
  await sendRun(door, project, { finish: true })
  await page.setViewportSize({ width: 390, height: 844 })
  await page.goto(`/${WORKSPACE}/${project}/runs/1`)
  await expect(page.getByText('Touch the chart to read a value').first()).toBeVisible()
  await fitsWidth(page)
  await page.getByRole('radiogroup', { name: 'Part of the run' }).getByText('Console').click()
  await expect(page.getByRole('region', { name: 'Console lines' })).toBeVisible()
  await expect(page.getByRole('figure', { name: 'loss', exact: true })).toBeHidden()
  await fitsWidth(page)
})

interface SentRun {
  uid: string
  points: (from: number, to: number, attempt?: number, timeOf?: (step: number) => number) => Promise<void>
}

async function openRun(door: Door, project: string): Promise<SentRun> {
  const uid = randomUUID()
  const streams = [randomUUID(), randomUUID()]
  const seqs = [0, 0]
  await door.send('PUT', `/projects/${project}`, { name: project })
  await door.send('PUT', `/projects/${project}/experiments/base`, {
    stage: 'pretrain',
    root: { kind: 'random_init' },
    params: 1000,
  })
  await door.send('PUT', `/projects/${project}/runs/${uid}`, {
    experiment: 'base',
    name: `first ${HOSTILE}`,
    config: { lr: 0.001, note: HOSTILE },
    tags: [HOSTILE],
  })
  await door.send('POST', `/runs/${uid}/attempts`, {})
  return {
    uid,
    points: async (from, to, attempt = 1, timeOf = (step) => Date.now() - 1000 + step) => {
      const step = Array.from({ length: to - from }, (_, i) => from + i)
      const seq = (seqs[attempt - 1] ?? 0) + 1
      seqs[attempt - 1] = seq
      await door.send(
        'POST',
        `/runs/${uid}/metrics`,
        {
          groups: [
            {
              step,
              t: step.map(timeOf),
              m: { loss: step.map((i) => (i === 31 ? 'NaN' : 3 - i / 50)), [`a/${HOSTILE.replaceAll('/', '')}`]: step },
            },
          ],
        },
        { 'x-stream': streams[attempt - 1] ?? '', 'x-seq': String(seq), 'x-attempt': String(attempt) },
      )
    },
  }
}

async function sendRun(door: Door, project: string, { finish }: { finish: boolean }): Promise<number> {
  const { uid, points } = await openRun(door, project)
  await points(0, 60)
  const lines = Array.from({ length: 20 }, (_, i) => ({ t: Date.now() + i, fd: 1, text: `line ${i} ${HOSTILE}` }))
  await door.send('POST', `/runs/${uid}/logs`, { lines }, { 'x-stream': randomUUID(), 'x-seq': '1', 'x-attempt': '1' })
  if (finish) await door.send('POST', `/runs/${uid}/finish`, { attempt: 1, reason: 'finished', exit_code: 0 })
  return 1
}
