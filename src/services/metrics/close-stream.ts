import type { Context } from '../context.ts'
import { openRun } from '../runs/open.ts'

/**
 * Says that a stream has ended with batch `lastSeq`.
 *
 * @throws Refusal `stream_gap` with `expected_seq` while one of 1 … lastSeq is missing; `not_found`, `forbidden`, `run_deleted`
 */
export async function closeStream(
  ctx: Context,
  input: { run: string; stream: string; lastSeq: number },
): Promise<{ stream: string; last_seq: number }> {
  const { run } = await openRun(ctx, input.run, 'run:write')
  await ctx.services.metrics.closeStream(run.id, input.stream, input.lastSeq)
  return { stream: input.stream, last_seq: input.lastSeq }
}
