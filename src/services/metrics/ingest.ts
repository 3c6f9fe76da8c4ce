import type { BatchAnswer } from '../../protocol/metrics.ts'
import type { Context } from '../context.ts'
import { type BatchHead, openWriter } from './open-writer.ts'

/**
 * Stores a batch of points of a run, telemetry included; answers once it is durable.
 *
 * @param body JSON bytes, unzipped
 * @throws Refusal as the store's `append`, and as `openWriter`
 */
export async function ingestMetrics(ctx: Context, head: BatchHead, body: Buffer): Promise<BatchAnswer> {
  const { batch, stop } = await openWriter(ctx, head, body)
  const outcome = await ctx.services.metrics.append(batch)
  return { acked: head.seq, ...outcome, stop }
}
