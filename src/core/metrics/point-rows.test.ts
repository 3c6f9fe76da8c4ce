import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { formatPlace, parsePlace } from './export-place.ts'
import { csvHead, csvRows, jsonRows, type PointRows, placeOfCsvRow, placeOfJsonRow } from './point-rows.ts'

const rowsOf = (more: Partial<PointRows> = {}): PointRows => ({
  run: 17,
  runUid: '0190c2a0-0000-7000-8000-000000000001',
  metric: 'train/loss',
  attempt: 1,
  steps: Float64Array.of(1, 2, 3, 4, 5),
  times: Float64Array.of(10, 20, 30, 40, 2 ** 53 - 1),
  values: Float64Array.of(0.1, Number.NaN, Infinity, -Infinity, -0),
  shown: null,
  ...more,
})

test('a line of CSV has run, uid, metric, attempt, step, time and value', () => {
  expect(csvHead(false)).toBe('run,run_uid,metric,attempt,step,t,value\n')
  expect(csvRows(rowsOf(), 0, 5).split('\n')).toEqual([
    '17,0190c2a0-0000-7000-8000-000000000001,train/loss,1,1,10,0.1',
    '17,0190c2a0-0000-7000-8000-000000000001,train/loss,1,2,20,NaN',
    '17,0190c2a0-0000-7000-8000-000000000001,train/loss,1,3,30,Infinity',
    '17,0190c2a0-0000-7000-8000-000000000001,train/loss,1,4,40,-Infinity',
    '17,0190c2a0-0000-7000-8000-000000000001,train/loss,1,5,9007199254740991,-0.0',
    '',
  ])
})

test('a line of JSON has the words of the wire where JSON has no number', () => {
  const rows = jsonRows(rowsOf(), 1, 5)
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))
  expect(rows.map(({ value }) => value)).toEqual(['NaN', 'Infinity', '-Infinity', -0])
  expect(rows[0]).toEqual({
    run: 17,
    run_uid: '0190c2a0-0000-7000-8000-000000000001',
    metric: 'train/loss',
    attempt: 1,
    step: 2,
    t: 20,
    value: 'NaN',
  })
})

test('what the default view leaves out is marked, where that was asked for', () => {
  const points = rowsOf({ shown: { from: 2, to: 4 } })
  expect(csvHead(true).trim().split(',').at(-1)).toBe('superseded')
  const marks = [true, false, false, true, true]
  expect(
    csvRows(points, 0, 5)
      .trim()
      .split('\n')
      .map((line) => line.endsWith(',true')),
  ).toEqual(marks) // prettier-ignore
  expect(
    jsonRows(points, 0, 5)
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line).superseded),
  ).toEqual(marks) // prettier-ignore
})

test('every double reads back bit for bit', () => {
  fc.assert(
    fc.property(fc.double(), (value) => {
      const points = rowsOf({ values: Float64Array.of(value) })
      expect(Number(csvRows(points, 0, 1).trim().split(',')[6])).toBe(value)
      expect(Number(JSON.parse(jsonRows(points, 0, 1)).value)).toBe(value)
    }),
  )
})

describe('the place of a row', () => {
  const places = fc.record({
    run: fc.integer({ min: 1, max: 2 ** 31 - 1 }),
    metric: fc.string({ unit: 'grapheme', minLength: 1 }).map((s) => s.replaceAll(/\p{Cc}/gu, '_')),
    attempt: fc.integer({ min: 1, max: 2 ** 31 - 1 }),
    step: fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER }),
  })

  test('is read back from a line of either form, and from the cursor', () => {
    fc.assert(
      fc.property(places, (place) => {
        const points = rowsOf({ ...place, steps: Float64Array.of(place.step) })
        expect(placeOfCsvRow(csvRows(points, 0, 1).trimEnd())).toEqual(place)
        expect(placeOfJsonRow(jsonRows(points, 0, 1).trimEnd())).toEqual(place)
        expect(parsePlace(formatPlace(place))).toEqual(place)
      }),
    )
  })

  test.each(["'a", '=1+1', '+1', '-1', '@x', '＝1', 'a,b', 'a"b', "'=1"])(
    'is read back for the metric %s',
    (metric) => {
      const line = csvRows(rowsOf({ metric }), 0, 1)
      expect(placeOfCsvRow(line)?.metric).toBe(metric)
      if (/^[=+@＝-]/.test(metric)) expect(line).toContain(`,'${metric}`)
    },
  )

  test.each(['', 'run,run_uid,metric,attempt,step,t,value', '17,0190', '{"run":1', '[]', '{"run":1,"metric":"a"}'])(
    'is not in %s',
    (line) => {
      expect(placeOfCsvRow(line)).toBeNull()
      expect(placeOfJsonRow(line)).toBeNull()
    },
  )

  test.each(['', 'n5', '1:2:3', '1:2:3:', '1:2:-3:a', '1:2:99999999999999999:a', 'a:1:1:a'])(
    'is not what the cursor %s names',
    (cursor) => expect(parsePlace(cursor)).toBeNull(),
  )
})
