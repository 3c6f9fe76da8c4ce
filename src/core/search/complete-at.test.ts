import { expect, test } from 'vitest'
import { completeAt } from './complete-at.ts'

const ALL = ['=', '!=', '<', '<=', '>', '>=', '~', '!~', ':', 'in', 'not in', 'is missing', 'is not missing']

/** `|` is the caret. */
test.each<[string, object | null]>([
  ['|', { want: 'part', from: 0, to: 0, typed: '' }],
  ['task_a|', { want: 'part', from: 0, to: 6, typed: 'task_a' }],
  ['ta|sk_a and b', { want: 'part', from: 0, to: 6, typed: 'ta' }],
  ['a and config.l|', { want: 'part', from: 6, typed: 'config.l' }],
  ['config.|', { want: 'part', from: 0, typed: 'config.' }],
  ['config.`data s|', { want: 'part', from: 0, typed: 'config.data s' }],
  ['not s|', { want: 'part', from: 4, typed: 's' }],
  ['(|', { want: 'part', from: 1, typed: '' }],
  ['config.lr |', { want: 'comparison', from: 10, to: 10, typed: '', options: ALL }],
  ['name |= a', { want: 'comparison', from: 5, to: 6, typed: '' }],
  ['name n|', { want: 'comparison', from: 5, typed: 'n' }],
  ['cost >|', { want: 'value', from: 6, op: '>' }],
  ['state = ru|', { want: 'value', from: 8, to: 10, typed: 'ru', op: '=' }],
  ['state = ru|nning and a', { want: 'value', from: 8, to: 15, typed: 'ru' }],
  ['tag in (a, b|', { want: 'value', from: 11, typed: 'b', op: 'in' }],
  ['name = "sft re|', { want: 'value', from: 7, typed: 'sft re' }],
  ['name = "sft re|p"', { want: 'value', from: 7, to: 16, typed: 'sft re' }],
  ['created > |', { want: 'value', options: ['today', '-1d', '-7d', '-30d'] }],
  ['tag in |', { want: 'word', options: ['('] }],
  ['tag in (a |', { want: 'word', options: [',', ')'] }],
  ['tag is |', { want: 'word', options: ['missing', 'not missing'] }],
  ['tag is not m|', { want: 'word', options: ['missing'], typed: 'm' }],
  ['sft |', { want: 'word', options: ['and', 'or'], typed: '' }],
  ['sft an|', { want: 'word', options: ['and', 'or'], typed: 'an' }],
  ['(sft |', { want: 'word', options: ['and', 'or', ')'] }],
  ['cost > cheap and a|', null],
  ['sft base or|', null],
])('at %s', (marked, expected) => {
  const caret = marked.indexOf('|')
  const found = completeAt(marked.replace('|', ''), caret)
  if (expected === null) expect(found).toBeNull()
  else expect(found).toMatchObject(expected)
})
