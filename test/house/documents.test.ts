import fs from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'
import { files, read, root } from './repository.ts'

test('every path that a document names exists', () => {
  const missing: string[] = []
  for (const document of files().filter((f) => f.endsWith('.md'))) {
    for (const [, cited = ''] of read(document).matchAll(
      /`((?:\.\/)?[A-Za-z0-9_.@[\]()-]+(?:\/[A-Za-z0-9_.@[\]()-]+)*\/?)`/g,
    )) {
      if (!/^(src|workers|test|scripts|docs|drizzle|patches|public|\.ci)\//.test(cited) && !/^[A-Z]+\.md$/.test(cited))
        continue
      if (!fs.existsSync(path.join(root, cited)) && !fs.existsSync(path.join(root, path.dirname(document), cited)))
        missing.push(`${document}: ${cited}`)
    }
  }
  expect(missing).toEqual([])
})

test('every floor has a README that says what lives there and what it may import', () => {
  for (const floor of ['core', 'protocol', 'db', 'services', 'api', 'ui', 'app', 'server', 'cli'])
    expect(read(`src/${floor}/README.md`), floor).toMatch(/May import/)
})
