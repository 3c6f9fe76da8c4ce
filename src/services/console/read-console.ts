import type { LogPage } from '../../protocol/metrics.ts'
import type { Context } from '../context.ts'
import { openNamedRun, type RunPlace } from '../metrics/open-named-run.ts'

export interface ConsoleQuery {
  /** Line to begin at, from 0. */
  from?: number | undefined
  limit?: number | undefined
  /** The last lines instead. */
  tail?: boolean | undefined
}

const LIMIT_DEFAULT = 1_000

/**
 * A page of a run's console.
 *
 * @throws Refusal `not_found`, `forbidden`
 */
export async function readConsole(ctx: Context, input: RunPlace & ConsoleQuery): Promise<LogPage> {
  const { run } = await openNamedRun(ctx, input, 'metric:read')
  return ctx.services.metrics.console(run.id, {
    ...(input.from !== undefined && { from: input.from }),
    limit: input.limit ?? LIMIT_DEFAULT,
    tail: input.tail ?? false,
  })
}
