import { expect, test } from 'vitest'
import { BulkChange } from './bulk-runs.ts'

const read = (group: unknown) => BulkChange.safeParse({ do: 'group', group })

test('a group of runs is called by 1 to 200 letters, without the blanks around them; null takes it away', () => {
  expect(read('  lr sweep ').data).toEqual({ do: 'group', group: 'lr sweep' })
  expect(read(null).data).toEqual({ do: 'group', group: null })
  expect(read('a'.repeat(200)).success).toBe(true)
  for (const wrong of ['', '   ', 'a'.repeat(201), undefined, 7]) expect(read(wrong).success).toBe(false)
})
