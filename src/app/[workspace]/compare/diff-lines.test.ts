import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type DiffLine, textDiff } from './diff-lines.ts'

const told = (lines: readonly DiffLine[]) =>
  lines.map((line) =>
    line.kind === 'fold'
      ? `… ${line.count}`
      : line.kind === 'same'
        ? `  ${line.text}`
        : `${line.kind === 'left' ? '-' : '+'} ${line.parts.map(({ text, changed }) => (changed ? `[${text}]` : text)).join('')}`,
  )

test('a line that changed shows which of its words did, and equal lines are folded away from it', () => {
  const left = 'a\nb\nc\nd\nrows: 40\ne\nf\ng\nh\ni\n'
  const { lines, changes } = textDiff(left, left.replace('40', '28'))
  expect(told(lines)).toEqual(['… 2', '  c', '  d', '- rows: [40]', '+ rows: [28]', '  e', '  f', '… 3'])
  expect(changes).toEqual([3])
})

test('of lines that changed together each stands beside the one with its key', () => {
  const { lines, changes } = textDiff('lr: 0.0015\nbatch: 48\nrate: 0.5\n', 'lr: 0.001\nmethod: full\nbatch: 40\n')
  expect(told(lines)).toEqual([
    '- lr: [0.0015]',
    '+ lr: [0.001]',
    '- batch: [48]',
    '+ batch: [40]',
    '- [rate: 0.5]',
    '+ [method: full]',
  ])
  expect(changes).toEqual([0])
})

test('equal texts have no change', () => expect(textDiff('a\nb\n', 'a\nb\n').changes).toEqual([]))

test('both texts can be read out of their difference, whatever is in them', () => {
  const text = fc
    .array(fc.constantFrom('lr: 1', 'lr: 2', 'wd: 0', ''), { maxLength: 8 })
    .map((lines) => lines.join('\n'))
  fc.assert(
    fc.property(text, text, (left, right) => {
      const { lines } = textDiff(left, right)
      const count = (kind: 'left' | 'right') =>
        lines.reduce(
          (sum, line) => sum + (line.kind === kind || line.kind === 'same' ? 1 : line.kind === 'fold' ? line.count : 0),
          0,
        )
      const lengthOf = (whole: string) => (whole.endsWith('\n') ? whole.slice(0, -1) : whole).split('\n').length
      return (
        whole(left) === '' ||
        whole(right) === '' ||
        (count('left') === lengthOf(left) && count('right') === lengthOf(right))
      )
    }),
  )
})

const whole = (text: string): string => text.replace(/\n$/, '')
