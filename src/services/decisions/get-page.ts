import { proposeDecision } from '#src/core/decisions/propose.ts'
import { groupBy } from '#src/core/lineage/group-by.ts'
import { principalEdge } from '#src/core/lineage/weight-path.ts'
import { listDecisions } from '#src/db/queries/decisions/list-decisions.ts'
import { listExperiments } from '#src/db/queries/experiments/list-experiments.ts'
import { listAncestorEdges } from '#src/db/queries/lineage/list-ancestor-edges.ts'
import { listEdges } from '#src/db/queries/lineage/list-edges.ts'
import type { ProjectScope } from '#src/db/scope.ts'
import type { DecisionPage, DecisionQuery } from '#src/protocol/decisions.ts'
import type { Context } from '#src/services/context.ts'
import { invalid, invariant } from '#src/services/errors.ts'
import { gatherAncestry, type RecordedStage } from '#src/services/experiments/ancestry.ts'
import { openExperiment } from '#src/services/experiments/open.ts'
import { standingsOf } from '#src/services/experiments/standings.ts'
import { refOfRow } from '#src/services/experiments/view.ts'
import { getStageVerdict } from '#src/services/forgetting/verdict.ts'
import { STAGES_MAX } from '#src/services/lineage/gather.ts'
import { gatherMoney } from '#src/services/publish/stage-money.ts'
import { type Held, moneyCell, referenceOf } from './against.ts'
import { factsOf } from './facts.ts'
import { viewDecision } from './view.ts'

/** Siblings that one page compares. */
const SIBLINGS_MAX = 50

export type DecisionPageInput = DecisionQuery & {
  workspace?: string | undefined
  project: string
  experiment: number | string
}

/**
 * Was the stage worth it: gain, loss and cost against its base, its parent and a sibling; what that says by rule; and what people decided.
 *
 * @throws Refusal `not_found`, `forbidden`, `invalid_request` for a sibling that began elsewhere
 */
export async function getDecisionPage(ctx: Context, input: DecisionPageInput): Promise<DecisionPage> {
  const { scope, project, experiment } = await openExperiment(ctx, input, 'eval:read')
  const allSiblings = await siblingsOf(ctx, scope, experiment.id)
  const siblingIds = allSiblings.slice(0, SIBLINGS_MAX)
  const [ancestry, money, verdict, decided] = await Promise.all([
    gatherAncestry(ctx, scope, [experiment.id, ...siblingIds]),
    gatherMoney(ctx, scope, [experiment.id, ...(await pathIds(ctx, scope, experiment.id)), ...siblingIds]),
    getStageVerdict(ctx, input),
    listDecisions(ctx.db, scope, experiment.id),
  ])
  const stage = ancestry.stages.get(experiment.id)
  invariant(stage, 'a stage that was opened is read')
  const siblings = siblingIds.flatMap((id) => ancestry.stages.get(id) ?? [])
  const path = ancestry.pathTo(experiment.id).slice(0, -1)
  const held: Held = {
    ctx,
    stage,
    money,
    ancestral: new Set(path.flatMap(({ cells }) => cells.map(({ row }) => row.benchmark_id))),
  }
  const [base, parent] = [path[0], path.at(-1)]
  const sibling = siblingNamed(siblings, input.sibling) ?? mostAlike(stage, siblings)
  const against = [
    ...(base && base !== parent ? [referenceOf(held, base, ['base'], verdict.root)] : []),
    ...(parent ? [referenceOf(held, parent, base === parent ? ['base', 'parent'] : ['parent'], verdict.parent)] : []),
    ...(sibling ? [referenceOf(held, sibling, ['sibling'], null)] : []),
  ]
  const { standings } = await standingsOf(ctx, scope, [experiment])
  const [decision, ...earlier] = decided.map(viewDecision)
  const cost = {
    own: moneyCell(money.own(experiment.id), stage),
    path: moneyCell(money.path(experiment.id), stage),
    note: money.note,
  }
  return {
    experiment: refOfRow(experiment, project.slug),
    state: standings.get(experiment.id)?.state ?? 'planned',
    checkpoint: stage.checkpoint && { id: stage.checkpoint.uid, step: stage.checkpoint.step },
    against,
    siblings: siblings.map(({ row }) => refOfRow(row, row.project)),
    siblings_left_out: allSiblings.length - siblingIds.length,
    cost,
    proposal: proposeDecision(factsOf(experiment.name, { against, verdict, cost: cost.own })),
    decision: decision ?? null,
    earlier,
  }
}

async function pathIds(ctx: Context, scope: ProjectScope, id: number): Promise<number[]> {
  const edges = await listAncestorEdges(ctx.db, scope, [id])
  const ids: number[] = []
  for (let at = principalEdge(edges, id); at && !ids.includes(at.parent); at = principalEdge(edges, at.parent))
    ids.push(at.parent)
  return ids
}

/** Ids of the stages of the project whose weights begin where those of this one do, by number. */
async function siblingsOf(ctx: Context, scope: ProjectScope, id: number): Promise<number[]> {
  const [edges, rows] = await Promise.all([
    listEdges(ctx.db, scope),
    listExperiments(ctx.db, scope, { limit: STAGES_MAX }),
  ])
  const own = new Map(rows.filter((row) => !row.isUnstaged).map((row) => [row.id, row.number]))
  const pathEdges = edges.map(({ child, parent, kind, weight }) => ({
    child: child.id,
    parent: parent.id,
    kind,
    weight,
  }))
  const parent = principalEdge(pathEdges, id)?.parent
  if (parent === undefined) return []
  const children = groupBy(pathEdges, (edge) => edge.parent).get(parent) ?? []
  return [...new Set(children.map((edge) => edge.child))]
    .filter((child) => child !== id && own.has(child) && principalEdge(pathEdges, child)?.parent === parent)
    .sort((a, b) => (own.get(a) ?? 0) - (own.get(b) ?? 0))
}

function siblingNamed(siblings: readonly RecordedStage[], name: DecisionQuery['sibling']): RecordedStage | null {
  if (name === undefined) return null
  const found = siblings.find(({ row }) => row.slug === name || row.number === Number(name))
  if (found) return found
  const known = siblings.map(({ row }) => row.slug).join(', ')
  throw invalid(
    '/sibling',
    `"${name}" did not begin where this stage did. ${known === '' ? 'No other stage did.' : `These did: ${known}.`}`,
  )
}

/** The sibling that was measured on most of the same benchmarks, of equals the newest; null where none was measured. */
function mostAlike(stage: RecordedStage, siblings: readonly RecordedStage[]): RecordedStage | null {
  const own = new Set(stage.cells.map(({ row }) => row.benchmark_id))
  const shared = ({ cells }: RecordedStage) =>
    new Set(cells.flatMap(({ row }) => (own.has(row.benchmark_id) ? row.benchmark_id : []))).size
  const [most] = siblings.toSorted((a, b) => shared(b) - shared(a) || b.row.number - a.row.number)
  return most && shared(most) > 0 ? most : null
}
