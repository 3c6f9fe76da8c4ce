import type { OpenGate } from '#src/protocol/forgetting.ts'
import type { Context } from '#src/services/context.ts'
import { Refusal } from '#src/services/errors.ts'
import { getStageVerdict, type StageVerdictInput } from './verdict.ts'

/**
 * Lets what follows a stage pass, or not: a script asks before it promotes the stage's checkpoint or starts another from it.
 *
 * @throws Refusal `conflict` when the gate is closed, with the verdicts and the budget; `not_found`, `forbidden`
 */
export async function checkGate(ctx: Context, input: StageVerdictInput): Promise<OpenGate> {
  const { experiment, parent, root, budget, stops } = await getStageVerdict(ctx, input)
  if (!stops) return { open: true, gate: budget.gate }
  const said = [
    { what: 'its parent', of: parent },
    { what: 'the root of its lineage', of: root },
  ].flatMap(({ what, of }) =>
    of.budget.verdict && of.budget.verdict !== 'pass' ? [`against ${what}: ${WORDS[of.budget.verdict]}`] : [],
  )
  throw new Refusal(
    'conflict',
    `The gate of ${experiment.name} is closed, ${said.join(', ')}. Look at what it lost, or set another budget.`,
    {
      verdict: { parent: parent.budget.verdict, root: root.budget.verdict },
      worst: parent.worst ?? root.worst,
      gate: budget.gate,
    },
  )
}

const WORDS = { fail: 'over budget', warn: 'not certainly within budget' } as const
