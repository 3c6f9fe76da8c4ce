/** What both sides of the door's comparison do with a batch: read the JSON, count its points, answer. Nothing is stored. */
export function bareAnswer(body: Buffer, seq: number) {
  const { groups }: { groups: { step: number[]; m: Record<string, number[]> }[] } = JSON.parse(body.toString('utf8'))
  const written = groups.reduce((points, { step, m }) => points + step.length * Object.keys(m).length, 0)
  return { acked: seq, dup: false, written, rejected: [], contiguous: seq, missing: [], stop: false }
}
