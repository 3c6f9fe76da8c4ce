import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  arrange,
  hourlyAt,
  hourlyPlaces,
  metricPlaces,
  placesFrom,
  processPlaces,
  STEP_PLACES,
  type StepAxis,
  stepAxis,
  stepsOfRange,
  timePlaces,
  type XPlaces,
} from './x-axis.ts'

const of = (...values: number[]) => Float64Array.from(values)
const places = (axis: XPlaces, steps: Float64Array, times = steps, attempt: number | null = null) => [
  ...axis.place(steps, times, attempt, 'lastKnown'),
]
const HOUR = 3_600_000

test('steps, wall time and time since the start are read off the points', () => {
  expect(places(STEP_PLACES, of(1, 5))).toEqual([1, 5])
  expect(places(timePlaces(0), of(1, 5), of(900, 950))).toEqual([900, 950])
  expect(places(timePlaces(900), of(1, 5), of(900, 950))).toEqual([0, 50])
})

describe('process time', () => {
  // Attempt 1 shows steps 0 … 9 until 5,000 ms and went on to step 15; attempt 2 began an hour later.
  const axis = processPlaces([
    { attempt: 2, from: 10, to: Number.POSITIVE_INFINITY, startMs: HOUR, endMs: HOUR + 900 },
    { attempt: 1, from: 0, to: 10, startMs: 1000, endMs: 5000 },
  ])

  test('leaves out the pause and the work that was replaced', () =>
    expect(places(axis, of(0, 9, 10, 11), of(1000, 5000, HOUR + 100, HOUR + 200))).toEqual([0, 4000, 4100, 4200]))

  test('puts replaced points where their own attempt was', () =>
    expect(places(axis, of(10, 15), of(5500, 8000), 1)).toEqual([4500, 7000]))

  test('finds the attempt of telemetry by its wall time', () => {
    const telemetry = processPlaces(
      [
        { attempt: 1, from: 0, to: 10, startMs: 1000, endMs: 5000 },
        { attempt: 2, from: 10, to: 99, startMs: HOUR, endMs: null },
      ],
      'time',
    )
    expect(places(telemetry, of(0, 1), of(1500, HOUR + 500))).toEqual([500, 4500])
  })

  test('an attempt that shows nothing takes no room', () => {
    const spans = [
      { attempt: 1, from: 0, to: 0, startMs: 0, endMs: null },
      { attempt: 2, from: 0, to: 99, startMs: 500, endMs: 900 },
    ]
    expect(places(processPlaces(spans), of(3), of(700))).toEqual([200])
  })

  test('without an attempt nothing has a place', () => expect(places(processPlaces([]), of(1))).toEqual([Number.NaN]))

  test('a range is asked for in the wall times of each attempt', () =>
    expect(axis.reach(4000, 4500)).toEqual({
      by: 'time',
      spans: [
        { attempt: 1, from: 5000, to: 5500 },
        { attempt: 2, from: HOUR, to: HOUR + 500 },
      ],
    }))
})

describe('device-hours', () => {
  const held = [
    { startMs: 0, endMs: HOUR, perHour: 8 },
    { startMs: 2 * HOUR, endMs: null, perHour: 4 },
  ]

  test('rise while devices are held and rest between', () => {
    expect([-1, 0, HOUR / 2, HOUR, 1.5 * HOUR, 3 * HOUR].map((t) => hourlyAt(held, t))).toEqual([0, 0, 4, 8, 8, 12])
    expect(places(hourlyPlaces(held), of(1, 2), of(HOUR, 3 * HOUR))).toEqual([8, 12])
  })

  test('devices held at the same time add up, and what ended before it began counts nothing', () =>
    expect(
      hourlyAt(
        [
          { startMs: 0, endMs: 2 * HOUR, perHour: 1 },
          { startMs: HOUR, endMs: 2 * HOUR, perHour: 2 },
          { startMs: HOUR, endMs: HOUR - 1, perHour: 99 },
        ],
        5 * HOUR,
      ),
    ).toBe(4))

  test('a range of hours covers every wall time whose hours lie in it', () => {
    const time = fc.integer({ min: -2 * HOUR, max: 6 * HOUR })
    fc.assert(
      fc.property(time, time, time, (a, b, t) => {
        const [from, to] = [hourlyAt(held, Math.min(a, b)), hourlyAt(held, Math.max(a, b))]
        const { spans } = hourlyPlaces(held).reach(from, to)
        const hours = hourlyAt(held, t)
        // A millisecond to either side: the way back from hours is rounded.
        if (hours >= from && hours <= to)
          expect(spans.some((span) => t >= span.from - 1 && t <= span.to + 1)).toBe(true)
      }),
    )
  })

  test('a range of hours leaves out what lies before and after', () =>
    expect(hourlyPlaces(held).reach(2, 8).spans).toEqual([{ attempt: null, from: HOUR / 4, to: 2 * HOUR }]))
})

