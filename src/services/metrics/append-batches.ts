import { isTelemetryKey } from '../../core/metrics/metric-key.ts'
import { KEYS_PER_RUN_MAX, KEYS_PER_RUN_WARN } from '../../protocol/metrics.ts'
import type { ConsoleLog } from '../console/console-log.ts'
import type { Log } from '../context.ts'
import { Refusal } from '../errors.ts'
import type { LiveHub, RunNews } from '../live/run-news.ts'
import type { Admission } from './admission.ts'
import type { openCommitQueues } from './commit-queues.ts'
import type { HeadCache } from './head-cache.ts'
import type { KeyDictionary } from './key-dictionary.ts'
import type { LatestSummaries } from './latest-summaries.ts'
import { readMetricsBody } from './read-body.ts'
import type { BatchOutcome, IncomingBatch } from './store.ts'
import { gaps, type StreamRegistry } from './stream-registry.ts'
import type { TailBatch } from './tail-batch.ts'

/** What a batch passes on its way into the store. */
export interface AppendParts {
  heads: HeadCache
  dictionary: KeyDictionary
  latest: LatestSummaries
  streams: StreamRegistry
  consoleLog: ConsoleLog
  queue: ReturnType<typeof openCommitQueues>
  admission: Admission
  live: LiveHub
  log: Log
  /** What lies in memory of a run may not be what is stored: it is read again. */
  forget: (runId: number) => void
  /** A batch is in the tail: it is to be sealed some day. */
  toSeal: (item: TailBatch) => void
  /** @throws Refusal while the store closes */
  refuseWhenClosing: () => void
}

/** Takes batches of points and of console lines: checked, numbered, committed, then told of; each once, however often it comes. */
export function openAppending({
  heads,
  dictionary,
  latest,
  streams,
  consoleLog,
  queue,
  admission,
  live,
  log,
  forget,
  toSeal,
  refuseWhenClosing,
}: AppendParts) {
  /** The numbers of keys; those that are new to the workspace are written first. */
  async function numberKeys(batch: IncomingBatch, keys: Iterable<string>): Promise<ReadonlyMap<string, number>> {
    const run = await latest.open(batch.runId, batch.workspaceId, batch.projectId)
    const unseen = new Set<string>()
    for (const key of keys) {
      const id = run.keys.ids.get(key)
      if (id === undefined || !run.metricIds.has(id)) unseen.add(key)
    }
    if (unseen.size > 0) {
      refuseTooManyKeys(run.metricIds.size, [...unseen])
      const { ids } = await dictionary.number(batch.workspaceId, [...unseen])
      // Again: other batches may have brought theirs meanwhile.
      refuseTooManyKeys(
        run.metricIds.size,
        [...unseen].filter((key) => !run.metricIds.has(ids.get(key) as number)),
      )
      if (run.metricIds.size <= KEYS_PER_RUN_WARN && run.metricIds.size + unseen.size > KEYS_PER_RUN_WARN)
        log.warn({ run_id: batch.runId, key: [...unseen][0] }, `A run passes ${KEYS_PER_RUN_WARN} metric keys.`)
      for (const key of unseen) run.metricIds.add(ids.get(key) as number)
    }
    return run.keys.ids
  }

  async function append(batch: IncomingBatch): Promise<BatchOutcome> {
    refuseWhenClosing()
    const leave = admission.enter(batch.body.length)
    try {
      return await admitted(batch)
    } finally {
      leave()
    }
  }

  async function admitted(batch: IncomingBatch): Promise<BatchOutcome> {
    const read = readMetricsBody(batch.body, batch.format)
    const stream = await streams.open(batch.runId, batch.clientId, batch.attempt)
    const { data: packed, groups } = read.number(await numberKeys(batch, read.keys))
    const item: TailBatch = {
      runId: batch.runId,
      stream: stream.stream,
      seq: batch.seq,
      attempt: stream.attempt,
      fence: batch.fence,
      points: read.points,
      data: packed,
      receivedAtMs: 0,
      sealedTo: stream.sealedTo,
    }
    const result = await queue.add(item)
    if (result instanceof Refusal) throw result
    if (result === 'stored' && stream.seqs.has(batch.seq)) {
      // It came again while its first copy was being sealed, and lies in the tail as a row that nobody reads.
      forget(batch.runId)
      return outcome('dup', read.points, read.rejected, stream.seqs)
    }
    if (result === 'stored') {
      const { seq, attempt, points, receivedAtMs, data } = item
      heads.add(batch.runId, { stream: stream.stream, seq, attempt, points, receivedAtMs, data })
      toSeal(item)
      const numbered = groups()
      latest.add(batch, attempt, numbered, receivedAtMs)
      tell(batch, 'points', lastStepOf(numbered, latest.peek(batch.runId)?.keys.names), receivedAtMs)
    } else if (!heads.holds(batch.runId, stream.stream, batch.seq)) {
      forget(batch.runId)
      tell(batch, 'points')
    }
    stream.seqs.add(batch.seq)
    return outcome(result, read.points, read.rejected, stream.seqs)
  }

  async function appendConsole(batch: IncomingBatch): Promise<BatchOutcome> {
    refuseWhenClosing()
    const stream = await streams.open(batch.runId, batch.clientId, batch.attempt)
    const { result, written, rejected } = await consoleLog.append(batch, stream)
    if (result instanceof Refusal) throw result
    stream.seqs.add(batch.seq)
    latest.touch(batch)
    if (result === 'stored') tell(batch, 'console')
    return outcome(result, written, rejected, stream.seqs)
  }

  function tell(
    { runId, projectId }: IncomingBatch,
    kind: RunNews['kind'],
    lastStep: number | null = null,
    atMs = Date.now(),
  ): void {
    live.tell({ runId, projectId, lastStep, atMs, kind })
  }

  return { append, appendConsole }
}

/** @throws Refusal `cardinality_limit`, naming the keys that do not fit */
function refuseTooManyKeys(known: number, unseen: readonly string[]): void {
  const refused = unseen.slice(Math.max(0, KEYS_PER_RUN_MAX - known))
  const [key] = refused
  if (key === undefined) return
  throw new Refusal(
    'cardinality_limit',
    `A run has at most ${KEYS_PER_RUN_MAX} metric keys; "${key}" was refused. Is a step or a sample number part of the key?`,
    { key, keys: refused.slice(0, 1_000), limit: KEYS_PER_RUN_MAX },
  )
}

const outcome = (
  result: 'stored' | 'dup',
  written: number,
  rejected: BatchOutcome['rejected'],
  seqs: Parameters<typeof gaps>[0],
): BatchOutcome => ({ dup: result === 'dup', written: result === 'dup' ? 0 : written, rejected, ...gaps(seqs) })

/** The last step of a batch, telemetry aside, which counts steps of its own; null when it holds nothing else. */
function lastStepOf(
  groups: readonly { steps: ArrayLike<number>; keys: readonly { key: number }[] }[],
  names: ReadonlyMap<number, string> | undefined,
): number | null {
  let last: number | null = null
  for (const { steps, keys } of groups) {
    const step = steps[steps.length - 1]
    if (step === undefined || (last !== null && step <= last)) continue
    if (keys.some(({ key }) => !isTelemetryKey(names?.get(key) ?? ''))) last = step
  }
  return last
}
