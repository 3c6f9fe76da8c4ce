import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { numberBinaryBatch, readBinaryBatch, unpackBatch, writeBinaryBatch } from './binary-batch.ts'
import { checkDeltas, decodeDeltas, encodeDeltas, PackedFormatError } from './delta-varint.ts'
import { metricKey } from './metric-key.ts'
import { type PointGroup, packBatch } from './packed-batch.ts'
import { BatchShapeError, BatchSizeError } from './records.ts'

const POINTS_MAX = 100_000
const step = fc.nat({ max: Number.MAX_SAFE_INTEGER })
const anyName = fc.oneof(
  fc.constantFrom('train/loss', 'lr', 'é', 'e\u0301', 'a//b', '', '__proto__', 'x\u0000'),
  fc.string({ maxLength: 12 }),
)
const goodName = anyName.filter((name) => metricKey(name) !== null)

const groupOf = (name: fc.Arbitrary<string>): fc.Arbitrary<PointGroup<string>> =>
  fc
    .record({ n: fc.integer({ min: 1, max: 20 }), isRegular: fc.boolean(), hasTimes: fc.boolean() })
    .chain(({ n, isRegular, hasTimes }) => {
      const axis = fc.array(step, { minLength: n, maxLength: n }).map((steps) => Float64Array.from(steps))
      return fc.record({
        steps: isRegular
          ? fc
              .record({ first: fc.nat({ max: 2 ** 40 }), stride: fc.nat({ max: 1000 }) })
              .map(({ first, stride }) => Float64Array.from({ length: n }, (_, i) => first + i * stride))
          : axis,
        times: hasTimes ? axis : fc.constant(null),
        keys: fc.array(
          fc.record({
            key: name,
            values: fc
              .array(fc.oneof(fc.double(), fc.float()), { minLength: n, maxLength: n })
              .map((values) => Float64Array.from(values)),
          }),
          { minLength: 1, maxLength: 4 },
        ),
      })
    })

/** Any numbering of keys that is no index of a name. */
const numberOf = (key: string): number => 1_000 + [...key].reduce((sum, c) => sum + (c.codePointAt(0) ?? 0), 0)
const read = (body: Buffer) => readBinaryBatch(body, POINTS_MAX)
const numbered = (groups: readonly PointGroup<string>[]): PointGroup<number>[] =>
  groups.map((group) => ({
    ...group,
    keys: group.keys.map(({ key, values }) => ({ key: numberOf(metricKey(key) as string), values })),
  }))

