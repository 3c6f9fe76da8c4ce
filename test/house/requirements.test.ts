import { expect, test } from 'vitest'
import { files, read } from './repository.ts'

/** `file` “title” and “title”: what a page says is shown, and where. */
function citations(page: string): { file: string; title: string }[] {
  return [...read(page).matchAll(/`((?:src|test|workers)\/[^`]+)`((?:(?: and|,)? ?“[^”]+”)+)/g)].flatMap(
    ([, file = '', titles = '']) => [...titles.matchAll(/“([^”]+)”/g)].map(([, title = '']) => ({ file, title })),
  )
}

test.each(['docs/requirements.md', 'docs/ux.md'])(
  'every test that %s cites stands in its file under that title',
  (page) => {
    const cited = citations(page)
    // Fewer would mean that citations are no longer found.
    expect(cited.length).toBeGreaterThan(20)
    const known = new Set(files())
    expect(cited.filter(({ file, title }) => !known.has(file) || !read(file).includes(title))).toEqual([])
  },
)
