import { expect, test } from 'vitest'
import { ScreenExportQuery } from '#src/protocol/export.ts'
import { exportAddress } from './export-address.ts'

test('a link names what the door asks for', () => {
  const asked = (address: string) =>
    ScreenExportQuery.parse(Object.fromEntries(new URL(address, 'http://localhost').searchParams))
  const place = { workspace: 'lab', project: 'p' }
  const all = asked(exportAddress({ ...place, format: 'parquet', superseded: false }))
  expect(all).toMatchObject({ ...place, format: 'parquet', attempts: 'view' })
  expect(all).not.toHaveProperty('runs')
  expect(asked(exportAddress({ ...place, runs: '1-3,7', format: 'csv', superseded: true }))).toMatchObject({
    format: 'csv',
    attempts: 'all',
    runs: '1-3,7',
  })
})
