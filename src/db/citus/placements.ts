import { type DatabaseTarget, endClient, isUnavailable, openClient, type Sql } from '../clients.ts'

export interface PlacementOptions {
  /** The coordinator. */
  sql: Sql
  /** Where the coordinator is; nodes are reached with the same user, password, database and parameters. */
  target: DatabaseTarget
  /** Takes sentences for the log. */
  log: (sentence: string) => void
  /** Connections per node. */
  max?: number
  /** How long a node may take to answer before its runs go through the coordinator. */
  answerMs?: number
}

interface Node {
  pool: Sql | null
  isReachable: boolean
  checkedAtMs: number
  checking: Promise<boolean> | null
}

/** A moved shard is found again after this long; until then its groups go through the old node, which is slower and as right. */
const PLACE_MS = 5 * 60_000
/** How long a node is left alone that did not answer. */
const REST_MS = 30_000
const PLACES_MAX = 100_000
const SHARD = 'shard '

/**
 * Where runs lie in a Citus cluster. A queue per node keeps groups large and its groups are one local transaction of that node; the
 * runs of a node that this process cannot reach get a queue per shard, through the coordinator.
 */
export class Placements {
  readonly #options: Required<PlacementOptions>
  readonly #places = new Map<number, { key: string; untilMs: number }>()
  readonly #finding = new Map<number, Promise<string>>()
  readonly #nodes = new Map<string, Node>()
  #coordinator: Sql | null = null

  constructor(options: PlacementOptions) {
    this.#options = { max: 6, answerMs: 3_000, ...options }
  }

  /** The key of a run's queue: at once where it is known. */
  queueOf(runId: number): string | Promise<string> {
    const place = this.#places.get(runId)
    if (place && place.untilMs > Date.now()) return place.key
    let finding = this.#finding.get(runId)
    if (!finding) {
      finding = this.#find(runId).finally(() => this.#finding.delete(runId))
      this.#finding.set(runId, finding)
    }
    return finding
  }

  /** Where the groups of a queue go. */
  poolOf(key: string): Sql {
    if (key.startsWith(SHARD)) {
      // Apart from the pool that reads: many small groups must not stand in their way.
      this.#coordinator ??= this.#open(this.#options.target)
      return this.#coordinator
    }
    const pool = this.#nodes.get(key)?.pool
    if (!pool) throw new Error(`Broken assumption: no run lies on the node ${key}.`)
    return pool
  }

  /** A group with this run failed: its shard may have moved, its node be away. */
  forget(runId: number, error: unknown): void {
    const place = this.#places.get(runId)
    this.#places.delete(runId)
    const node = place && this.#nodes.get(place.key)
    if (node && isUnavailable(error)) node.checkedAtMs = 0
  }

  /** Closes the pools that were opened here. */
  async end(): Promise<void> {
    const pools = [this.#coordinator, ...[...this.#nodes.values()].map((node) => node.pool)]
    await Promise.all(pools.map((pool) => pool && endClient(pool)))
  }

  async #find(runId: number): Promise<string> {
    const [row] = await this.#options.sql.unsafe<
      { shard: number; host: string; port: number; takes_writes: boolean }[]
    >(
      `select p.shardid as shard, n.nodename as host, n.nodeport as port, n.isactive and n.hasmetadata and n.metadatasynced as takes_writes
       from pg_dist_placement p join pg_dist_node n on n.groupid = p.groupid and n.noderole = 'primary'
       where p.shardid = get_shard_id_for_distribution_column('metric_tail', $1::bigint)`,
      [runId],
      { prepare: true },
    )
    if (!row) throw new Error(`Broken assumption: the shard of run ${runId} lies on no node.`)
    const node = `${row.host.includes(':') ? `[${row.host}]` : row.host}:${row.port}`
    const isReachable = row.takes_writes && (await this.#answers(node))
    const key = isReachable ? node : `${SHARD}${row.shard}`
    if (this.#places.size >= PLACES_MAX) this.#places.clear()
    this.#places.set(runId, { key, untilMs: Date.now() + (isReachable ? PLACE_MS : REST_MS) })
    return key
  }

  #answers(name: string): boolean | Promise<boolean> {
    const node = this.#nodes.get(name) ?? { pool: null, isReachable: false, checkedAtMs: 0, checking: null }
    this.#nodes.set(name, node)
    if (node.checkedAtMs > 0 && (node.isReachable || node.checkedAtMs + REST_MS > Date.now())) return node.isReachable
    node.checking ??= this.#check(name, node).finally(() => {
      node.checking = null
    })
    return node.checking
  }

  async #check(name: string, node: Node): Promise<boolean> {
    const was = node.checkedAtMs > 0 && node.isReachable
    let why = ''
    try {
      node.pool ??= this.#open(atNode(this.#options.target, name))
      await within(this.#options.answerMs, node.pool`select 1`)
      node.isReachable = true
    } catch (error) {
      why = error instanceof Error ? error.message : String(error)
      node.isReachable = false
    }
    const isFirst = node.checkedAtMs === 0
    node.checkedAtMs = Date.now()
    if (!node.isReachable && (isFirst || was))
      this.#options.log(
        `The Citus node ${name} does not answer this server (${why}); its runs are written through the coordinator, which is slower.`,
      )
    return node.isReachable
  }

  #open(target: DatabaseTarget): Sql {
    return openClient(target, { max: this.#options.max, name: 'descent node', statementTimeoutMs: 30_000 })
  }
}

/** The same database at another node. */
function atNode(target: DatabaseTarget, node: string): DatabaseTarget {
  if (target.kind !== 'url') throw new Error('The embedded engine has no nodes.')
  const url = new URL(target.url)
  url.host = node
  if (url.host !== node) throw new Error(`The address of the database cannot be written for the host ${node}.`)
  return { kind: 'url', url: url.href }
}

async function within<T>(ms: number, work: PromiseLike<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${ms} ms`)), ms)
  })
  try {
    return await Promise.race([work, late])
  } finally {
    clearTimeout(timer)
  }
}
