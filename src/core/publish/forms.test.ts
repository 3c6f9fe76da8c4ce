import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { csvTable } from './csv.ts'
import { jsonText } from './json.ts'
import { latexEscape, latexTable } from './latex.ts'
import { markdownTable, markdownText, parseMarkdownTable } from './markdown.ts'
import { type PublishedCell, type PublishedTable, turned } from './table.ts'
import { tableDifferences } from './table-differences.ts'
import { tsvTable } from './tsv.ts'

/** Every character that one of the forms reads, and what lies around them. */
const awkward = fc
  .array(
    fc.oneof(
      fc.constantFrom(...'|\\_%*[]()<>&#$~^{}`"\'=+-−@\n\r\t ,;:.?!/'),
      fc.constantFrom('<br>', '&amp;', '&#13;', '**', '\\|', 'MMLU', '—', 'Tülu', '🙂', '\u2028'),
      fc.string({ unit: 'grapheme', maxLength: 3 }),
    ),
    { maxLength: 8 },
  )
  .map((parts) => parts.join(''))

const cell: fc.Arbitrary<PublishedCell> = fc
  .record(
    {
      text: awkward,
      href: fc.webUrl({ withFragments: true, withQueryParameters: true }),
      strong: fc.constant(true as const),
    },
    { requiredKeys: ['text'] },
  )
  .map(({ strong, ...rest }) => (strong && rest.text !== '' ? { ...rest, strong } : rest))

const tables: fc.Arbitrary<PublishedTable> = fc.integer({ min: 1, max: 5 }).chain((width) =>
  fc.record({
    columns: fc.array(fc.record({ name: awkward, align: fc.constantFrom('left' as const, 'right' as const) }), {
      minLength: width,
      maxLength: width,
    }),
    rows: fc.array(fc.array(cell, { minLength: width, maxLength: width }), { maxLength: 5 }),
  }),
)

describe('Markdown', () => {
  test('read back gives the same columns and cells, whatever is in them', () => {
    fc.assert(
      fc.property(tables, (table) => {
        expect(parseMarkdownTable(markdownTable(table))).toEqual(table)
      }),
      { numRuns: 2000 },
    )
  })

  test('pasted with its title and notes around it gives the same cells', () => {
    fc.assert(
      fc.property(tables, awkward, fc.array(awkward, { maxLength: 2 }), (table, title, notes) => {
        expect(parseMarkdownTable(markdownText({ title, table, footRows: 0, notes }))).toEqual(table)
      }),
    )
  })

  test.each([
    ['a|b', 'a\\|b'],
    ['a\\|b', 'a\\\\\\|b'],
    ['snake_case', 'snake\\_case'],
    ['100 %', '100 %'],
    ['two\nlines', 'two<br>lines'],
    ['<b>', '\\<b\\>'],
    ['R&D', 'R&amp;D'],
  ])('%j is written %j', (text, written) => {
    const table = { columns: [{ name: text, align: 'left' as const }], rows: [] }
    expect(markdownTable(table).split('\n')[0]).toBe(`| ${written} |`)
  })

  test('that somebody typed is read: no frame, bold, links, other alignments, short and long rows', () => {
    const text =
      'See below.\n\nmodel | MMLU | GSM8K\n:-- | :-: | --:\n[SFT](https://x.org/a_b) | **65.9** | 76.2\nDPO | 68.7\nRLVR | 1 | 2 | 3\n\nEnd.'
    expect(parseMarkdownTable(text)).toEqual({
      columns: [
        { name: 'model', align: 'left' },
        { name: 'MMLU', align: 'left' },
        { name: 'GSM8K', align: 'right' },
      ],
      rows: [
        [{ text: 'SFT', href: 'https://x.org/a_b' }, { text: '65.9', strong: true }, { text: '76.2' }],
        [{ text: 'DPO' }, { text: '68.7' }, { text: '' }],
        [{ text: 'RLVR' }, { text: '1' }, { text: '2' }],
      ],
    })
  })

  test.each(['', 'no table', 'a | b\nc | d', '---|---', 'a | b\n---'])('%j holds no table', (text) => {
    expect(parseMarkdownTable(text)).toBeNull()
  })
})

