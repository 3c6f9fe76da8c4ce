import { expect, test } from 'vitest'
import { metricKey } from './metric-key.ts'

test.each([
  ['loss', 'loss'],
  ['train/loss', 'train/loss'],
  ['Verlust (über alles)', 'Verlust (über alles)'],
  ['u\u0308ber', 'über'],
  ['损失/平均', '损失/平均'],
  ['a.b..c', 'a.b..c'],
  ['🙂'.repeat(256), '🙂'.repeat(256)],
])('%j is kept as %j', (name, key) => expect(metricKey(name)).toBe(key))

test.each([
  '',
  ' loss',
  'loss ',
  'a\u0000b',
  'a\nb',
  'a\u202eb',
  'a\u2066b',
  'a\ud800b',
  '/a',
  'a/',
  'a//b',
  'a/../b',
  '..',
  '__proto__',
  'a/constructor',
  'prototype/a',
  'x'.repeat(257),
  '🙂'.repeat(257),
])('%j is no name of a metric', (name) => expect(metricKey(name)).toBeNull())
