import { expect, test } from 'vitest'
import { type LossMeaning, lossBreaks, type ScoreMeaning, scoreBreak } from './curve-breaks.ts'

const text = [{ source: 'text', share: 1 }]
const base: LossMeaning = { key: 'loss', objective: 'next token', lossMask: 'all', tokenizer: 'a1', data: text }

test.each<[string, Partial<LossMeaning>, string[]]>([
  ['the same everywhere', {}, []],
  ['another tokenizer', { tokenizer: 'b2' }, ['another tokenizer']],
  ['a mask on the answer', { lossMask: 'response' }, ['loss on the answer only']],
  ['another objective', { objective: 'DPO' }, ['another objective']],
  ['another source', { data: [{ source: 'code', share: 1 }] }, ['other data']],
  [
    'the same source with replay',
    {
      data: [
        { source: 'text', share: 0.75 },
        { source: 'code', share: 0.25 },
      ],
    },
    ['other data'],
  ],
  ['a share rounded otherwise', { data: [{ source: 'text', share: 0.998 }] }, []],
  ['another name alone', { key: 'loss/lm' }, ['another metric']],
  ['another name on other data', { key: 'loss/sft', data: [{ source: 'chat', share: 1 }] }, ['other data']],
  ['a stage that tells nothing', { objective: null, lossMask: null, tokenizer: null, data: [], key: null }, []],
])('after %s the loss breaks because of: %s', (_, change, words) => {
  expect(lossBreaks(base, { ...base, ...change })).toEqual(words)
})

const score: ScoreMeaning = { metric: 'acc', fingerprint: 'f', corpus: 'wiki 1', tokenizer: 'a1', isPerToken: false }

test.each<[string, Partial<ScoreMeaning>, string | null]>([
  ['nothing', {}, null],
  ['the metric', { metric: 'f1' }, 'another metric'],
  ['the protocol', { fingerprint: 'g' }, 'another protocol'],
  ['the tokenizer of a score per token', { tokenizer: 'b2', isPerToken: true }, 'another tokenizer'],
  ['the tokenizer of a score per byte or item', { tokenizer: 'b2' }, null],
  [
    'the revision of the corpus, whatever else',
    { fingerprint: 'g', corpus: 'wiki 2' },
    'another corpus: wiki 1 before, wiki 2 now',
  ],
  ['a corpus that is not told', { corpus: null }, null],
  ['a tokenizer that is not told', { tokenizer: null, isPerToken: true }, null],
])('scores that differ in %s are parted by: %s', (_, change, why) => {
  expect(scoreBreak(score, { ...score, ...change })).toBe(why)
})
