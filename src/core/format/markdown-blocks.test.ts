import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type Block, markdownBlocks } from './markdown-blocks.ts'

const text = (text: string) => ({ kind: 'text', text })

test.each<[string, string, Block[]]>([
  [
    'lines of a paragraph are joined',
    'one\ntwo\n\nthree',
    [
      { kind: 'paragraph', inlines: [{ kind: 'text', text: 'one two' }] },
      { kind: 'paragraph', inlines: [{ kind: 'text', text: 'three' }] },
    ],
  ],
  [
    'a list ends where its marks end',
    '- a\n- b\nafter',
    [
      { kind: 'list', isOrdered: false, items: [[{ kind: 'text', text: 'a' }], [{ kind: 'text', text: 'b' }]] },
      { kind: 'paragraph', inlines: [{ kind: 'text', text: 'after' }] },
    ],
  ],
  ['numbers make an ordered list', '1. a', [{ kind: 'list', isOrdered: true, items: [[{ kind: 'text', text: 'a' }]] }]],
  ['a heading of any depth', '### Why', [{ kind: 'heading', inlines: [{ kind: 'text', text: 'Why' }] }]],
  ['code keeps its lines', '```py\na\n\nb\n```', [{ kind: 'code', text: 'a\n\nb' }]],
  ['a fence without an end runs to the end', '```\na', [{ kind: 'code', text: 'a' }]],
])('%s', (_, source, blocks) => expect(markdownBlocks(source)).toEqual(blocks))

test('inside a line: strong, emphasis, code and links', () => {
  expect(inlines('a **b** *c* `d` [e](https://x.org/f)')).toEqual([
    text('a '),
    { kind: 'strong', text: 'b' },
    text(' '),
    { kind: 'em', text: 'c' },
    text(' '),
    { kind: 'code', text: 'd' },
    text(' '),
    { kind: 'link', text: 'e', href: 'https://x.org/f' },
  ])
})

test.each(['javascript:alert(1)', '//elsewhere.org', '/\\elsewhere.org', 'data:text/html,x'])(
  'a link to %s stays text',
  (href) => expect(inlines(`[x](${href})`).some(({ kind }) => kind === 'link')).toBe(false),
)

test('no letter of a text is lost, whatever it is', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme-ascii', maxLength: 60 }), (source) => {
      const words = source.replace(/[^a-z]/g, '')
      const shown = markdownBlocks(source.replaceAll('`', ''))
        .map((block) => JSON.stringify(block))
        .join('')
      for (const letter of words) expect(shown).toContain(letter)
    }),
  )
})

const inlines = (source: string) => {
  const [block] = markdownBlocks(source)
  return block?.kind === 'paragraph' ? block.inlines : []
}
