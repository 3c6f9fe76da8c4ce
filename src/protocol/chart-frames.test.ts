import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type ChartFrame, encodeFrame, readFrames } from './chart-frames.ts'

const frame: fc.Arbitrary<ChartFrame> = fc.record({
  place: fc.nat(23),
  status: fc.constantFrom(200, 304, 404),
  etag: fc.string({ maxLength: 12, unit: 'binary' }),
  body: fc.uint8Array({ maxLength: 60 }).map((bytes) => new Uint8Array(bytes)),
})

test('frames come back whole, wherever the wire cuts them', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(frame, { maxLength: 5 }), fc.integer({ min: 1, max: 40 }), async (frames, piece) => {
      const bytes = new Uint8Array(await new Blob(frames.map(encodeFrame)).arrayBuffer())
      const stream = new ReadableStream<Uint8Array>({
        start(controller) {
          for (let i = 0; i < bytes.length; i += piece) controller.enqueue(bytes.slice(i, i + piece))
          controller.close()
        },
      })
      const read: ChartFrame[] = []
      for await (const found of readFrames(stream)) read.push(found)
      expect(read).toEqual(frames)
    }),
  )
})

test('what ends before its frame is complete is no frame', async () => {
  const whole = encodeFrame({ place: 1, status: 200, etag: '', body: new Uint8Array(9) })
  const stream = new ReadableStream<Uint8Array>({
    start(controller) {
      controller.enqueue(whole.slice(0, -1))
      controller.close()
    },
  })
  expect((await readFrames(stream).next()).done).toBe(true)
})
