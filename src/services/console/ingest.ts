import type { BatchAnswer } from '../../protocol/metrics.ts'
import type { Context } from '../context.ts'
import { type BatchHead, openWriter } from '../metrics/open-writer.ts'

/**
 * Stores a batch of console lines of a run; answers once it is durable.
 *
 * @param body JSON bytes, unzipped
 * @throws Refusal as the store's `appendConsole`, and as `openWriter`
 */
export async function ingestConsole(ctx: Context, head: BatchHead, body: Buffer): Promise<BatchAnswer> {
  const { batch, stop } = await openWriter(ctx, head, body)
  const outcome = await ctx.services.metrics.appendConsole(batch)
  return { acked: head.seq, ...outcome, stop }
}