describe('a binary body', () => {
  test('is stored as the very bytes that the same points packed here would be', () => {
    fc.assert(
      fc.property(fc.array(groupOf(goodName), { maxLength: 3 }), (groups) => {
        const batch = read(writeBinaryBatch(groups))
        expect(batch.rejected).toEqual([])
        expect(batch.points).toBe(groups.reduce((sum, { steps, keys }) => sum + steps.length * keys.length, 0))
        expect(numberBinaryBatch(batch, numberOf).equals(packBatch(numbered(groups)))).toBe(true)
      }),
    )
  })

  test('loses only the columns of names that cannot be keys, and names each of them once', () => {
    fc.assert(
      fc.property(fc.array(groupOf(anyName), { maxLength: 3 }), (groups) => {
        const batch = read(writeBinaryBatch(groups))
        const kept = groups
          .map((group) => ({ ...group, keys: group.keys.filter(({ key }) => metricKey(key) !== null) }))
          .filter(({ keys }) => keys.length > 0)
        const refused = groups
          .flatMap(({ keys }) => keys.map(({ key }) => key))
          .filter((key) => metricKey(key) === null)
        expect(batch.rejected).toEqual([...new Set(refused)].map((key) => ({ key, reason: 'invalid_key' })))
        expect(batch.points).toBe(kept.reduce((sum, { steps, keys }) => sum + steps.length * keys.length, 0))
        expect(numberBinaryBatch(batch, numberOf).equals(packBatch(numbered(kept)))).toBe(true)
      }),
    )
  })

  test('that is cut or changed is refused with its byte, or is read and can be unpacked to points with steps and times', () => {
    fc.assert(
      fc.property(
        groupOf(goodName),
        groupOf(goodName),
        fc.boolean(),
        fc.nat(),
        fc.nat({ max: 255 }),
        fc.nat(),
        (one, other, isPair, at, byte, cut) => {
          const body = writeBinaryBatch(isPair ? [one, other] : [one])
          body[at % body.length] = byte
          const damaged = cut % 3 === 0 ? body.subarray(0, cut % (body.length + 1)) : body
          try {
            const batch = read(damaged)
            const groups = unpackBatch(numberBinaryBatch(batch, numberOf))
            let points = 0
            for (const { steps, times, keys } of groups) {
              for (const axis of [steps, times ?? []])
                for (const value of axis) expect(Number.isSafeInteger(value) && value >= 0).toBe(true)
              for (const { values } of keys) points += values.length
            }
            expect(points).toBe(batch.points)
          } catch (error) {
            if (error instanceof BatchSizeError) return
            expect(error).toBeInstanceOf(BatchShapeError)
            expect((error as Error).message).toMatch(/byte \d+: /)
          }
        },
      ),
      { numRuns: 2_000 },
    )
  })

  const group = (more: Partial<PointGroup<string>> = {}): PointGroup<string> => ({
    steps: Float64Array.of(3, 4),
    times: null,
    keys: [{ key: 'a', values: Float64Array.of(1, 2) }],
    ...more,
  })
  const changed = (groups: PointGroup<string>[], change: (body: Buffer) => Buffer | undefined): Buffer => {
    const body = writeBinaryBatch(groups)
    return change(body) ?? body
  }
  /** With one name of one byte the batch begins here. */
  const AT = 9

  test.each<[string, Buffer, string]>([
    ['no magic', Buffer.from('{"groups":[]}'), 'byte 0: a body begins with "DSM1"'],
    ['nothing', Buffer.alloc(0), 'byte 0: a body begins with "DSM1"'],
    ['more names than there are', changed([group()], (b) => void b.writeUInt16LE(9, 4)), 'goes beyond the end'],
    ['no batch', changed([group()], (b) => b.subarray(0, AT)), `byte ${AT}: the batch is missing`],
    [
      'another kind of batch',
      changed([group()], (b) => void b.writeUInt8(3, AT)),
      `byte ${AT}: a group cannot begin with 3`,
    ],
    [
      'another flag',
      changed([group()], (b) => void b.writeUInt8(2, AT + 1)),
      `byte ${AT + 1}: "regular" is 0 or 1, not 2`,
    ],
    [
      'a group without steps',
      changed([group()], (b) => void b.writeUInt32LE(0, AT + 2)),
      `byte ${AT + 2}: a group has no`,
    ],
    [
      'a group without keys',
      changed([group()], (b) => void b.writeUInt16LE(0, AT + 6)),
      `byte ${AT + 6}: a group has no`,
    ],
    ['a half step', changed([group()], (b) => void b.writeDoubleLE(0.5, AT + 8)), `byte ${AT + 8}: the first step`],
    ['step -0', changed([group()], (b) => void b.writeDoubleLE(-0, AT + 8)), `byte ${AT + 8}: the first step`],
    ['a step below 0', changed([group()], (b) => void b.writeDoubleLE(-4, AT + 16)), `byte ${AT + 16}: the stride`],
    [
      'a step of 2^53',
      changed([group()], (b) => void b.writeDoubleLE(2 ** 53, AT + 16)),
      `byte ${AT + 16}: the stride`,
    ],
    [
      'a stride that is NaN',
      changed([group()], (b) => void b.writeDoubleLE(NaN, AT + 16)),
      `byte ${AT + 16}: the stride`,
    ],
    [
      'a first step that is not the first of the steps',
      changed(
        [group({ steps: Float64Array.of(3, 4, 9), keys: [{ key: 'a', values: Float64Array.of(1, 2, 3) }] })],
        (b) => void b.writeDoubleLE(4, AT + 8),
      ),
      `byte ${AT + 8}: the first step is not`,
    ],
    [
      'a time below 0',
      changed([group({ times: Float64Array.of(0, 1) })], (b) => void b.writeUInt8(1, AT + 28)),
      `byte ${AT + 28}: wall time 0 of 2 is not from 0`,
    ],
    [
      'a name that is not there',
      changed([group()], (b) => void b.writeUInt32LE(1, AT + 28)),
      `byte ${AT + 28}: key 0 is name 1 of 1`,
    ],
    ['another width', changed([group()], (b) => void b.writeUInt8(2, AT + 32)), `byte ${AT + 32}: a value is 4 or 8`],
    [
      'too few values',
      changed([group()], (b) => b.subarray(0, b.length - 1)),
      `byte ${AT + 33}: the values of key 0 go`,
    ],
    [
      'bytes behind',
      changed([group()], (b) => Buffer.concat([b, Buffer.of(0)])),
      `byte ${AT + 41}: 1 bytes lie behind`,
    ],
  ])('with %s is malformed at a byte', (_what, body, message) => {
    expect(() => read(body)).toThrow(BatchShapeError)
    expect(() => read(body)).toThrow(message)
  })

  test('may hold names that no column uses, good or bad, and no groups at all', () => {
    const empty = writeBinaryBatch([])
    expect(read(empty)).toMatchObject({ points: 0, rejected: [] })
    const head = Buffer.from('DSM1\x01\x00\x01\x00\x00', 'latin1')
    const batch = read(Buffer.concat([head, packBatch([])]))
    expect(batch).toMatchObject({ points: 0, rejected: [] })
    expect(unpackBatch(numberBinaryBatch(batch, numberOf))).toEqual([])
  })

  test('with a name that is no UTF-8 loses that name; the replacement character itself is a character like others', () => {
    const good = writeBinaryBatch([group({ keys: [{ key: 'a\ufffd', values: Float64Array.of(1, 2) }] })])
    expect(read(good).keys).toEqual(['a\ufffd'])
    const bad = Buffer.from(good)
    bad[9] = 0xff
    expect(read(bad)).toMatchObject({ points: 0, rejected: [{ key: 'a\ufffd\ufffd\ufffd', reason: 'invalid_key' }] })
  })

  test('with too many values is told apart from a malformed one, before its columns are read', () => {
    const body = changed([group()], (b) => void b.writeUInt32LE(60_000, AT + 2))
    body.writeUInt16LE(2, AT + 6)
    expect(() => read(body)).toThrow(new BatchSizeError(120_000))
    expect(() => readBinaryBatch(writeBinaryBatch([group(), group()]), 3)).toThrow(BatchSizeError)
    expect(readBinaryBatch(writeBinaryBatch([group(), group()]), 4).points).toBe(4)
  })

  test('may name one key twice, in two ways of writing it: both columns are kept, in order', () => {
    const keys = ['e\u0301', 'é'].map((key, i) => ({ key, values: Float64Array.of(i, i) }))
    const batch = read(writeBinaryBatch([group({ keys })]))
    expect(batch.keys).toEqual(['é', 'é'])
    const [stored] = unpackBatch(numberBinaryBatch(batch, () => 7))
    expect(stored?.keys.map(({ key, values }) => [key, values[0]])).toEqual([
      [7, 0],
      [7, 1],
    ])
  })
})