describe('LaTeX', () => {
  test.each([
    ['100 %', '100 \\%'],
    ['snake_case & co', 'snake\\_case \\& co'],
    ['C:\\x', 'C:\\textbackslash{}x'],
    ['{a}^2 ~b #1 $', '\\{a\\}\\textasciicircum{}2 \\textasciitilde{}b \\#1 \\$'],
    ['−0.1 ± 2', '$-$0.1 $\\pm$ 2'],
    ['[optional]', '{[}optional{]}'],
    ['two\nlines', '\\shortstack[l]{two \\\\ lines}'],
  ])('%j is written %j', (text, written) => expect(latexEscape(text)).toBe(written))

  test('has as many cells in each row as columns, whatever is in them', () => {
    fc.assert(
      fc.property(tables, (table) => {
        const body = latexTable(table)
          .split('\n')
          .filter((line) => line.endsWith(' \\\\'))
        expect(body).toHaveLength(table.rows.length + 1)
        const separators = body.map((line) => line.replace(/\\[\s\S]/g, '').split('&').length)
        expect(separators).toEqual(body.map(() => table.columns.length))
      }),
    )
  })

  test('puts a rule above the rows at its foot, and links in \\href', () => {
    const columns = [{ name: 'a', align: 'left' as const }]
    const rows = [[{ text: 'x', href: 'https://x.org/a%20b#c' }], [{ text: 'average', strong: true as const }]]
    expect(latexTable({ columns, rows }, 1).split('\n').slice(4, 7)).toEqual([
      '\\href{https://x.org/a\\%20b\\#c}{x} \\\\',
      '\\midrule',
      '\\textbf{average} \\\\',
    ])
  })
})

describe('CSV', () => {
  test('read by the rules of RFC 4180 gives the same texts, numbers with an ASCII minus and formulas as text', () => {
    fc.assert(
      fc.property(tables, (table) => {
        const texts = [table.columns.map(({ name }) => name), ...table.rows.map((row) => row.map(({ text }) => text))]
        expect(readCsv(csvTable(table))).toEqual(texts.map((line) => line.map(plainText)))
      }),
    )
  })

  test.each([
    ['−7.6', '-7.6'],
    ['+2.8', '+2.8'],
    ['=1+1', "'=1+1"],
    ['a,b', '"a,b"'],
    ['say "x"', '"say ""x"""'],
  ])('%j is written %j', (text, written) =>
    expect(csvTable({ columns: [{ name: text, align: 'left' }], rows: [] })).toBe(`${written}\r\n`),
  )
})

test('turned twice is the same but for the side on which numbers stand', () => {
  fc.assert(
    fc.property(tables, (table) => {
      const names = (t: PublishedTable) => [
        t.columns.map(({ name }) => name),
        t.rows.map((row) => row.map(({ text }) => text)),
      ]
      expect(names(turned(turned(table)))).toEqual(names(table))
    }),
  )
})

describe('a pasted table', () => {
  const table = (cells: string[][]): PublishedTable => ({
    columns: ['benchmark', 'SFT', 'DPO'].map((name) => ({ name, align: 'left' })),
    rows: cells.map((row) => row.map((text) => ({ text }))),
  })
  const here = table([
    ['MMLU', '65.9', '68.7'],
    ['Safety', '93.1', '−5.9'],
  ])

  test('that says the same differs nowhere, whatever its order, minus and blanks', () => {
    expect(tableDifferences(here, here)).toEqual([])
    expect(
      tableDifferences(
        table([
          ['Safety', ' 93.1 ', '-5.9'],
          ['MMLU', '65.9', '68.7'],
        ]),
        here,
      ),
    ).toEqual([])
  })

  test('names the cell that differs, and rows that only one of the two has', () => {
    expect(
      tableDifferences(
        table([
          ['MMLU', '65.9', '68.9'],
          ['PopQA', '29.3', '29.3'],
        ]),
        here,
      ),
    ).toEqual([
      { kind: 'only_pasted', what: 'row', name: 'PopQA' },
      { kind: 'only_here', what: 'row', name: 'Safety' },
      { kind: 'cell', row: 'MMLU', column: 'DPO', pasted: '68.9', here: '68.7' },
    ])
  })
})

