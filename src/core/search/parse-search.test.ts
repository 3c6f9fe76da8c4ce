import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { searches, withoutPlaces } from '#test/factories/searches.ts'
import { SEARCH_CHARACTERS_MAX, SEARCH_TESTS_MAX } from './expression.ts'
import { fieldText, parseField } from './field.ts'
import { parseSearch } from './parse-search.ts'
import { printSearch } from './print-search.ts'

describe('a search is read', () => {
  test.each([
    ['', ''],
    ['   ', ''],
    ['sft', 'sft'],
    ['"sft replay"', '"sft replay"'],
    ['12', '12'],
    ['a OR b aNd NOT c', 'a or b and not c'],
    ['(a or b) and c', '(a or b) and c'],
    ['((a))', 'a'],
    ['a or (b or c)', 'a or (b or c)'],
    ['not(a or b)', 'not (a or b)'],
    ['name=sft', 'name = sft'],
    ['NAME = sft', 'name = sft'],
    ['name = 7', 'name = 7'],
    ['name = "a \\"b\\" \\\\ c"', 'name = "a \\"b\\" \\\\ c"'],
    ['name ~ ^sft_\\d+$', 'name ~ ^sft_\\d+$'],
    ['name ~ "^(sft|base)$"', 'name ~ "^(sft|base)$"'],
    ['name : hf:org/model', 'name : hf:org/model'],
    ['config.lr>=1e-4', 'config.lr >= 0.0001'],
    ['config.seed = 1', 'config.seed = 1'],
    ['config.seed = "1"', 'config.seed = "1"'],
    ['config.flag = True', 'config.flag = true'],
    ['config.flag = "true"', 'config.flag = "true"'],
    ['config.wait = 90s', 'config.wait = 90s'],
    ['config.`data set` is missing', 'config.`data set` is missing'],
    ['config.a.min = 1', 'config.a.min = 1'],
    ['metrics.loss.last < 2', 'metrics.loss < 2'],
    ['metrics.`loss.min`.max < 2', 'metrics.`loss.min`.max < 2'],
    ['metrics.`loss.min` < 2', 'metrics.`loss.min` < 2'],
    ['metrics.min < 2', 'metrics.min < 2'],
    ['metrics.train/loss.count > 100', 'metrics.train/loss.count > 100'],
    ['eval.mmlu.score > 0.5', 'eval.mmlu > 0.5'],
    ['eval.mmlu.state = forgot', 'eval.mmlu.state = forgot'],
    ['tag not in (a, "b c",d)', 'tag not in (a, "b c", d)'],
    ['agent is not missing', 'agent is not missing'],
    ['duration > 15m and duration <= 86400s', 'duration > 15m and duration <= 1d'],
    ['created >= 2026-11-24', 'created >= 2026-11-24'],
    ['created = 2026-11-24T10:00Z', 'created = 2026-11-24T10:00Z'],
    ['created = 2026-11-24t10:00:30.25z', 'created = 2026-11-24T10:00:30.250Z'],
    ['created > -7d or created = TODAY', 'created > -7d or created = today'],
    ['ancestor(stage = base) and not descendant (x)', 'ancestor(stage = base) and not descendant(x)'],
    ['ancestor', '"ancestor"'],
    ['missing', 'missing'],
    ['tag = "and"', 'tag = "and"'],
  ])('%s', (text, printed) => {
    const read = parseSearch(text)
    expect(read).toMatchObject({ kind: 'ok' })
    expect(printSearch(read.kind === 'ok' ? read.expr : null)).toBe(printed)
  })
})

