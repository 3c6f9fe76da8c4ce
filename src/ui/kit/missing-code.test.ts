import { expect, test } from 'vitest'
import { isMissingCode, mayReload, RELOAD_EVERY_MS } from './missing-code.ts'

const NOW = 1_800_000_000_000

test('a page whose code is missing is loaded anew once, not again and again', () => {
  expect(mayReload(null, NOW)).toBe(true)
  expect(mayReload(String(NOW), NOW + 10)).toBe(false)
  expect(mayReload(String(NOW), NOW + RELOAD_EVERY_MS - 1)).toBe(false)
  expect(mayReload(String(NOW), NOW + RELOAD_EVERY_MS)).toBe(true)
})

test('what was kept and cannot be read holds nothing up', () => expect(mayReload('yesterday', NOW)).toBe(true))

test('only what the bundler throws for a missing file counts as missing code', () => {
  const missing = Object.assign(new Error('Failed to load chunk /_next/static/chunks/1.js'), { name: 'ChunkLoadError' })
  expect(
    [missing, new Error('Failed to load chunk'), new TypeError('x is undefined'), null].map(isMissingCode),
  ).toEqual([true, false, false, false])
})
