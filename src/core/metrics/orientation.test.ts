import { expect, test } from 'vitest'
import { orientationOf } from './orientation.ts'

test.each([
  ['train/loss', 'lower'],
  ['val_loss', 'lower'],
  ['eval/perplexity', 'lower'],
  ['bpb', 'lower'],
  ['eval/error', 'lower'],
  ['step_time', 'lower'],
  ['seconds_per_step', 'lower'],
  ['eval/accuracy', 'higher'],
  ['reward', 'higher'],
  ['eval/f1', 'higher'],
  ['test/BLEU', 'higher'],
  ['perf/mfu', 'higher'],
  ['throughput', 'higher'],
  ['tokens_per_second', 'higher'],
  ['train/lr', null],
  ['tokens', null],
  ['grad_norm', null],
  ['glossary', null],
  ['loss/scale', null],
  ['loss_accuracy', null],
])('of %s the better values are %s ones', (key, orientation) => {
  expect(orientationOf(key)).toBe(orientation)
})
