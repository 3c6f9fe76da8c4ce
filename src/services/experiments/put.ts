import { type CheckedExperiment, checkExperiment } from '#src/core/experiments/check-experiment.ts'
import type { RootDetail } from '#src/core/experiments/fields.ts'
import { insertCheckpoint } from '#src/db/queries/checkpoints/insert-checkpoint.ts'
import { ensureDatasetVersion } from '#src/db/queries/datasets/ensure-dataset-version.ts'
import { type ExperimentRow, findExperiment } from '#src/db/queries/experiments/find-experiment.ts'
import { insertExperiment, type NewExperiment } from '#src/db/queries/experiments/insert-experiment.ts'
import { type NewSource, replaceMixture } from '#src/db/queries/experiments/replace-mixture.ts'
import { updateExperiment } from '#src/db/queries/experiments/update-experiment.ts'
import { givenOf, setStageBudget } from '#src/db/queries/forgetting/stage-budgets.ts'
import { insertEdge } from '#src/db/queries/lineage/insert-edge.ts'
import { listParentEdges } from '#src/db/queries/lineage/list-parent-edges.ts'
import { lockLineage } from '#src/db/queries/lineage/lock-lineage.ts'
import { supersedeEdge } from '#src/db/queries/lineage/supersede-edge.ts'
import { lockProject } from '#src/db/queries/projects/lock-project.ts'
import { takeNumber } from '#src/db/queries/projects/take-number.ts'
import type { ProjectScope } from '#src/db/scope.ts'
import type { Experiment, ExperimentInput } from '#src/protocol/experiments.ts'
import { actorName } from '#src/services/actor.ts'
import { requireLiveCheckpoint } from '#src/services/checkpoints/require-live.ts'
import { type Context, inTransaction } from '#src/services/context.ts'
import { readDataset } from '#src/services/datasets/read-dataset.ts'
import { invalid, Refusal } from '#src/services/errors.ts'
import { refuseCycle } from '#src/services/lineage/refuse-cycle.ts'
import { newUid } from '#src/services/new-uid.ts'
import { openProject } from '#src/services/workspaces/open.ts'
import { saveBenchmarkRoles } from './benchmarks-of-stage.ts'
import { viewExperiments } from './get.ts'
import { experimentNamed } from './open.ts'
import { type ResolvedParent, resolveParents } from './resolve-parents.ts'

export interface PutExperimentInput extends ExperimentInput {
  workspace?: string | undefined
  project: string
  slug: string
}

/**
 * Makes an experiment with its root, parents, mixture and benchmarks in one transaction, or answers the one that is there. An
 * ingest key never changes an existing one; whoever else may write experiments writes it anew, with the same number.
 *
 * @throws Refusal `invalid_request` with every objection (stage, root, parents, shares), `not_found` for a parent, `conflict`
 *   for a cycle, `forbidden`
 */
export async function putExperiment(
  ctx: Context,
  input: PutExperimentInput,
): Promise<{ created: boolean; experiment: Experiment; id: number }> {
  const { scope, project } = await openProject(ctx, input, 'experiment:write')
  const existing = await experimentNamed(ctx, scope, project.slug, input.slug)
  if (existing && isIngest(ctx)) return { ...(await answerWith(ctx, scope, project.slug, existing)), created: false }
  const check = checkExperiment(input)
  if (check.kind === 'objections')
    throw new Refusal('invalid_request', check.objections.map((o) => o.message).join(' '), {
      errors: check.objections,
    })
  const sources = readSources(input)
  return await inTransaction(ctx, async (tx) => {
    const parents = await resolveParents(tx, scope, input.parents)
    await lockProject(tx.db, scope)
    const present = existing ?? (await findExperiment(tx.db, scope, { slug: input.slug }))
    if (present && isIngest(tx)) return { ...(await answerWith(tx, scope, project.slug, present)), created: false }
    const row = present
      ? await updateExperiment(tx.db, scope, present.id, fieldsOf(input, check.experiment))
      : await insertExperiment(tx.db, scope, {
          ...fieldsOf(input, check.experiment),
          number: await takeNumber(tx.db, scope, 'experiment'),
          slug: input.slug,
          createdBy: actorName(ctx.actor),
        })
    await saveMixture(tx, scope, row.id, sources)
    await saveParents(tx, scope, row.id, parents, present !== null)
    await saveBenchmarkRoles(tx, scope, row.id, input.benchmarks)
    const budget = givenOf(input.budget ?? {})
    if (Object.keys(budget).length > 0) await setStageBudget(tx.db, scope, row.id, budget)
    if (!present) await saveGivenWeights(tx, scope, row.id, check.experiment.root)
    return { ...(await answerWith(tx, scope, project.slug, row)), created: !present }
  })
}