const plainText = (text: string): string =>
  /^[−+]?\d+(\.\d+)?(e−?\d+)?$/.test(text) ? text.replaceAll('−', '-') : /^[=+\-@\t\r]/.test(text) ? `'${text}` : text

/** RFC 4180, as a spreadsheet reads it. */
function readCsv(text: string): string[][] {
  const lines: string[][] = []
  let line: string[] = []
  for (const [, quoted, bare, end] of text.matchAll(/(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n)/g)) {
    line.push(quoted?.replaceAll('""', '"') ?? bare ?? '')
    if (end === ',') continue
    lines.push(line)
    line = []
  }
  return lines
}

describe('TSV and JSON', () => {
  test('as TSV every row has as many cells as there are columns, whatever is in them', () => {
    fc.assert(
      fc.property(tables, (table) => {
        const lines = tsvTable(table).split('\n').slice(0, -1)
        expect(lines.map((line) => line.split('\t').length)).toEqual(
          [table.columns, ...table.rows].map((cells) => cells.length),
        )
      }),
    )
  })

  test('a spreadsheet reads numbers, and no formula', () => {
    const cells = ['−7.6', '+1', '=1+1', '@now', '2,187,706', '−12,345.7', '1.20e−7', '1,2'].map((text) => ({ text }))
    const columns = [
      { name: '', align: 'left' as const },
      ...cells.map(({ text }) => ({ name: text, align: 'left' as const })),
    ]
    const table = { columns, rows: [[{ text: '1,000' }, ...cells]] }
    expect(tsvTable(table).split('\n')[1]).toBe("1,000\t-7.6\t+1\t'=1+1\t'@now\t2187706\t-12345.7\t1.20e-7\t1,2")
    expect(csvTable(table).split('\r\n')[1]).toBe(`"1,000",-7.6,+1,'=1+1,'@now,2187706,-12345.7,1.20e-7,"1,2"`)
  })

  test('a text that looks like a number stays as a program told it, and so does the name of a row', () => {
    const columns = ['', 'a'].map((name) => ({ name, align: 'left' as const }))
    const table = { columns, rows: [[{ text: 'image_size' }, { text: '512,512', verbatim: true as const }]] }
    expect(tsvTable(table).split('\n')[1]).toBe('image_size\t512,512')
    expect(csvTable(table).split('\r\n')[1]).toBe('image_size,"512,512"')
  })

  test('as JSON the cells are the characters of the screen, links and bold beside, notes below', () => {
    const table: PublishedTable = {
      columns: [
        { name: 'benchmark', align: 'left' },
        { name: 'RLVR', align: 'right' },
      ],
      rows: [
        [{ text: 'MMLU' }, { text: '68.2 ± 0.7' }],
        [{ text: 'worst' }, { text: 'Safety −7.6', href: 'https://x.org/1', strong: true }],
      ],
    }
    expect(JSON.parse(jsonText({ title: 'RLVR', table, footRows: 1, notes: ['n: 14,042'] }))).toEqual({
      title: 'RLVR',
      columns: ['benchmark', 'RLVR'],
      rows: [
        ['MMLU', '68.2 ± 0.7'],
        ['worst', { text: 'Safety −7.6', href: 'https://x.org/1', strong: true }],
      ],
      notes: ['n: 14,042'],
    })
  })
})
