import { type Orientation, orientationOf } from '../../core/metrics/orientation.ts'
import type { Sql } from '../../db/clients.ts'
import { insertKeys } from '../../db/queries/metrics/insert-keys.ts'
import { listKeys } from '../../db/queries/metrics/list-keys.ts'

/** The numbered metric names of one workspace, in memory. Numbers never change and names never go. */
export class WorkspaceKeys {
  readonly ids = new Map<string, number>()
  readonly names = new Map<number, string>()
  /** What was said of keys, by number; of others their name tells. */
  readonly #said = new Map<number, Orientation>()

  take(keys: readonly { id: number; name: string; orientation?: Orientation | null }[]): void {
    for (const { id, name, orientation } of keys) {
      this.ids.set(name, id)
      this.names.set(id, name)
      if (orientation !== undefined) this.say(id, orientation)
    }
  }

  say(id: number, orientation: Orientation | null): void {
    if (orientation) this.#said.set(id, orientation)
    else this.#said.delete(id)
  }

  /** Which values of a metric are better. */
  orientation(id: number): Orientation | null {
    return this.#said.get(id) ?? orientationOf(this.names.get(id) ?? '')
  }
}

/** Metric names are numbered per workspace, so that a run can move to another project and a chart can join projects. */
export class KeyDictionary {
  readonly #sql: Sql
  readonly #workspaces = new Map<number, Promise<WorkspaceKeys>>()
  readonly #doubted = new Set<number>()
  /** New names are written one call at a time per workspace. */
  readonly #writing = new Map<number, Promise<unknown>>()

  constructor(sql: Sql) {
    this.#sql = sql
  }

  /** The workspace's names as far as this process knows them. */
  open(workspaceId: number): Promise<WorkspaceKeys> {
    let keys = this.#workspaces.get(workspaceId)
    if (!keys) {
      keys = this.#load(workspaceId)
      keys.catch(() => this.#workspaces.delete(workspaceId))
      this.#workspaces.set(workspaceId, keys)
    }
    return keys
  }

  /** Another process may have numbered names since they were read. */
  doubt(): void {
    for (const workspaceId of this.#workspaces.keys()) this.#doubted.add(workspaceId)
  }

  /** As `open`, read again where one of these names is unknown and another process may have numbered it. */
  async openNamed(workspaceId: number, names: Iterable<string>): Promise<WorkspaceKeys> {
    const keys = await this.open(workspaceId)
    if (!this.#doubted.has(workspaceId)) return keys
    for (const name of names)
      if (!keys.ids.has(name)) {
        this.#doubted.delete(workspaceId)
        keys.take(await listKeys(this.#sql, workspaceId))
        break
      }
    return keys
  }

  /** As `open`, read again where one of these numbers is unknown: another process may have given it. */
  async openFor(workspaceId: number, ids: Iterable<number>): Promise<WorkspaceKeys> {
    const keys = await this.open(workspaceId)
    for (const id of ids)
      if (!keys.names.has(id)) {
        keys.take(await listKeys(this.#sql, workspaceId))
        break
      }
    return keys
  }

  /** Numbers all of these names; afterwards `ids` has each. */
  async number(workspaceId: number, names: readonly string[]): Promise<WorkspaceKeys> {
    const keys = await this.open(workspaceId)
    if (names.every((name) => keys.ids.has(name))) return keys
    const before = this.#writing.get(workspaceId)
    const writing = (async () => {
      await before?.catch(() => {})
      const missing = names.filter((name) => !keys.ids.has(name))
      if (missing.length > 0) keys.take(await insertKeys(this.#sql, workspaceId, missing))
    })()
    this.#writing.set(workspaceId, writing)
    await writing
    return keys
  }

  async #load(workspaceId: number): Promise<WorkspaceKeys> {
    const keys = new WorkspaceKeys()
    keys.take(await listKeys(this.#sql, workspaceId))
    return keys
  }
}