async function answerWith(ctx: Context, scope: ProjectScope, project: string, row: ExperimentRow) {
  const [experiment] = await viewExperiments(ctx, scope, project, [row])
  return { experiment: experiment as Experiment, id: row.id }
}

const isIngest = ({ actor }: Context): boolean => actor.kind === 'apiKey' && actor.scope === 'ingest'

function fieldsOf(
  input: PutExperimentInput,
  checked: CheckedExperiment,
): Omit<NewExperiment, 'number' | 'slug' | 'createdBy'> {
  return {
    name: input.name ?? input.slug,
    stageKind: checked.stageKind,
    method: checked.method,
    goal: input.goal ?? null,
    purpose: input.purpose ?? '',
    objective: input.objective ?? null,
    lossMask: input.loss_mask ?? null,
    parallelism: input.parallelism ?? null,
    precision: input.precision ?? null,
    plan: input.plan ?? null,
    adapter: input.adapter ?? null,
    params: input.params ?? null,
    rootKind: checked.root?.kind ?? null,
    root: checked.root,
    ...toldFields(input),
  }
}

/** What people say of a stage on its page stays where a client that writes it anew says nothing of it. */
const toldFields = ({ owner, team, mitigations, chat_template }: ExperimentInput) => ({
  ...(owner !== undefined && { owner }),
  ...(team !== undefined && { team }),
  ...(mitigations !== undefined && { mitigations }),
  ...(chat_template !== undefined && { chatTemplate: chat_template }),
})

type Source = Omit<NewSource, 'datasetVersionId'> & { dataset: { slug: string; version: string } | null }

/** @throws Refusal `invalid_request` for a data set that is not slug@version */
function readSources(input: ExperimentInput): Source[] {
  return input.mixture.map((source, i) => ({
    source: source.source,
    role: source.role,
    nativeUnit: source.native_unit ?? null,
    nativeCount: source.native_count ?? null,
    tokens: source.tokens ?? null,
    share: String(source.share),
    dataset: source.dataset ? readDataset(source.dataset, `/mixture/${i}/dataset`) : null,
  }))
}

async function saveMixture(tx: Context, scope: ProjectScope, experimentId: number, sources: Source[]): Promise<void> {
  const rows: NewSource[] = []
  for (const { dataset, ...source } of sources)
    rows.push({
      ...source,
      datasetVersionId: dataset ? await ensureDatasetVersion(tx.db, scope, dataset.slug, dataset.version) : null,
    })
  await replaceMixture(tx.db, scope, experimentId, rows)
}

async function saveParents(
  tx: Context,
  scope: ProjectScope,
  childId: number,
  parents: readonly ResolvedParent[],
  isChange: boolean,
): Promise<void> {
  if (parents.length === 0 && !isChange) return
  await lockLineage(tx.db, scope)
  const live = new Map(
    (isChange ? await listParentEdges(tx.db, scope, childId) : []).map((edge) => [edgeKey(edge), edge]),
  )
  const seen = new Set<string>()
  for (const [i, parent] of parents.entries()) {
    const key = edgeKey(parent)
    if (seen.has(key))
      throw invalid('/parents', `The same experiment is named twice as a parent of kind ${parent.kind}; name it once.`)
    seen.add(key)
    const known = live.get(key)
    // An edge that is to stay keeps the checkpoint that its child has started from.
    if (known && (parent.checkpointId ?? known.checkpointId) === known.checkpointId && sameWeight(parent, known))
      continue
    if (known) await supersedeEdge(tx.db, scope, known.id)
    await requireLiveCheckpoint(tx, scope, parent)
    await refuseCycle(tx, scope, childId, parent.parentId, `/parents/${i}`)
    await insertEdge(tx.db, scope, { ...parent, childId, createdBy: actorName(tx.actor) })
  }
  for (const [key, edge] of live) if (!seen.has(key)) await supersedeEdge(tx.db, scope, edge.id)
}

const edgeKey = (edge: { parentId: number; kind: string }): string => `${edge.parentId} ${edge.kind}`

const sameWeight = (a: { weight: string | null }, b: { weight: string | null }): boolean =>
  a.weight === b.weight || (a.weight !== null && b.weight !== null && Number(a.weight) === Number(b.weight))

/** A base or model from outside has one checkpoint without a run. */
async function saveGivenWeights(
  tx: Context,
  scope: ProjectScope,
  experimentId: number,
  root: RootDetail | null,
): Promise<void> {
  if (root?.kind !== 'external_base' && root?.kind !== 'api_model') return
  const version = root.kind === 'external_base' ? root.revision : root.provider
  await insertCheckpoint(
    tx.db,
    scope,
    { uid: newUid(tx), experimentId, location: version ? `${root.name}@${version}` : root.name },
    [],
  )
}
