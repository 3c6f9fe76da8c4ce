import type { BatchAnswer, BatchFormat } from '../../protocol/metrics.ts'
import type { Context } from '../context.ts'
import { Refusal } from '../errors.ts'
import { type BatchHead, openWriter } from './open-writer.ts'

/**
 * Stores a batch of points of a run, telemetry included; answers once it is durable.
 *
 * @param body unzipped; it belongs to the store from here on
 * @throws Refusal `unprocessable` for an attempt that was thinned; as the store's `append`, and as `openWriter`
 */
export async function ingestMetrics(
  ctx: Context,
  head: BatchHead,
  body: Buffer,
  format: BatchFormat = 'json',
): Promise<BatchAnswer> {
  const { batch, stop, isThinned } = await openWriter(ctx, head, body)
  if (isThinned)
    throw new Refusal(
      'unprocessable',
      `Attempt ${batch.attempt} of this run ended long ago and was thinned: its raw points are gone, so further ones cannot be merged into them. Resume the run as a new attempt.`,
      { attempt: batch.attempt },
    )
  const outcome = await ctx.services.metrics.append({ ...batch, format })
  return { acked: head.seq, ...outcome, stop }
}