describe('what is wrong is pointed at, and what was expected is said', () => {
  test.each([
    ['sft base', 4, 'and, or, or the end'],
    ['a and', 5, 'a word, a field, not, or an opening parenthesis'],
    ['a and or b', 6, 'a word or a field before or; quote "or" to search for the word'],
    ['(a or b', 7, 'and, or, or a closing parenthesis'],
    ['a)', 1, 'no closing parenthesis: none is open'],
    ['()', 1, 'a word, a field, not, or an opening parenthesis'],
    ['name', 4, 'a comparison after name: =, !=, :, ~, !~, in or is missing'],
    ['cost >', 6, 'a number, since cost is one'],
    ['cost > cheap', 7, 'a number, since cost is one'],
    ['cost > "1"', 7, 'a number, since cost is one'],
    ['cost : 1', 5, '=, !=, <, <=, >, >=, in or is missing: cost is a number'],
    ['name < b', 5, '=, !=, :, ~, !~, in or is missing: name is text'],
    ['config.lr < high', 12, 'a number after <'],
    ['duration > 5', 11, 'a duration such as 90s, 15m, 2h or 3d'],
    ['created > 2026-02-30', 10, 'a date such as 2026-11-24, 2026-11-24T10:00Z, today or -7d'],
    ['created > -99999d', 10, 'a date such as 2026-11-24, 2026-11-24T10:00Z, today or -7d'],
    ['metrics.loss > 1e999', 15, 'a number, since metrics.loss is one'],
    ['stat = running', 0, 'a field: did you mean state?'],
    [
      'loss < 2',
      0,
      'a field: name, number, state, stage, tag, group, agent, owner, created, duration, tokens, cost, config.KEY, metrics.KEY or eval.BENCHMARK',
    ],
    [
      '"lr" = 2',
      0,
      'a field: name, number, state, stage, tag, group, agent, owner, created, duration, tokens, cost, config.KEY, metrics.KEY or eval.BENCHMARK',
    ],
    ['config. = 1', 7, 'a key after config.'],
    ['config.a[0] = 1', 8, 'back-ticks around a key with such characters: config.`…`'],
    ['config.`a = 1', 7, 'a closing back-tick (`) after the key'],
    ['metrics.`a`.mean = 1', 11, 'one of .last, .best, .min, .max, .first, .count, .checkpoint'],
    ['metrics.a.checkpoint = 1', 0, 'another reading: the value at a checkpoint is a column and no test'],
    ['state = runing', 8, 'one of queued, running, lost, finished, failed, stopped, preempted; did you mean running?'],
    ['tag in a', 7, 'an opening parenthesis and values with commas between'],
    ['tag in ()', 8, 'a value'],
    ['tag in (a b)', 10, 'a comma or a closing parenthesis'],
    ['tag not a', 8, 'in after not'],
    ['tag is empty', 7, 'missing or not missing'],
    ['name = "a', 7, 'a closing quote (")'],
    ['name = and', 7, 'a value'],
    ['name ~ "("', 7, 'a closing parenthesis in the pattern'],
    ['name ~ "(?=a)"', 7, 'a plain group: looking ahead or behind and flags are not taken'],
    ['name ~ "((a{9}){9}){99}"', 7, 'a shorter pattern: this one repeats too much inside itself'],
    ['a\0b', 1, 'characters that text can hold'],
    ['ancestor(ancestor(ancestor(ancestor(a))))', 27, 'at most 3 of ancestor and descendant inside one another'],
  ])('%s', (text, at, expected) => {
    expect(parseSearch(text)).toMatchObject({ kind: 'error', at, expected })
  })

  test('too long, too deep or too many tests are refused with the limit in numbers', () => {
    expect(parseSearch('a'.repeat(SEARCH_CHARACTERS_MAX + 1))).toMatchObject({ expected: 'at most 4000 characters' })
    expect(parseSearch(`${'('.repeat(100)}a${')'.repeat(100)}`)).toMatchObject({ kind: 'error' })
    expect(parseSearch(`${'not '.repeat(900)}a`)).toMatchObject({ kind: 'error' })
    const many = Array.from({ length: SEARCH_TESTS_MAX + 1 }, () => 'a').join(' or ')
    expect(parseSearch(many)).toMatchObject({ expected: `at most ${SEARCH_TESTS_MAX} tests` })
  })
})

describe('laws', () => {
  test('what is printed reads back as the same tree', () => {
    fc.assert(
      fc.property(searches(), (expr) => {
        const read = parseSearch(printSearch(expr))
        if (read.kind === 'error') throw new Error(`${printSearch(expr)}: expected ${read.expected} at ${read.at}`)
        expect(read.expr && withoutPlaces(read.expr)).toEqual(expr)
      }),
      { numRuns: 2000 },
    )
  })

  test('a field of any key reads back as itself', () => {
    const keys = fc.string({ unit: 'grapheme', minLength: 1 }).filter((key) => !/\0|\p{Cs}/u.test(key))
    fc.assert(
      fc.property(keys, fc.constantFrom('last', 'min', 'checkpoint'), (key, reading) => {
        const field = { kind: 'metric', key, reading } as const
        expect(parseField(fieldText(field))).toEqual(field)
        expect(parseField(fieldText({ kind: 'config', key }))).toEqual({ kind: 'config', key })
      }),
    )
  })

  test('any text is read or refused inside itself, at once', () => {
    const pieces = [
      'and',
      'or',
      'not ',
      'in (',
      ' is missing',
      '(',
      ')',
      ',',
      '"',
      '`',
      '\\',
      '=',
      '~',
      '<',
      ' ',
      '1',
      '-7d',
      'config.',
      'metrics.a',
      'state',
      'ancestor(',
      '{2}',
      '[',
      'é',
      '\n',
    ]
    const noise = fc
      .array(fc.oneof(fc.constantFrom(...pieces), fc.string()), { maxLength: 40 })
      .map((parts) => parts.join(''))
    fc.assert(
      fc.property(noise, (text) => {
        const read = parseSearch(text)
        if (read.kind === 'ok') expect(parseSearch(printSearch(read.expr))).toMatchObject({ kind: 'ok' })
        else {
          expect(read.at).toBeGreaterThanOrEqual(0)
          expect(read.at).toBeLessThanOrEqual(text.length)
          expect(read.to).toBeGreaterThanOrEqual(read.at)
          expect(read.expected).not.toBe('')
        }
      }),
      { numRuns: 3000 },
    )
  })
})
