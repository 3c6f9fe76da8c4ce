import type { Page } from '@playwright/test'
import { fitsWidth } from './setup/fits-width.ts'
import { expect, test, WORKSPACE } from './setup/fixtures.ts'
import { replayLifecycle } from './setup/replay-lifecycle.ts'
import { seedCurves } from './setup/seed-curves.ts'

const NOW = Date.now()

test.beforeEach(async ({ login }) => {
  await login()
})

const drawing = (page: Page) => page.locator('svg[data-drawing]')

async function choose(page: Page, select: string, option: string): Promise<void> {
  await page.getByRole('combobox', { name: select, exact: true }).click()
  await page.getByRole('option', { name: option, exact: true }).click()
}

test.describe('of a path of two stages', () => {
  const PROJECT = `curves-${NOW}`
  const HOME = `/${WORKSPACE}/${PROJECT}`
  test.beforeAll(async ({ door }) => {
    await seedCurves(door, PROJECT)
  })

  test('one curve runs over tokens, FLOPs, device-hours, wall time and steps, and an axis says what it lacks', async ({
    page,
    accessible,
  }) => {
    await page.goto(`${HOME}/capability`)
    await expect(drawing(page)).toBeVisible()
    // 1,000 parameters × 6 × 40,000 tokens of the base.
    await choose(page, 'X axis', 'Over FLOPs')
    await expect(page).toHaveURL(/x=flops/)
    const table = page.getByRole('table', { name: /^Capability over FLOPs/ })
    await expect(table.getByRole('row', { name: /^base/ })).toContainText('2.400e8')
    await expect(table.getByRole('row', { name: /^sft 199/ })).toContainText('3.000e8')
    await choose(page, 'X axis', 'Over steps')
    const steps = page.getByRole('table', { name: /^Capability over steps/ })
    await expect(steps.getByRole('row', { name: /^sft 199/ })).toContainText('598')
    await choose(page, 'X axis', 'Over device-hours')
    await expect(drawing(page)).toBeVisible()
    await choose(page, 'X axis', 'Over hours of wall time')
    await expect(drawing(page)).toBeVisible()
    await choose(page, 'X axis', 'Over FLOPs with attention')
    await expect(
      page.getByText('No stage of this path can be placed over FLOPs with attention', { exact: true }),
    ).toBeVisible()
    await expect(page.getByText(/base: the sizes of its attention are not told: layers, heads/)).toBeVisible()
    await accessible(page)
  })

  test('while its curves are on their way a learning rate is loading, and not said to be missing', async ({ page }) => {
    let release = () => {}
    const isReleased = new Promise<void>((resolve) => {
      release = resolve
    })
    await page.route(/api\/screen\/chart/, async (route) => {
      await isReleased
      await route.continue().catch(() => {})
    })
    await page.goto(`${HOME}/capability`)
    const rate = drawing(page)
      .locator('g')
      .filter({ has: page.getByText('Learning rate', { exact: true }) })
    await expect(rate.last()).toContainText('loading')
    release()
    await expect(rate.last()).toContainText('from 0 to 0.0010')
  })

  test('the loss is read by keys: step, tokens, loss and learning rate of each point', async ({ page }) => {
    await page.goto(`${HOME}/capability?smooth=0`)
    const loss = page.getByRole('slider', { name: 'Training loss along the path' })
    await expect(loss).toBeVisible()
    await loss.focus()
    // What is read is what is there when the key is pressed: the lines of the path come one after the other.
    await expect(async () => {
      await page.keyboard.press('Home')
      const words = /^base: loss 4\.000.*, learning rate 0\.00100, step 0, 100 tokens$/
      await expect(loss).toHaveAttribute('aria-valuetext', words, { timeout: 1_000 })
    }).toPass()
    await page.keyboard.press('ArrowRight')
    await expect(loss).toHaveAttribute('aria-valuetext', /^base: .*tokens$/)
    await expect(async () => {
      await page.keyboard.press('End')
      const words = /^sft: loss 3\.00\d+, learning rate 0\.000801, step 199, 50\.0k tokens$/
      await expect(loss).toHaveAttribute('aria-valuetext', words, { timeout: 1_000 })
    }).toPass()
    await page.keyboard.press('Escape')
    await expect(loss).toHaveAttribute('aria-valuetext', 'Arrow keys read it point by point')
  })

  test('a restart and a loss that is no number are marked, and lead to their run', async ({ page }) => {
    await page.goto(`${HOME}/capability`)
    const restart = page.getByRole('link', { name: /^base, run 1: Attempt 2 began at step 200$/ })
    await expect(restart).toBeVisible()
    await expect(page.getByRole('link', { name: /^base, run 1: The loss is NaN here$/ })).toBeVisible()
    const target = await restart.locator('rect').boundingBox()
    expect(target?.width).toBeGreaterThanOrEqual(24)
    expect(target?.height).toBeGreaterThanOrEqual(24)
    await restart.focus()
    await page.keyboard.press('Enter')
    await expect(page).toHaveURL(/runs\/1$/)
  })

  test('a part of the path is shown by choosing a stage, by buttons and by drawing along the loss', async ({
    page,
  }) => {
    await page.goto(`${HOME}/capability`)
    const links = drawing(page).locator('a[data-checkpoint]')
    await expect(links).toHaveCount(5)
    await choose(page, 'Part of the path', 'sft')
    await expect(page).toHaveURL(/part=40000_50000/)
    await expect(links).toHaveCount(4)
    await page.getByRole('button', { name: 'Zoom in' }).click()
    await expect(page).toHaveURL(/part=42500_47500/)
    await page.getByRole('button', { name: 'Zoom out' }).click()
    await page.getByRole('button', { name: 'Show the whole path' }).click()
    await expect(page).not.toHaveURL(/part=/)
    await expect(links).toHaveCount(5)
    const loss = page.getByRole('slider', { name: 'Training loss along the path' })
    const box = await loss.boundingBox()
    if (!box) throw new Error('the loss has no box')
    await page.mouse.move(box.x + 10, box.y + 40)
    await page.mouse.down()
    await page.mouse.move(box.x + 120, box.y + 40, { steps: 4 })
    await page.mouse.up()
    await expect(page).toHaveURL(/part=\d/)
    await expect(links).toHaveCount(0)
  })

  test('a checkpoint of the curve and of the table opens where it came from, with its evaluations', async ({
    page,
  }) => {
    await page.goto(`${HOME}/capability`)
    const last = drawing(page).locator('a[data-checkpoint]').last()
    await expect(last).toHaveAccessibleName(/^sft, step 199; .*Task accuracy 0.900/)
    const width = (await last.locator('rect').boundingBox())?.width ?? 0
    expect(width).toBeGreaterThanOrEqual(24)
    await last.focus()
    await page.keyboard.press('Enter')
    await expect(page).toHaveURL(/\/checkpoints\/[0-9a-f-]{36}$/)
    await expect(page.getByRole('heading', { level: 1, name: 'sft, step 199' })).toBeVisible()
    const measured = page.getByRole('table', { name: 'Evaluations of this checkpoint' })
    await expect(measured.getByRole('row', { name: /^Task accuracy/ })).toContainText('0.900')
    await page.getByRole('link', { name: 'In the matrix' }).click()
    await expect(page.getByRole('gridcell', { name: /^Task accuracy at sft/ })).toContainText('0.900')

    await page.goto(`${HOME}/capability`)
    const row = page.getByRole('table', { name: /^Capability over tokens/ }).getByRole('row', { name: /^base/ })
    await row.getByRole('link').click()
    await expect(measured.getByRole('row', { name: /^Task accuracy/ })).toContainText('0.200')
  })

  test('a target says after how many tokens each stage was there, tokens per second stand apart', async ({
    page,
    accessible,
  }) => {
    await page.goto(`${HOME}/capability`)
    await choose(page, 'Benchmark of the target', 'Task accuracy')
    await page.getByRole('textbox', { name: 'Target score' }).fill('0.5')
    await expect(page).toHaveURL(/goal=task&target=0.5/)
    const table = page.getByRole('table', { name: 'Tokens to Task accuracy 0.500' })
    // Halfway between 0.4 at 2,500 and 0.6 at 5,000 tokens of its own.
    await expect(table.getByRole('row', { name: /^sft/ })).toContainText('3,750')
    await expect(table.getByRole('row', { name: /^sft/ })).toContainText('43,750')
    await expect(table.getByRole('row', { name: /^base/ })).toContainText('never reached; best 0.200')
    await expect(table.getByRole('columnheader', { name: 'Tokens per second' })).toBeVisible()
    await expect(drawing(page).getByText('target 0.500')).toBeVisible()
    await page.reload()
    await expect(table).toBeVisible()
    await accessible(page)
  })

  test('the best checkpoint by a rule is not the one that forgot, and a person may pin another', async ({
    page,
    accessible,
  }) => {
    await page.goto(`${HOME}/experiments/2`)
    const table = page.getByRole('table', { name: 'Checkpoints by the rule' })
    await expect(page.getByText(/^Step 149, Task accuracy 0.800\./)).toBeVisible()
    await expect(table.getByRole('row', { name: /^step 149/ })).toContainText('best')
    await expect(table.getByRole('row', { name: /^step 199/ })).toContainText(
      /General knowledge: −25\.0 \(.*\) against a budget of 5\.0 points/,
    )
    await accessible(page)
    // With a floor of 60 % the one that forgot a third may be chosen.
    await page.getByRole('textbox', { name: 'Least share kept, percent' }).fill('60')
    await expect(page.getByText(/^Step 199, Task accuracy 0.900\./)).toBeVisible()
    await expect(page).toHaveURL(/floor=60/)
    await page.getByRole('button', { name: 'Pin step 149' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Pin it' }).click()
    await expect(table.getByRole('row', { name: /^step 149/ })).toContainText('pinned')
    await expect(page.getByText(/another one, pinned by a person/)).toBeVisible()
  })

  test('capability on a phone does not scroll sideways', async ({ page }) => {
    await page.setViewportSize({ width: 390, height: 844 })
    for (const address of ['capability?goal=task&target=0.5', 'experiments/2']) {
      await page.goto(`${HOME}/${address}`)
      await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
      await expect(page.getByRole('table').last()).toBeVisible()
      await fitsWidth(page)
    }
  })
})

test.describe('of the recorded lifecycle', () => {
  const RECORDED = `capability-recorded-${NOW}`
  const HOME = `/${WORKSPACE}/${RECORDED}`
  test.beforeAll(async ({ door }) => {
    await replayLifecycle(door, RECORDED)
  })

  test('capability runs over all stages on one axis and parts where the loss changes its meaning', async ({
    page,
    accessible,
  }) => {
    await page.goto(`${HOME}/capability?path=9`)
    await expect(page.getByText(/^5 stages, 2.25M tokens. Of 8 benchmarks dpo gained on/)).toBeVisible()
    await expect(page.getByText(/; 2 were not measured there\./)).toBeVisible()
    await expect(
      page.getByText(
        /a new one begins at cpt-replay \(other data\), sft-replay \(loss on the answer only; other data\)/,
      ),
    ).toBeVisible()
    const table = page.getByRole('table', { name: /^Capability over tokens/ })
    await expect(table.getByRole('row')).toHaveCount(6)
    await expect(table.getByRole('row', { name: /^base/ })).toContainText('1,556,480')
    const columns = page.locator('svg[data-drawing] a[data-checkpoint]')
    await columns.last().focus()
    await page.keyboard.press('ArrowLeft')
    await expect(columns.nth(3)).toBeFocused()
    await expect(columns.nth(3)).toHaveAccessibleName(
      /^task-replay, step 89; .*Task accuracy 0.469 \(0.391 to 0.546\), n 160/,
    )
    await accessible(page)
    await page.keyboard.press('Enter')
    await expect(page).toHaveURL(/\/checkpoints\/[0-9a-f-]{36}$/)
  })

  test('changes against the root and device-hours are in the address', async ({ page }) => {
    await page.goto(`${HOME}/capability?path=9`)
    await page.getByRole('radiogroup', { name: 'Show' }).getByText('Against root').click()
    await choose(page, 'X axis', 'Over device-hours')
    await expect(page).toHaveURL(/against=root/)
    await expect(page).toHaveURL(/x=device_hours/)
    const table = page.getByRole('table', { name: /^Capability over device-hours/ })
    await expect(table.getByRole('row', { name: /^dpo/ })).toContainText('gained')
  })
})
