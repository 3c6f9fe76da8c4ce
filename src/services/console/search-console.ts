import type * as z from 'zod'
import { linePattern } from '../../core/console/line-search.ts'
import type { LogMatches, LogSearch } from '../../protocol/metrics.ts'
import type { Context } from '../context.ts'
import { invalid } from '../errors.ts'
import { openNamedRun, type RunPlace } from '../metrics/open-named-run.ts'
import { BoundedPattern, PatternTooSlow } from './bounded-pattern.ts'
import { type ScanChunk, scanForPattern, scanForText } from './scan-chunks.ts'

/**
 * The lines of a run's console in which something stands, as they are shown: without colours, after carriage returns.
 *
 * @throws Refusal `invalid_request` for what is no regular expression, and for one that takes too long on a line; `not_found`,
 *   `forbidden`
 */
export async function searchConsole(ctx: Context, input: RunPlace & z.output<typeof LogSearch>): Promise<LogMatches> {
  const { run } = await openNamedRun(ctx, input, 'metric:read')
  const found = linePattern(input)
  if (found.kind === 'wrong') throw invalid('/q', `This is no regular expression: ${found.reason}.`)
  const scan: ScanChunk = input.regex
    ? scanForPattern(new BoundedPattern(found.pattern))
    : scanForText(input.q, input.exact)
  try {
    return await ctx.services.metrics.searchConsole(run.id, scan, input)
  } catch (error) {
    if (error instanceof PatternTooSlow)
      throw invalid('/q', 'This pattern takes too long on one of the lines. Leave out repeated groups, such as (a+)+.')
    throw error
  }
}
