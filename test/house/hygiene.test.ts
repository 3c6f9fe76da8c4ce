import { expect, test } from 'vitest'
import { files, read, sources } from './repository.ts'

test('pages are left through links and useGo, which both stay while the server is away', () =>
  expect(
    files().filter((f) => /^src\/(app|ui)\/.*\.tsx?$/.test(f) && /\b(router|useRouter\(\))\.push\(/.test(read(f))),
  ).toEqual(['src/ui/connection/use-go.ts']))

test('no Server Actions and no "use cache": both are a second door with a history of holes', () =>
  expect(sources().filter((f) => f.startsWith('src/') && /^\s*['"]use (server|cache)/m.test(read(f)))).toEqual([]))

test('no host of a package registry stands in any file', () => {
  const hosts = new RegExp(
    ['registry', 'npmjs', 'org'].join('\\.') +
      '|' +
      ['pypi', 'org'].join('\\.') +
      '|' +
      ['files', 'pythonhosted'].join('\\.'),
  )
  expect(files().filter((f) => !/\.(png|gz|woff2|ico)$/.test(f) && hosts.test(read(f)))).toEqual([])
  expect(read('package-lock.json')).not.toMatch(/"resolved": *"https?:/)
})

test('versions are pinned exactly', () => {
  const manifest = JSON.parse(read('package.json')) as Record<string, Record<string, string>>
  const loose = ['dependencies', 'devDependencies', 'optionalDependencies'].flatMap((kind) =>
    Object.entries(manifest[kind] ?? {}).filter(([, version]) => !/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(version)),
  )
  expect(loose).toEqual([])
})

test('no drawer: no file or folder is called utils, helpers, common, misc, lib or v2', () =>
  expect(
    files().filter(
      (f) =>
        /(^|\/)(utils?|helpers?|common|misc|lib|v2|new|old|legacy)(\/|\.[a-z]+$)/i.test(f) && !f.startsWith('public/'),
    ),
  ).toEqual([]))

test('no focused test, and none that is still to be written', () =>
  expect(
    sources().filter(
      (f) =>
        /\.(test|e2e)\.tsx?$/.test(f) &&
        /\b(it|test|describe)\.(only|todo)\b/.test(read(f).replaceAll(/\/\(it\|test.*$/gm, '')),
    ),
  ).toEqual([]))

test('the data plane has no foreign key, and every key begins with run_id', () => {
  const schema = read('src/db/schema/metrics.ts')
  const dataPlane = schema.slice(schema.indexOf('export const metricRun ='))
  expect(dataPlane).not.toMatch(/foreignKey|references\(/)
  for (const [, columns = ''] of dataPlane.matchAll(/primaryKey\(\{ columns: \[([^\]]+)\]/g))
    expect(columns).toMatch(/^t\.runId/)
})

test('migrations are numbered and named by what they do', () => {
  const migrations = files().filter((f) => /^drizzle\/.*\.sql$/.test(f))
  expect(migrations.length).toBeGreaterThan(0)
  for (const [i, file] of migrations.sort().entries())
    expect(file).toMatch(new RegExp(`^drizzle/${String(i).padStart(4, '0')}_[a-z]+(_[a-z0-9]+)+\\.sql$`))
})
