import { chmodSync, chownSync, cpSync, existsSync, mkdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, inject, it } from 'vitest'
import { findBinaries } from '#src/db/engine/find-binaries.ts'
import { placeEngine } from '#src/db/engine/place.ts'
import { ownClient, ownEngine, temporaryFolder } from './own-engine.ts'

const isRoot = process.getuid?.() === 0

function fakePostgres(folder: string, version: string): string {
  mkdirSync(folder, { recursive: true })
  for (const name of ['postgres', 'initdb'])
    writeFileSync(path.join(folder, name), `#!/bin/sh\necho "${name} (PostgreSQL) ${version}"\n`, { mode: 0o755 })
  return folder
}

describe.skipIf(inject('external'))("the engine's binaries", () => {
  it('come from the package of the platform', () => {
    expect(findBinaries()).toMatchObject({ major: 18, movable: expect.stringContaining('native') })
  })

  it('come from the system where there is no package, if they are new enough', () => {
    const folder = temporaryFolder()
    const folders = [
      fakePostgres(path.join(folder, 'a'), '14.9'),
      fakePostgres(path.join(folder, 'b'), '16.3 (Distribution 16.3-1)'),
    ]
    expect(findBinaries({ arch: 'none', folders })).toEqual({
      bin: folders[1],
      movable: null,
      version: '16.3',
      major: 16,
    })
  })

  it('are missed with the way out', () => {
    expect(() => findBinaries({ platform: 'plan9', arch: 'vax', folders: [] })).toThrow(/plan9-vax.*Set DATABASE_URL/)
  })
})

describe.skipIf(inject('external'))("the engine's place", () => {
  it('is below the data folder, with a short socket folder elsewhere when the path is deep', async () => {
    const folder = temporaryFolder()
    const deep = path.join(folder, 'd'.repeat(60), 'e'.repeat(60))
    mkdirSync(deep, { recursive: true })
    const engine = await ownEngine(deep)
    expect(engine.place.data.startsWith(deep)).toBe(true)
    expect(engine.place.run.startsWith(deep)).toBe(false)
    expect(statSync(engine.place.run).mode & 0o777).toBe(0o700)
    expect(await ownClient(engine)`select 1 as x`).toEqual([{ x: 1 }])
  })

  it('refuses a socket folder that others can enter', () => {
    const folder = temporaryFolder()
    const { run } = placeEngine({ dataDir: folder, projectDir: folder, major: 18 })
    chmodSync(run, 0o755)
    expect(() => placeEngine({ dataDir: folder, projectDir: folder, major: 18 })).toThrow(
      /open to other users \(mode 755\)/,
    )
  })

  it('refuses data of a newer PostgreSQL', () => {
    const folder = temporaryFolder()
    mkdirSync(path.join(folder, 'postgres-19', 'data'), { recursive: true })
    writeFileSync(path.join(folder, 'postgres-19', 'data', 'PG_VERSION'), '19\n')
    expect(() => placeEngine({ dataDir: folder, projectDir: folder, major: 18 })).toThrow(
      /postgres-19 belongs to PostgreSQL 19, this build brings PostgreSQL 18.*newer/,
    )
  })

  it('says so when older data lie beside the new, empty database', () => {
    const folder = temporaryFolder()
    mkdirSync(path.join(folder, 'postgres-17', 'data'), { recursive: true })
    writeFileSync(path.join(folder, 'postgres-17', 'data', 'PG_VERSION'), '17\n')
    const { notices } = placeEngine({ dataDir: folder, projectDir: folder, major: 18 })
    expect(notices).toEqual([expect.stringMatching(/PostgreSQL 17; .*descent backup.*descent restore/)])
  })
})

describe.skipIf(inject('external') || !isRoot)('the engine of a server that runs as root', () => {
  function hidden(): { folder: string; dataDir: string; systemFolder: string } {
    const folder = temporaryFolder()
    const above = path.join(folder, 'private')
    mkdirSync(above, { mode: 0o700 })
    return { folder, dataDir: path.join(above, 'clone', '.descent'), systemFolder: path.join(folder, 'system') }
  }

  it('moves its data when its user cannot reach them, says so, and finds them again', async () => {
    const { dataDir, systemFolder } = hidden()
    const options = { projectDir: path.dirname(dataDir), systemFolder }
    const first = await ownEngine(dataDir, options)
    expect(first.place.home.startsWith(systemFolder)).toBe(true)
    expect(first.notices).toEqual([expect.stringMatching(/The database is in .*system.*cannot reach .*\.descent/)])
    await ownClient(first)`create table kept as select 7 as x`
    await first.stop()

    chmodSync(path.dirname(path.dirname(dataDir)), 0o755) // reachable now, but the data are there
    const second = await ownEngine(dataDir, options)
    expect(await ownClient(second)`select x from kept`).toEqual([{ x: 7 }])
    expect(second.notices).toEqual([expect.stringContaining('where an earlier start put it')])
  })

  it('starts empty in a new clone at the path of one that was deleted, and leaves the old data alone', () => {
    const { dataDir, systemFolder } = hidden()
    const place = () => placeEngine({ dataDir, projectDir: path.dirname(dataDir), major: 18, systemFolder })
    const first = place()
    expect(place().home).toBe(first.home)
    rmSync(path.dirname(dataDir), { recursive: true })
    const second = place()
    expect(second.home).not.toBe(first.home)
    expect(existsSync(first.home)).toBe(true)
  })

  it('never starts empty beside data that it cannot reach any more', () => {
    const { dataDir, systemFolder } = hidden()
    mkdirSync(path.join(dataDir, 'postgres-18', 'data'), { recursive: true })
    writeFileSync(path.join(dataDir, 'postgres-18', 'data', 'PG_VERSION'), '18\n')
    const place = () => placeEngine({ dataDir, projectDir: path.dirname(dataDir), major: 18, systemFolder })
    expect(place).toThrow(/cannot be reached by the unprivileged user/)
    expect(existsSync(systemFolder)).toBe(false)
  })

  it('runs a copy of binaries that its user cannot reach', async () => {
    const { folder, dataDir } = hidden()
    const found = findBinaries()
    const native = path.join(path.dirname(path.dirname(dataDir)), 'native')
    cpSync(found.movable ?? '', native, { recursive: true, verbatimSymlinks: true })
    const engine = await ownEngine(path.join(folder, 'data'), {
      binaries: { ...found, bin: path.join(native, 'bin'), movable: native },
    })
    expect(await ownClient(engine)`select 1 as x`).toEqual([{ x: 1 }])
    expect(existsSync(path.join(engine.place.home, 'binaries-18.4', 'bin', 'postgres'))).toBe(true)
    rmSync(native, { recursive: true })
  })

  it('takes a data folder that already belongs to its user', () => {
    const folder = temporaryFolder()
    const home = path.join(folder, 'postgres-18')
    mkdirSync(home, { mode: 0o700 })
    chownSync(home, 65534, 65534)
    expect(placeEngine({ dataDir: folder, projectDir: folder, major: 18 }).home).toBe(home)
  })
})
