import type { Context } from '../context.ts'
import { openNamedRun, type RunPlace } from '../metrics/open-named-run.ts'

/**
 * The console of a run as it was printed, every line.
 *
 * @throws Refusal `not_found`, `forbidden`
 */
export async function downloadConsole(
  ctx: Context,
  input: RunPlace,
): Promise<{ name: string; bytes: AsyncIterable<Uint8Array> }> {
  const { run } = await openNamedRun(ctx, input, 'metric:read')
  return { name: `run-${run.number}.log`, bytes: ctx.services.metrics.consoleText(run.id) }
}
