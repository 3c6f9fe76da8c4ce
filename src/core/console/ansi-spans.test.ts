import { expect, test } from 'vitest'
import { ansiSpans, ansiText } from './ansi-spans.ts'

const ESC = '\u001b'

test('a plain line is one span', () => {
  expect(ansiSpans('step 50')).toEqual([
    { text: 'step 50', colour: null, bold: false, faint: false, italic: false, underline: false },
  ])
})

test('colours and weights become spans and end where they are reset', () => {
  const spans = ansiSpans(`a ${ESC}[1;31mred${ESC}[0m b`)
  expect(spans.map((s) => [s.text, s.colour, s.bold])).toEqual([
    ['a ', null, false],
    ['red', 1, true],
    [' b', null, false],
  ])
})

test('bright colours are told apart from dark ones; 256 and true colours are skipped whole', () => {
  expect(ansiSpans(`${ESC}[92mok`)[0]?.colour).toBe(10)
  expect(ansiText(`${ESC}[38;5;200mx${ESC}[38;2;1;2;3my`)).toBe('xy')
  expect(ansiSpans(`${ESC}[48;5;1mx`)[0]?.colour).toBeNull()
})

test('links, titles, the clipboard and cursor moves leave nothing', () => {
  expect(ansiText(`${ESC}]8;;https://evil.example${ESC}\\text${ESC}]8;;${ESC}\\`)).toBe('text')
  expect(ansiText(`${ESC}]0;title\u0007a${ESC}]52;c;aGk=\u0007b`)).toBe('ab')
  expect(ansiText(`a${ESC}[2Kb${ESC}[10;10Hc${ESC}7d`)).toBe('abcd')
  expect(ansiText(`a${ESC}]0;never closed`)).toBe('a')
})

test('a carriage return rewrites the line', () => {
  expect(ansiText('10 %\r20 %\r100 %')).toBe('100 %')
  expect(ansiText('done\r')).toBe('done')
})

test('controls and marks that turn the direction of text are removed, tabs stay', () => {
  expect(ansiText('a\u0000b\u202ec\td')).toBe('abc\td')
})

test('markup stays text', () => {
  expect(ansiText('<img src=x onerror=alert(1)>')).toBe('<img src=x onerror=alert(1)>')
})

test('a very long line is cut and says so', () => {
  expect(ansiText('x'.repeat(9_000)).length).toBe(8_002)
})
