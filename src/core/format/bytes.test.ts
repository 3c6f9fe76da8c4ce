import { expect, test } from 'vitest'
import { formatBytes } from './bytes.ts'

test.each([
  [0, '0 B'],
  [512, '512 B'],
  [3_788_000, '3.61 MiB'],
  [85_899_345_920, '80.0 GiB'],
])('%d bytes print as %s', (bytes, printed) => {
  expect(formatBytes(bytes)).toBe(printed)
})
