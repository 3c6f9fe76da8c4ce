import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { files, read, root } from './repository.ts'

interface Cruise {
  summary: { violations: { rule: { name: string }; from: string; to: string }[]; totalCruised: number }
}

test('imports only go down', { timeout: 120_000 }, async () => {
  const { stdout } = await promisify(execFile)('npx', ['depcruise', 'src', 'workers', '--output-type', 'json'], {
    cwd: root,
    maxBuffer: 1 << 28,
  }).catch((e: { stdout: string }) => e)
  const { summary } = JSON.parse(stdout) as Cruise
  expect(summary.violations.map((v) => `${v.rule.name}: ${v.from} → ${v.to}`)).toEqual([])
  // Without its TypeScript parser the tool sees a handful of modules and reports nothing.
  const own = files().filter((f) => /^(src|workers)\/.*\.tsx?$/.test(f)).length
  expect(summary.totalCruised).toBeGreaterThanOrEqual(own)
})

test('scopes are made only where membership, key, job or clock has just been checked', () => {
  const makers = files().filter(
    (f) =>
      /^src\/.*\.tsx?$/.test(f) &&
      !/\.test\.ts$/.test(f) &&
      f !== 'src/db/scope.ts' &&
      /\b(workspaceScope|projectScope)\(/.test(read(f)),
  )
  const allowed =
    /^src\/(services\/(workspaces|runs|experiments|checkpoints|agents|jobs|auth|keys|pipelines|artifacts|metrics|evaluations)\/|api\/(clock|auth)\/)/
  expect(makers.filter((f) => !allowed.test(f))).toEqual([])
})

test('pages reach verbs through the host or tRPC: nothing below src/app or src/ui imports a value of db or services', () => {
  const bad = files().filter(
    (f) =>
      /^src\/(app|ui)\/.*\.tsx?$/.test(f) &&
      /^import (?!type\b)[^;]*?from '(#src|[./]+)\/?(db|services)\//m.test(read(f)),
  )
  expect(bad).toEqual([])
})

test('screens carry no schemas: nothing that a browser runs imports a value of a file with zod', () => {
  const zod = files().filter((f) => /^src\/(protocol|core)\/.*\.ts$/.test(f) && / from 'zod'/.test(read(f)))
  expect(zod.length).toBeGreaterThan(10)
  const bad = files().flatMap((f) => {
    // Pages and layouts run on the server.
    if (!/^src\/(app|ui)\/.*\.tsx?$/.test(f) || /(\.test\.ts|\/(page|layout|route)\.tsx?)$/.test(f)) return []
    const values = [...read(f).matchAll(/^import (?!type\b)([^']*?) from '#(src\/[^']+)'/gm)].flatMap(
      ([, names = '', from = '']) => (/^\{(\s*type [^,}]+,?)+\s*\}$/.test(names) ? [] : [from]),
    )
    return values.filter((from) => zod.includes(from)).map((from) => `${f} → ${from}`)
  })
  expect(bad).toEqual([])
})