describe('another metric', () => {
  const tokens = stepAxis({ steps: of(0, 10, 20), values: of(100, 200, 300) })

  test('places points at steps that it has, others at its last value', () => {
    expect([...metricPlaces(tokens).place(of(0, 5, 20), of(), null, 'exact')]).toEqual([100, Number.NaN, 300])
    expect([...metricPlaces(tokens).place(of(0, 5, 20, 99), of(), null, 'lastKnown')]).toEqual([100, 100, 300, 300])
  })

  test('has no place before its first value', () =>
    expect(places(metricPlaces(stepAxis({ steps: of(5), values: of(1) })), of(4, 5))).toEqual([Number.NaN, 1]))

  test('passes over its values that are not finite', () =>
    expect(places(metricPlaces(stepAxis({ steps: of(0, 1, 2), values: of(7, Number.NaN, 9) })), of(0, 1, 2))).toEqual([
      7, 7, 9,
    ]))

  test('that a resumed run counts anew gives its places to the newest attempt', () => {
    const axis = stepAxis({ steps: of(0, 1, 2, 3, 4), values: of(0, 10, 20, 10, 30) }, [0, 3])
    expect(places(metricPlaces(axis), of(0, 1, 2, 3, 4))).toEqual([0, Number.NaN, Number.NaN, 10, 30])
  })

  test('that falls within an attempt is no counter: every point keeps its place', () => {
    const rate = stepAxis({ steps: of(0, 1, 2, 3), values: of(3, 2, 1, 3) }, [0, 3])
    expect(places(metricPlaces(rate), of(0, 1, 2, 3))).toEqual([3, 2, 1, 3])
  })

  test('a range covers the steps from its first value in it up to its first value beyond', () => {
    expect(stepsOfRange(tokens, 150, 250)).toEqual([{ from: 10, to: 19 }])
    expect(stepsOfRange(tokens, 200, 999)).toEqual([{ from: 10, to: Number.POSITIVE_INFINITY }])
    expect(stepsOfRange(tokens, 210, 220)).toEqual([])
  })

  test('a range of an axis that falls covers each passage', () =>
    expect(stepsOfRange({ steps: of(0, 1, 2, 3), values: of(1, 5, 1, 5) }, 0, 2)).toEqual([
      { from: 0, to: 0 },
      { from: 2, to: 2 },
    ]))

  test('an axis that swings to and fro is asked for in one piece', () => {
    const steps = Float64Array.from({ length: 1000 }, (_, i) => i)
    expect(stepsOfRange({ steps, values: steps.map((i) => i % 2) }, 1, 1)).toEqual([
      { from: 1, to: Number.POSITIVE_INFINITY },
    ])
  })

  const axes: fc.Arbitrary<StepAxis> = fc
    .uniqueArray(fc.tuple(fc.nat({ max: 100 }), fc.integer({ min: 0, max: 50 })), { selector: ([step]) => step })
    .map((list) => {
      const sorted = list.toSorted((a, b) => a[0] - b[0])
      return { steps: Float64Array.from(sorted, (p) => p[0]), values: Float64Array.from(sorted, (p) => p[1]) }
    })

  test('the steps of a range are exactly those that are placed in it, as long as they are few', () => {
    fc.assert(
      fc.property(axes, fc.integer({ min: -5, max: 55 }), fc.nat({ max: 60 }), (axis, from, width) => {
        const steps = Float64Array.from({ length: 120 }, (_, i) => i)
        const x = metricPlaces(axis).place(steps, steps, null, 'lastKnown')
        const spans = stepsOfRange(axis, from, from + width)
        steps.forEach((step) => {
          const isPlaced = (x[step] as number) >= from && (x[step] as number) <= from + width
          expect(spans.some((span) => step >= span.from && step <= span.to)).toBe(isPlaced)
        })
      }),
    )
  })

  test('a counter with resumes is placed so that x never falls, and its last attempt keeps every place', () => {
    const rises = fc.array(fc.nat({ max: 9 }), { minLength: 1, maxLength: 20 })
    const attempts = fc.array(fc.tuple(fc.nat({ max: 100 }), rises), { minLength: 1, maxLength: 5 })
    fc.assert(
      fc.property(attempts, (list) => {
        const values: number[] = []
        const firstSteps: number[] = []
        for (const [start, steps] of list) {
          firstSteps.push(values.length)
          let at = start
          for (const rise of steps) {
            at += rise
            values.push(at)
          }
        }
        const steps = Float64Array.from(values, (_, i) => i)
        const x = places(metricPlaces(stepAxis({ steps, values: Float64Array.from(values) }, firstSteps)), steps)
        const placed = x.filter((at) => !Number.isNaN(at))
        expect(placed).toEqual(placed.toSorted((a, b) => a - b))
        expect(x.slice(firstSteps.at(-1))).toEqual(values.slice(firstSteps.at(-1)))
      }),
    )
  })
})

test('an axis that begins behind another is that axis moved, and so are its ranges', () => {
  const axis = placesFrom(1000, metricPlaces(stepAxis({ steps: of(0, 10), values: of(5, 6) })))
  expect(places(axis, of(0, 10))).toEqual([1005, 1006])
  expect(axis.reach(1006, 1010)).toEqual({ by: 'step', spans: [{ from: 10, to: Number.POSITIVE_INFINITY }] })
})

test('points are put in order by x with all their columns; what has no place or lies outside is left out', () => {
  const line = arrange(
    of(3, Number.NaN, 1, 9, 1),
    { y: of(30, 0, 10, 90, 11), n: Float32Array.of(1, 2, 3, 4, 5) },
    0,
    5,
  )
  expect([...line.x]).toEqual([1, 1, 3])
  expect([...line.y]).toEqual([10, 11, 30])
  expect([...line.n]).toEqual([3, 5, 1])
})

test('a line that is in order and in range is handed on as it is', () => {
  const x = of(1, 2)
  expect(arrange(x, { y: x }).x).toBe(x)
})
