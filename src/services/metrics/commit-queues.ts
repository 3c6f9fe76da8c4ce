import type { Sql } from '../../db/clients.ts'
import { type CommitResult, commitBatches } from './commit-batches.ts'
import { GroupCommit, type GroupLimits } from './group-commit.ts'
import type { WriteBody } from './store-batches.ts'
import type { TailBatch } from './tail-batch.ts'

/** How batches find their way into the database. With nothing set: one queue, one pool. */
export interface WriteRoute {
  /** `select` by default. */
  writeBody?: WriteBody
  /** The key of a run's queue: runs of one key share groups. */
  queueOf?: (runId: number) => string | Promise<string>
  /** Where the groups of a queue go. */
  poolOf?: (queue: string) => Sql
  /** A group with batches of this run failed: what its key was told from may be out of date. */
  forgetQueue?: (runId: number, error: unknown) => void
}

/** Batches on their way into groups. */
export interface CommitQueues {
  /** Settles once the batch's group is committed, or was refused as a whole. */
  add(batch: TailBatch): Promise<CommitResult>
  /** Resolves when nothing waits and nothing is under way. */
  drained(): Promise<void>
}

/**
 * Opens the queues in front of the tail: one, or with `queueOf` one per key, each with its own groups in flight.
 *
 * @param sql the database with the control plane
 * @param failed told of every group whose outcome is unknown, before its batches are
 */
export function openCommitQueues(
  sql: Sql,
  limits: GroupLimits,
  { writeBody = 'select', queueOf, poolOf = () => sql, forgetQueue }: WriteRoute,
  failed: (batches: readonly TailBatch[], error: unknown) => void,
): CommitQueues {
  const open = (key: string) =>
    new GroupCommit<TailBatch, CommitResult>(
      limits,
      ({ runId, stream, seq, data }) => ({ key: `${runId}:${stream}:${seq}`, bytes: data.length }),
      async (batches) => {
        try {
          return await commitBatches(poolOf(key), batches, { body: writeBody, control: sql })
        } catch (error) {
          failed(batches, error)
          if (forgetQueue) for (const { runId } of batches) forgetQueue(runId, error)
          throw error
        }
      },
    )
  return queueOf ? new KeyedQueues(queueOf, open) : open('')
}

class KeyedQueues implements CommitQueues {
  readonly #queueOf: (runId: number) => string | Promise<string>
  readonly #open: (key: string) => CommitQueues
  readonly #queues = new Map<string, CommitQueues>()
  /** Batches whose key is being found out. */
  readonly #finding = new Set<Promise<unknown>>()

  constructor(queueOf: (runId: number) => string | Promise<string>, open: (key: string) => CommitQueues) {
    this.#queueOf = queueOf
    this.#open = open
  }

  add(batch: TailBatch): Promise<CommitResult> {
    const key = this.#queueOf(batch.runId)
    if (typeof key === 'string') return this.#of(key).add(batch)
    const added = key.then((found) => this.#of(found).add(batch))
    this.#finding.add(added)
    return added.finally(() => this.#finding.delete(added))
  }

  async drained(): Promise<void> {
    await Promise.allSettled(this.#finding)
    await Promise.all([...this.#queues.values()].map((queue) => queue.drained()))
  }

  #of(key: string): CommitQueues {
    let queue = this.#queues.get(key)
    if (!queue) {
      queue = this.#open(key)
      this.#queues.set(key, queue)
    }
    return queue
  }
}
