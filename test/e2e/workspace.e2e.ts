import { randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'
import type { Locator, Page } from '@playwright/test'
import type { Door } from './setup/door.ts'
import { fitsWidth } from './setup/fits-width.ts'
import { expect, test, WORKSPACE } from './setup/fixtures.ts'
import { seedCurves } from './setup/seed-curves.ts'

test.beforeEach(async ({ login }) => {
  await login()
})

const figure = (page: Page, name: string) => page.getByRole('figure', { name, exact: true })
const plotOf = (page: Page, name: string) => figure(page, name).getByRole('group')

test('charts stand in sections, are searched, moved and taken full screen, and undo takes each back', async ({
  page,
  door,
  accessible,
}) => {
  const project = await sendRuns(door)
  await page.goto(`/${WORKSPACE}/${project}/runs?pane=charts`)
  await expect(plotOf(page, 'loss')).toBeVisible()
  await expect(page.getByRole('heading', { level: 2 }).filter({ hasText: /^(Charts|eval|layer)$/ })).toHaveCount(3)
  await accessible(page)

  const search = page.getByRole('textbox', { name: 'Search charts by regular expression' })
  await search.fill('acc|norm$')
  await expect(page.getByText('2 charts', { exact: true })).toBeVisible()
  await expect(figure(page, 'loss')).toHaveCount(0)
  await search.fill('acc|(')
  await expect(page.getByText(/^expected /)).toBeVisible()
  await expect(figure(page, 'grad_norm')).toBeVisible()
  await search.press('Escape')
  await expect(figure(page, 'loss')).toBeVisible()

  await more(page, 'grad_norm', 'Move…')
  const dialog = page.getByRole('dialog', { name: 'Move grad_norm' })
  await choose(page, dialog, 'Place', 'Before loss')
  await dialog.getByRole('button', { name: 'Move', exact: true }).click()
  await expect(page.getByRole('figure').first()).toHaveAccessibleName('grad_norm')
  await page.getByRole('button', { name: 'Undo', exact: true }).click()
  await expect(page.getByRole('figure').first()).toHaveAccessibleName('loss')

  await more(page, 'grad_norm', 'Take away')
  await page.keyboard.press('Escape')
  await expect(figure(page, 'grad_norm')).toHaveCount(0)
  await page.getByRole('button', { name: 'More for the section Charts' }).click()
  await page.getByRole('menuitem', { name: 'Bring back 1 chart' }).click()
  await expect(figure(page, 'grad_norm')).toBeVisible()

  await page.getByRole('button', { name: 'eval', exact: true }).click()
  await expect(figure(page, 'acc')).toHaveCount(0)
  await page.reload()
  await expect(plotOf(page, 'loss')).toBeVisible()
  await expect(page.getByRole('button', { name: 'eval', exact: true })).toHaveAttribute('aria-expanded', 'false')

  await page.getByRole('button', { name: 'Add a chart to Charts' }).click()
  await page.getByRole('menuitem', { name: 'Line chart…' }).click()
  const form = page.getByRole('dialog', { name: 'Add a line chart' })
  await form.getByRole('combobox', { name: 'Metrics' }).or(form.getByLabel('Metrics')).first().fill('loss')
  await page.getByRole('option', { name: 'loss', exact: true }).click()
  await form.getByRole('textbox', { name: 'Title' }).fill('Both of them')
  await form.getByRole('button', { name: 'Add the chart' }).click()
  await expect(plotOf(page, 'Both of them')).toBeVisible()

  await figure(page, 'Both of them').hover()
  await figure(page, 'Both of them').getByRole('button', { name: 'Full screen' }).click()
  await expect(page.getByText('chart 1 of')).toBeVisible()
  await expect(page.getByRole('dialog').locator(':focus')).toHaveCount(1)
  await page.keyboard.press('ArrowRight')
  await expect(page.getByRole('dialog').getByRole('figure', { name: 'loss', exact: true })).toBeVisible()
  await accessible(page)
  await page.keyboard.press('Escape')
  await expect(page.getByRole('dialog')).toHaveCount(0)
})

test('a chart is dragged by its handle before another one, and onto the head of a section; undo takes it back', async ({
  page,
  door,
}) => {
  const project = await sendRuns(door)
  await page.goto(`/${WORKSPACE}/${project}/runs?pane=charts`)
  await expect(plotOf(page, 'loss')).toBeVisible()
  const first = page.getByRole('figure').first()
  await expect(first).toHaveAccessibleName('loss')
  const handle = (name: string) => figure(page, name).locator('[title^="Drag to move"]')
  const address = page.url()
  await figure(page, 'grad_norm').hover()
  await drag(page, await middleOf(handle('grad_norm')), await middleOf(plotOf(page, 'loss')))
  await expect(first).toHaveAccessibleName('grad_norm')
  await expect.poll(() => page.url()).not.toBe(address)
  const moved = page.url()
  await page.getByRole('button', { name: 'Undo', exact: true }).click()
  await expect(first).toHaveAccessibleName('loss')
  await expect.poll(() => page.url()).not.toBe(moved)
  await figure(page, 'grad_norm').hover()
  await drag(page, await middleOf(handle('grad_norm')), await middleOf(plotOf(page, 'loss')))
  // The address is written a moment after the screen.
  await expect.poll(() => page.url()).toBe(moved)
  await page.reload()
  await expect(first).toHaveAccessibleName('grad_norm')

  // Another section takes it in at its head.
  await figure(page, 'loss').hover()
  const section = page.getByRole('button', { name: 'eval', exact: true })
  await section.scrollIntoViewIfNeeded()
  await drag(page, await middleOf(handle('loss')), await middleOf(section))
  await expect.poll(() => page.url()).not.toBe(moved)
  await section.click()
  await expect(figure(page, 'loss')).toHaveCount(0)
  await expect(figure(page, 'grad_norm')).toBeVisible()
})

test('a chart that is let go faster than the page draws lands where it was let go', async ({ page, door }) => {
  const project = await sendRuns(door)
  await page.goto(`/${WORKSPACE}/${project}/runs?pane=charts`)
  await expect(plotOf(page, 'loss')).toBeVisible()
  await figure(page, 'grad_norm').hover()
  const handle = figure(page, 'grad_norm').locator('[title^="Drag to move"]')
  const section = page.getByRole('button', { name: 'eval', exact: true })
  await page.mouse.move(...(await middleOf(handle)))
  await page.mouse.down()
  await page.mouse.move(...(await middleOf(plotOf(page, 'loss'))), { steps: 5 })
  const [clientX, clientY] = await middleOf(section)
  // One turn: nothing is drawn between the last move and the end.
  await section.evaluate(
    (head, at) => {
      const told = { ...at, bubbles: true, isPrimary: true, pointerId: 1, pointerType: 'mouse' }
      head.dispatchEvent(new PointerEvent('pointermove', { ...told, buttons: 1 }))
      head.dispatchEvent(new PointerEvent('pointerup', told))
    },
    { clientX, clientY },
  )
  await page.mouse.up()
  await expect(page).toHaveURL(/layout=/)
  await section.click()
  await expect(figure(page, 'grad_norm')).toHaveCount(0)
  await expect(figure(page, 'loss')).toBeVisible()
})

test('one control looks at all charts, overrides are marked and dropped, and a copied link shows the same view', async ({
  page,
  door,
  browser,
  cookies,
}) => {
  const project = await sendRuns(door)
  await page.goto(`/${WORKSPACE}/${project}/runs?pane=charts`)
  await expect(plotOf(page, 'loss')).toBeVisible()
  await page.getByRole('checkbox', { name: 'Log y', exact: true }).check()
  await choose(page, page, 'Grouping', 'All runs as one')
  await expect(figure(page, 'loss').getByText('mean of 4 runs, min to max')).toBeVisible()
  await choose(page, page, 'Grouping', 'Each run a line')

  await more(page, 'loss', 'Look of this chart…')
  await page.getByRole('checkbox', { name: 'Log y of loss' }).uncheck()
  await page.getByRole('textbox', { name: 'Range of y of loss' }).fill('0..2')
  await page.keyboard.press('Enter')
  await page.getByRole('button', { name: 'Done', exact: true }).click()
  await expect(figure(page, 'loss').getByText('linear y, y from 0 to 2')).toBeVisible()
  await expect(figure(page, 'loss').getByText('values lie above or below what is shown')).toBeVisible()

  const context = await browser.newContext()
  await context.addCookies(cookies)
  const other = await context.newPage()
  await other.goto(page.url())
  await expect(figure(other, 'loss').getByText('linear y, y from 0 to 2')).toBeVisible()
  await expect(other.getByRole('checkbox', { name: 'Log y', exact: true })).toBeChecked()
  await context.close()

  await page.getByRole('button', { name: 'Drop the own settings of loss' }).click()
  await expect(figure(page, 'loss').getByText('own setting')).toHaveCount(0)
})

test('a crosshair is shared, the nearest run is named first, a click pins, and drags and keys zoom both axes', async ({
  page,
  door,
}) => {
  const project = await sendRuns(door)
  await page.goto(`/${WORKSPACE}/${project}/runs?pane=charts&smooth=off`)
  const loss = plotOf(page, 'loss')
  await expect(loss).toBeVisible()
  const box = (await loss.boundingBox()) as { x: number; y: number; width: number; height: number }
  // Run 3 lies highest all the way.
  await page.mouse.move(box.x + box.width / 2, box.y + 16)
  const rows = loss.locator('p').filter({ hasText: /run \d/ })
  await expect(rows.first()).toContainText('run 3')
  await expect(figure(page, 'grad_norm').locator('[data-lit-run="4"]')).toHaveCount(1)
  await page.mouse.move(box.x + box.width / 2, box.y + box.height - 30)
  await expect(rows.first()).toContainText('run 0')
  await page.mouse.click(box.x + box.width / 2, box.y + box.height / 2)
  await expect(loss.getByText('pinned')).toBeVisible()
  await page.mouse.move(2, 2)
  await expect(loss.getByText('pinned')).toBeVisible()

  await drag(page, [box.x + 0.3 * box.width, box.y + 20], [box.x + 0.6 * box.width, box.y + box.height - 60])
  await expect(page).toHaveURL(/zoom=.*zoom_y=/)
  await loss.focus()
  await page.keyboard.press('0')
  await expect(page).not.toHaveURL(/zoom/)
  await page.keyboard.press('Shift+ArrowUp')
  await expect(page).toHaveURL(/zoom_y=/)
  await page.keyboard.press('0')
  await more(page, 'loss', 'Set ranges…')
  await page.getByRole('textbox', { name: 'step, from' }).fill('10')
  await page.getByRole('textbox', { name: 'step, to' }).fill('20')
  await page.getByRole('button', { name: 'Show these ranges' }).click()
  await expect(page).toHaveURL(/zoom=10\.\.20/)
  await loss.dblclick({ position: { x: box.width / 2, y: 40 } })
  await expect(page).not.toHaveURL(/zoom/)
})

test('a lineage axis has stage bands, and a chart leaves as picture, table, code and text', async ({ page, door }) => {
  const project = `bands-${Date.now()}`
  await seedCurves(door, project)
  await page.goto(`/${WORKSPACE}/${project}/runs?pane=charts&x=lineage_tokens`)
  const loss = figure(page, 'loss')
  await expect(loss.locator('text').filter({ hasText: 'Pretrain' })).toBeVisible()
  await expect(loss.getByText('1 not finite')).toBeVisible()
  await loss.hover()
  await loss.getByRole('button', { name: 'Show as table' }).click()
  await expect(loss.getByRole('rowheader').first()).toContainText('tokens since the root')
  await loss.getByRole('button', { name: 'Show as chart' }).click()

  const saved = async (item: string) => {
    const download = page.waitForEvent('download')
    await more(page, 'loss', item)
    const file = await download
    await page.keyboard.press('Escape')
    return { name: file.suggestedFilename(), bytes: readFileSync(await file.path()) }
  }
  const svg = await saved('Save as SVG')
  expect(svg.name).toBe('loss.svg')
  for (const words of ['<svg', 'Pretrain', '2 of 2 runs']) expect(svg.bytes.toString()).toContain(words)
  const png = await saved('Save as PNG')
  expect([...png.bytes.subarray(1, 4)]).toEqual([...Buffer.from('PNG')])
  const csv = await saved('Save points as CSV')
  expect(csv.bytes.toString()).toContain('run,metric,superseded,tokens_since_root,value')
})

test.describe('on a phone', () => {
  test.use({ viewport: { width: 390, height: 844 }, hasTouch: true })

  test('a tap reads and pins above the plot, two fingers zoom, and the page keeps its scrolling', async ({
    page,
    door,
  }) => {
    const project = await sendRuns(door)
    await page.goto(`/${WORKSPACE}/${project}/runs?pane=charts`)
    const loss = plotOf(page, 'loss').first()
    await loss.scrollIntoViewIfNeeded()
    await expect(loss).toHaveCSS('touch-action', 'pan-y')
    const box = (await loss.boundingBox()) as { x: number; y: number; width: number; height: number }
    await page.touchscreen.tap(box.x + box.width / 2, box.y + box.height / 2)
    await expect(
      figure(page, 'loss')
        .first()
        .getByText(/^Step \d+$/)
        .first(),
    ).toBeVisible()
    const session = await page.context().newCDPSession(page)
    const touch = (type: 'touchStart' | 'touchMove' | 'touchEnd', xs: readonly number[]) =>
      session.send('Input.dispatchTouchEvent', {
        type,
        touchPoints: xs.map((x, id) => ({ x: box.x + x * box.width, y: box.y + box.height / 2, id })),
      })
    await touch('touchStart', [0.5])
    await touch('touchStart', [0.5, 0.6])
    await touch('touchMove', [0.35, 0.8])
    await touch('touchEnd', [])
    await expect(page).toHaveURL(/zoom=/)
    await fitsWidth(page)
  })
})

async function more(page: Page, chart: string, item: string): Promise<void> {
  const found = page.getByRole('figure', { name: chart, exact: true })
  await found.hover()
  await found.getByRole('button', { name: `More for ${chart}` }).click()
  await page.getByRole('menuitem', { name: item }).click()
}

async function choose(page: Page, within: Page | Locator, select: string, option: string): Promise<void> {
  await within
    .getByRole('combobox', { name: select, exact: true })
    .or(within.getByLabel(select, { exact: true }))
    .first()
    .click()
  await page.getByRole('option', { name: option, exact: true }).click()
}

async function middleOf(part: Locator): Promise<readonly [number, number]> {
  const box = (await part.boundingBox()) as { x: number; y: number; width: number; height: number }
  return [box.x + box.width / 2, box.y + box.height / 2]
}

async function drag(page: Page, from: readonly [number, number], to: readonly [number, number]): Promise<void> {
  await page.mouse.move(...from)
  await page.mouse.down()
  await page.mouse.move((from[0] + to[0]) / 2, (from[1] + to[1]) / 2, { steps: 3 })
  await page.mouse.move(...to, { steps: 3 })
  await page.mouse.up()
}

/** Four finished runs of 60 points: run 0 lies lowest, run 3 highest. */
async function sendRuns(door: Door): Promise<string> {
  const project = `charts-${randomUUID().slice(0, 8)}`
  await door.send('PUT', `/projects/${project}`, { name: project })
  const root = { stage: 'pretrain', root: { kind: 'random_init' }, params: 1000 }
  await door.send('PUT', `/projects/${project}/experiments/base`, root)
  const step = Array.from({ length: 60 }, (_, i) => i)
  for (let run = 0; run < 4; run++) {
    const uid = randomUUID()
    await door.send('PUT', `/projects/${project}/runs/${uid}`, { experiment: 'base', name: `run ${run}` })
    await door.send('POST', `/runs/${uid}/attempts`, {})
    const wave = (of: number) => step.map((i) => of + run + Math.exp(-i / 20) + ((i * 7) % 5) / 20)
    const m = {
      loss: wave(1),
      grad_norm: wave(2),
      'eval/acc': wave(0),
      'eval/bpb': wave(3),
      'layer/2': wave(1),
    }
    const head = { 'x-stream': randomUUID(), 'x-seq': '1', 'x-attempt': '1' }
    await door.send('POST', `/runs/${uid}/metrics`, { groups: [{ step, t: step.map((i) => Date.now() + i), m }] }, head)
    await door.send('POST', `/runs/${uid}/finish`, { attempt: 1, reason: 'finished', exit_code: 0 })
  }
  return project
}
