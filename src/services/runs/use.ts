import { insertRunInputs, listRunInputs } from '#src/db/queries/runs/inputs.ts'
import type { RunInputsInput } from '#src/protocol/runs.ts'
import type { Context } from '#src/services/context.ts'
import { inferStart } from '#src/services/lineage/infer-start.ts'
import { openRun } from './open.ts'
import { refuseStaleHolder } from './refuse-stale.ts'

/**
 * Notes what a run read: data sets, tokenizers, artifacts, checkpoints, by name, version and hash. The same thing twice is noted
 * once. Answers all that is noted. A checkpoint of a parent that a training run read without any other role is taken for the start of the
 * stage where its edge names none.
 *
 * @throws Refusal `not_found`, `run_deleted`, `stale_fence`, `forbidden`
 */
export async function useInputs(
  ctx: Context,
  input: RunInputsInput & { run: string },
): Promise<{ items: RunInputsInput['items'] }> {
  const { scope, run } = await openRun(ctx, input.run, 'run:write')
  await refuseStaleHolder(ctx, scope, run.id)
  const byName = new Map(
    input.items.map((item) => [
      JSON.stringify([item.kind, item.name, item.version]),
      { ...item, sha256: item.sha256 ?? null, role: item.role ?? null },
    ]),
  )
  await insertRunInputs(ctx.db, scope, run.id, [...byName.values()])
  if (run.kind === 'train')
    await inferStart(
      ctx,
      scope,
      run.experimentId,
      input.items.filter(({ kind, role }) => kind === 'checkpoint' && (role ?? '') === ''),
    )
  return { items: await listRunInputs(ctx.db, scope, run.id) }
}
