/**
 * Charts as they were looked at, in both themes: reference pictures lie in `test/fixtures/charts/pictures`. They are compared where the
 * fonts are drawn as they were, on Linux; a small share of pixels may differ between builds of the browser.
 */
import type { Page } from '@playwright/test'
import type { Panel } from '#src/core/layouts/layout.ts'
import { arrangementText } from '#src/core/layouts/layout-text.ts'
import type { Door } from './setup/door.ts'
import { expect, test, WORKSPACE } from './setup/fixtures.ts'
import { seedSweep } from './setup/seed-sweep.ts'

test.beforeEach(async ({ login }) => {
  test.skip(process.platform !== 'linux', 'reference pictures were drawn on Linux')
  await login()
})

const LR = 'config.lr'
const OPTIMIZER = 'config.optimizer'
const LOSS = 'metrics.loss.min'
const ACCURACY = 'metrics.accuracy.max'

const PANELS: readonly (readonly [name: string, title: string, panel: Panel])[] = [
  ['lines', 'loss', { id: 'a', kind: 'line', metrics: ['loss'], width: 6 }],
  ['scatter', 'Scatter', { id: 'b', kind: 'scatter', x: LR, y: LOSS, colour: OPTIMIZER, logX: true, width: 6 }],
  ['histogram', 'Histogram', { id: 'e', kind: 'histogram', field: LOSS, width: 6 }],
  ['parallel', 'Parallel', { id: 'f', kind: 'parallel', fields: [LR, OPTIMIZER, ACCURACY], target: LOSS, width: 12 }],
]

let project: string | null = null
async function sweep(door: Door): Promise<string> {
  if (project !== null) return project
  project = `pictures-${Date.now()}`
  await seedSweep(door, project)
  return project
}

async function open(page: Page, project: string, panel: Panel): Promise<void> {
  const layout = arrangementText({
    sections: [
      { id: 'own', title: 'Pictures', collapsed: false, panels: [panel] },
      { id: 'keys:', title: '', prefix: '', collapsed: true, panels: [] },
    ],
    order: ['own'],
  })
  await page.goto(`/${WORKSPACE}/${project}/runs?pane=charts&base=3&layout=${encodeURIComponent(layout)}`)
}

for (const colorScheme of ['light', 'dark'] as const)
  test(`panels of a sweep look as they did, in the ${colorScheme} theme`, async ({ page, door }) => {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
    const project = await sweep(door)
    for (const [name, title, panel] of PANELS) {
      await open(page, project, panel.kind === 'line' ? panel : { ...panel, title })
      const figure = page.getByRole('figure', { name: title, exact: true })
      await expect(figure.locator('canvas, svg[data-drawing]').first()).toBeVisible()
      await page.evaluate(() => document.fonts.ready)
      await page.mouse.move(0, 0)
      await expect(figure).toHaveScreenshot(`${name}-${colorScheme}.png`, {
        animations: 'disabled',
        maxDiffPixelRatio: 0.02,
        // The caption of lines says how long ago the last point came.
        mask: panel.kind === 'line' ? [figure.locator('figcaption')] : [],
      })
    }
  })
