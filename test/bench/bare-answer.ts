import { packBatch } from '#src/core/metrics/packed-batch.ts'
import { readMetricsBody } from '#src/services/metrics/read-body.ts'

const ids = new Map<string, number>()

/** What both sides of the door's comparison do with a batch: read, check and pack it; store nothing. */
export function bareAnswer(body: Buffer, seq: number) {
  const { groups, points, rejected } = readMetricsBody(body)
  const data = packBatch(
    groups.map((group) => ({ ...group, keys: group.keys.map(({ key, values }) => ({ key: idOf(key), values })) })),
  )
  return { acked: seq, dup: data.length === 0, written: points, rejected, contiguous: seq, missing: [], stop: false }
}

function idOf(key: string): number {
  const id = ids.get(key) ?? ids.size + 1
  ids.set(key, id)
  return id
}
