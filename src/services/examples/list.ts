import type { Example } from '#src/protocol/examples.ts'
import type { Context } from '#src/services/context.ts'
import { openWorkspace } from '#src/services/workspaces/open.ts'
import { exampleFile, exampleNames } from './known-examples.ts'

/**
 * The built-in example lineages: what they are and how much they hold.
 *
 * @throws Refusal `not_found`, `forbidden`
 */
export async function listExamples(
  ctx: Context,
  input: { workspace?: string | undefined },
): Promise<{ items: Example[] }> {
  await openWorkspace(ctx, input, 'project:read')
  return {
    items: exampleNames().map((name) => {
      const { name: title, description = '', stages } = exampleFile(name)
      const checkpoints = Object.values(stages).flatMap((stage) => stage.checkpoints)
      const scores = checkpoints.reduce((sum, entry) => sum + ('scores' in entry ? entry.scores.length : 0), 0)
      return { name, title, description, stages: Object.keys(stages).length, scores }
    }),
  }
}
