import { listExperiments } from '#src/db/queries/experiments/list-experiments.ts'
import type { ExampleName } from '#src/protocol/examples.ts'
import type { LineageImported } from '#src/protocol/lineage-file.ts'
import { type Context, inTransaction } from '#src/services/context.ts'
import { Refusal } from '#src/services/errors.ts'
import { importLineage } from '#src/services/imports/import-lineage.ts'
import { openWorkspace, projectNamed, reachProject } from '#src/services/workspaces/open.ts'
import { exampleFile } from './known-examples.ts'

/**
 * Loads a built-in example into a project of its own, each number marked with its source. Loading it again changes nothing.
 *
 * @throws Refusal `conflict` when the project holds other stages; `forbidden` without `project:create`
 */
export async function loadExample(
  ctx: Context,
  input: { workspace?: string | undefined; example: ExampleName; project?: string | undefined },
): Promise<LineageImported> {
  const { scope } = await openWorkspace(ctx, input, 'project:create')
  const lineage = exampleFile(input.example)
  const project = input.project ?? input.example
  return await inTransaction(ctx, async (tx) => {
    const existing = await projectNamed(tx, scope, project)
    const place = existing && reachProject(tx, existing)
    const stages = place ? await listExperiments(tx.db, place, { limit: 1000 }) : []
    const others = stages.filter((row) => !row.isUnstaged && !Object.hasOwn(lineage.stages, row.slug))
    if (others.length > 0)
      throw new Refusal(
        'conflict',
        `The project "${project}" holds other stages (${others
          .slice(0, 3)
          .map((row) => row.slug)
          .join(', ')}). Load the example under another name.`,
        { errors: [{ pointer: '/project', message: 'holds other stages' }] },
      )
    return importLineage(tx, { workspace: input.workspace, project, lineage, file: `example ${input.example}` })
  })
}
