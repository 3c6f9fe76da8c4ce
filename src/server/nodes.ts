import { Placements } from '#src/db/citus/placements.ts'
import type { ServedDatabase } from '#src/db/serve-database.ts'
import type { Log } from '#src/services/context.ts'
import type { WriteRoute } from '#src/services/metrics/commit-queues.ts'

/** The nodes of a Citus cluster as this process writes to them. */
export interface Nodes {
  route: WriteRoute
  end(): Promise<void>
}

/** Groups per node, sent to the node; null while the data plane lies on the coordinator alone, which one is told. */
export function openNodes({ sql, target, citus }: ServedDatabase, log: Log): Nodes | null {
  if (citus === null || citus.distributed.length === 0) {
    log.warn(
      { citus: citus?.version },
      'This database has Citus, and all points lie on the coordinator. To spread them over the nodes, stop every server and run: npx descent admin distribute',
    )
    return null
  }
  const placements = new Placements({ sql, target, log: (sentence) => log.warn({}, sentence) })
  return {
    route: {
      writeBody: 'values',
      queueOf: (runId) => placements.queueOf(runId),
      poolOf: (queue) => placements.poolOf(queue),
      forgetQueue: (runId, error) => placements.forget(runId, error),
    },
    end: () => placements.end(),
  }
}
