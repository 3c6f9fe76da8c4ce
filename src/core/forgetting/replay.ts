export interface ReplayRow {
  /** Share of old data in the mixture, percent. */
  replayPercent: number
  /** Nats. */
  retentionLoss: number
  targetLoss: number
}

export interface ReplayTradeoff {
  replayPercent: number
  /** Loss of retention against the reference: positive is forgotten. */
  driftNats: number
  /** How much of the drift without replay is gone. */
  removedNats: number
  /** What the target pays for it. */
  targetCostNats: number
}

/**
 * What replay of old data removes of the drift and what it costs on the target, in nats. After Ibrahim et al. 2024
 * (2403.08763), Table 2.
 *
 * @param rows exactly one with 0 %
 * @returns in the order given
 * @throws RangeError when there is not exactly one row with 0 %
 */
export function replayTradeoff(referenceRetentionLoss: number, rows: readonly ReplayRow[]): ReplayTradeoff[] {
  const [without, ...others] = rows.filter((row) => row.replayPercent === 0)
  if (!without || others.length > 0)
    throw new RangeError(`exactly one row has 0 % replay, got ${without ? 1 + others.length : 0}`)
  return rows.map(({ replayPercent, retentionLoss, targetLoss }) => ({
    replayPercent,
    driftNats: retentionLoss - referenceRetentionLoss,
    removedNats: without.retentionLoss - retentionLoss,
    targetCostNats: targetLoss - without.targetLoss,
  }))
}
