import { expect, type Page } from '@playwright/test'

/** Waits until the page is no wider than its viewport: drawings follow a change of width a frame later. @throws where it stays wider */
export const fitsWidth = (page: Page): Promise<void> =>
  expect
    .poll(() => page.evaluate(() => document.documentElement.scrollWidth), { message: 'width of the page, px' })
    .toBeLessThanOrEqual(page.viewportSize()?.width ?? 0)
