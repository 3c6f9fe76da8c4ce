import os from 'node:os'

/** So few cores have none to spare for helpers of the garbage collector. */
const FEW_CORES = 2

/**
 * What node is told for the server's process. Young objects have 64 MB before they are looked through: an answer makes 10 to 20 MB of
 * them; with node's 16 MB they were looked through while it was made (windows of a large matrix: p95 110 → 92 ms). On two cores the
 * server's thread looks through them itself: its helpers only take turns with it and with the database.
 */
export const SERVER_MEMORY = [
  '--min-semi-space-size=64',
  '--max-semi-space-size=64',
  ...(os.availableParallelism() <= FEW_CORES ? ['--single-threaded-gc'] : []),
]
