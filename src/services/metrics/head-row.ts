/** A stored batch in memory, packed as it is stored. */
export interface HeadRow {
  stream: number
  seq: number
  attempt: number
  points: number
  receivedAtMs: number
  data: Buffer
}
