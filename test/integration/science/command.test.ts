import { spawn } from 'node:child_process'
import { text } from 'node:stream/consumers'
import { describe, expect, test } from 'vitest'
import { casesOf, FAMILIES, misses } from '#test/setup/science-cases.ts'

/** A case and an error of each family go through the command itself; all cases go through its operations, beside them. */
describe.each(FAMILIES)('%s', (family) => {
  const cases = casesOf(family)
  const chosen = [cases.at(0), cases.find((own) => JSON.stringify(own.expected) === '{"error":true}')]
  test.each(chosen.flatMap((own) => (own ? [[own.id, own] as const] : [])))('%s', async (_, own) => {
    expect(misses(own, await science([family], JSON.stringify(own.input)))).toEqual([])
  })
})

test.each([['planner'], ['vram'], ['health'], []])('an unknown family is an error: %s', async (...families) => {
  const { status, json } = await science(families, '{"op":"decide"}')
  expect(status).toBe(1)
  expect(JSON.parse(json)).toMatchObject({ error: { code: 'unknown_family' } })
})

/** What `npm run -s science -- …` prints and exits with. */
async function science(args: string[], input: string): Promise<{ status: number; json: string }> {
  const child = spawn('npm', ['run', '-s', 'science', '--', ...args], {
    env: { ...process.env, DATABASE_URL: undefined },
  })
  child.stdin.end(input)
  const [json, noise, status] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    new Promise<number>((resolve) => child.once('exit', (code) => resolve(code ?? -1))),
  ])
  expect(noise).toBe('')
  return { status, json }
}
