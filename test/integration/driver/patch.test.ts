import { execFileSync, spawnSync } from 'node:child_process'
import { cpSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import postgres from 'postgres'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { assertPatched, DRIVER_MARK } from '#src/db/assert-patched.ts'
import * as edits from '../../../patches/postgres-edits.mjs'

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../../..')
const commandLine = path.join(root, 'patches/postgres.mjs')

describe("the driver's patch", () => {
  let folder: string
  beforeEach(() => {
    folder = path.join(mkdtempSync(path.join(tmpdir(), 'descent-patch-')), 'postgres')
    cpSync(path.join(root, 'node_modules/postgres'), folder, { recursive: true })
  })
  afterEach(() => rmSync(path.dirname(folder), { recursive: true, force: true }))

  it('is in force in the driver that the product loads, under the mark that the product looks for', () => {
    expect(() => assertPatched(postgres)).not.toThrow()
    expect(edits.DRIVER_MARK).toBe(DRIVER_MARK)
  })

  it('is missed by name, with the command that applies it', () => {
    expect(() => assertPatched({})).toThrow(/"descent-2" \(found: none\).*node patches\/postgres\.mjs apply/)
  })

  it('can be taken back and applied again, and applying twice changes nothing', () => {
    expect(edits.patchDriver(folder, 'reverse')).toBe('plain')
    expect(edits.patchDriver(folder, 'apply')).toBe('applied')
    const file = path.join(folder, 'src/connection.js')
    const before = { text: readFileSync(file, 'utf8'), inode: statSync(file).ino }
    expect(edits.patchDriver(folder, 'apply')).toBe('applied')
    expect({ text: readFileSync(file, 'utf8'), inode: statSync(file).ino }).toEqual(before)
  })

  it('puts a new file in the place of the installed one, which may be a hard link into a cache', () => {
    edits.patchDriver(folder, 'reverse')
    const file = path.join(folder, 'cjs/src/index.js')
    const before = statSync(file).ino
    edits.patchDriver(folder, 'apply')
    expect(statSync(file).ino).not.toBe(before)
  })

  it('refuses another version of the driver, and a text that is no longer there', () => {
    const manifest = path.join(folder, 'package.json')
    const text = readFileSync(manifest, 'utf8')
    writeFileSync(manifest, text.replace('"3.4.9"', '"3.5.0"'))
    expect(() => edits.patchDriver(folder, 'apply')).toThrow(/for postgres 3\.4\.9;.*holds postgres 3\.5\.0/)
    writeFileSync(manifest, text)
    writeFileSync(path.join(folder, 'src/index.js'), '// rewritten')
    expect(() => edits.patchDriver(folder, 'apply')).toThrow(/src\/index\.js: the text to be patched is not there/)
  })

  it('has a command line that tells the state, and refuses words that it does not know', () => {
    const status = execFileSync(process.execPath, [commandLine, 'status', folder], { encoding: 'utf8' })
    expect(status.trim()).toBe('postgres 3.4.9: applied')
    const wrong = spawnSync(process.execPath, [commandLine, 'serve'], { encoding: 'utf8' })
    expect(wrong.status).toBe(1)
    expect(wrong.stderr).toContain('apply, reverse and status, not "serve"')
  })
})
