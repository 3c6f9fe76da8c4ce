/** After seal number `version` of the run no seq of the stream beyond `seq` was sealed. */
export interface SealedTo {
  version: number
  seq: number
}

/** A packed batch, ready to be stored. */
export interface TailBatch {
  runId: number
  stream: number
  seq: number
  attempt: number
  fence: number
  points: number
  data: Buffer
  /** Set when its group is committed. */
  receivedAtMs: number
  /** What is known of its stream, and kept up to date; a batch without it is always looked up. */
  sealedTo?: SealedTo
}
