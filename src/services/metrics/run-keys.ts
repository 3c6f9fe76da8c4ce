import { countRunKeys } from '../../db/queries/metrics/count-run-keys.ts'
import type { Context } from '../context.ts'
import { openProject } from '../workspaces/open.ts'

/** A metric key and how many of the runs asked about have logged it. */
export interface RunKey {
  key: string
  runs: number
}

/**
 * The metric keys that runs of a project have logged, in key order. Runs that are gone are left out; a key of a run that is written to
 * comes with its first summary, seconds after its first point.
 *
 * @throws Refusal `not_found`, `forbidden`
 */
export async function listRunKeys(
  ctx: Context,
  input: { workspace?: string | undefined; project: string; runs: readonly number[] },
): Promise<RunKey[]> {
  const { scope } = await openProject(ctx, input, 'metric:read')
  return (await countRunKeys(ctx.db, scope, input.runs)).map(({ key, runs }) => ({ key, runs }))
}