interface Vectors {
  good: {
    name: string
    hex: string
    canonical: boolean
    groups: { step: number[]; t: number[] | null; columns: { name: string; values: (number | string)[] }[] }[]
    points: number
    rejected: string[]
  }[]
  bad: { name: string; hex: string; byte: number; reason: string }[]
}

describe('the golden vectors', () => {
  const file = (path: string) => readFileSync(new URL(`../../../${path}`, import.meta.url), 'utf8')
  const { good, bad } = JSON.parse(file('test/fixtures/wire/metrics-v1.json')) as Vectors

  test.each(good)('$name', ({ hex, canonical, groups, points, rejected }) => {
    const held = groups.map(({ step, t, columns }) => ({
      steps: Float64Array.from(step),
      times: t && Float64Array.from(t),
      keys: columns.map(({ name, values }) => ({ key: name, values: Float64Array.from(values, Number) })),
    }))
    const body = Buffer.from(hex, 'hex')
    expect(writeBinaryBatch(held).equals(body)).toBe(canonical)
    const batch = read(body)
    expect(batch.points).toBe(points)
    expect(batch.rejected).toEqual(rejected.map((key) => ({ key, reason: 'invalid_key' })))
    const kept = held
      .map((group) => ({ ...group, keys: group.keys.filter(({ key }) => !rejected.includes(key)) }))
      .filter(({ keys }) => keys.length > 0)
    const told = (groups: ReturnType<typeof unpackBatch>) =>
      groups.map(({ steps, times, keys }) => ({
        steps: [...steps],
        times: times && [...times],
        keys: keys.map(({ key, values }) => [key, [...values]]),
      }))
    expect(told(unpackBatch(numberBinaryBatch(batch, numberOf)))).toStrictEqual(told(numbered(kept)))
  })

  test.each(bad)('bad: $name', ({ hex, byte }) => {
    expect(() => read(Buffer.from(hex, 'hex'))).toThrow(BatchShapeError)
    expect(() => read(Buffer.from(hex, 'hex'))).toThrow(`at byte ${byte}: `)
  })

  test('the example of the document is one of them', () => {
    const shown = /```hex\n([\s\S]*?)```/.exec(file('docs/wire/metrics-v1.md'))?.[1] ?? ''
    expect(shown.replaceAll(/ {2,}.*$|\s/gm, '')).toBe(good[0]?.hex)
  })
})

describe('checking differences', () => {
  test('takes what decodes to integers from 0 to 2^53 - 1, and nothing else', () => {
    const bytes = fc.oneof(
      fc.uint8Array({ maxLength: 40 }),
      fc.array(step, { maxLength: 6 }).map((values) => encodeDeltas(values)),
      fc.array(fc.integer({ min: -5, max: 5 }), { maxLength: 6 }).map((values) => encodeDeltas(values)),
    )
    fc.assert(
      fc.property(bytes, fc.nat(6), (bytes, n) => {
        const decoded = attempt(() => decodeDeltas(bytes, 0, bytes.length, n))
        const isRight = decoded?.every((v) => v >= 0 && v <= Number.MAX_SAFE_INTEGER)
        const checked = attempt(() => checkDeltas(bytes, 0, bytes.length, n, 'step'))
        expect(checked).toBe(isRight ? (decoded?.[0] ?? 0) : null)
      }),
      { numRuns: 1_000 },
    )
  })
})

function attempt<T>(work: () => T): T | null {
  try {
    return work()
  } catch (error) {
    expect(error).toBeInstanceOf(PackedFormatError)
    return null
  }
}
