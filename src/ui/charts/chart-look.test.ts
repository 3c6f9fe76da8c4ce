import { expect, test } from 'vitest'
import { parseSmoothing, smoothingText } from './chart-look.ts'

test.each([
  ['0.8', { kind: 'ema', amount: 0.8 }],
  ['ema:0.97', { kind: 'ema', amount: 0.97 }],
  ['mean:15', { kind: 'mean', amount: 15 }],
  ['gaussian:5', { kind: 'gaussian', amount: 5 }],
  ['off', 'off'],
  ['0', 'off'],
] as const)('%s in an address is a smoothing', (text, smoothing) => expect(parseSmoothing(text)).toEqual(smoothing))

test.each(['ema:1', 'mean:-1', 'mean:1e9', 'spline:3', 'ema:', 'x'])(
  '%s in an address is none and leaves the default',
  (text) => expect(parseSmoothing(text)).toBeNull(),
)

test('what is written into an address is read back', () => {
  for (const smoothing of ['off', { kind: 'gaussian', amount: 50 }] as const)
    expect(parseSmoothing(smoothingText(smoothing))).toEqual(smoothing)
})
