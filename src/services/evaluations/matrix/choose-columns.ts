/** Which checkpoints a matrix shows, in which order, and what each of them descends from. */
import { isWeightEdge } from '#src/core/lineage/edge-kinds.ts'
import { groupBy } from '#src/core/lineage/group-by.ts'
import { allWeightAncestors, ancestorsByWeight, principalEdge } from '#src/core/lineage/weight-path.ts'
import {
  listMeasuredCheckpoints,
  listVariants,
  type MeasuredCheckpoint,
} from '#src/db/queries/evaluations/list-measured.ts'
import type { ExperimentRow } from '#src/db/queries/experiments/find-experiment.ts'
import { listExperiments } from '#src/db/queries/experiments/list-experiments.ts'
import { type AncestorEdge, listAncestorEdges } from '#src/db/queries/lineage/list-ancestor-edges.ts'
import type { EdgeEnd } from '#src/db/queries/lineage/list-edges.ts'
import { listExperimentEnds } from '#src/db/queries/lineage/list-experiment-ends.ts'
import { type ProjectScope, projectScope } from '#src/db/scope.ts'
import type { ExperimentState } from '#src/protocol/experiments.ts'
import type { MatrixColumn, MatrixQuery, MatrixStage } from '#src/protocol/matrix.ts'
import { permissionsIn } from '#src/services/authorize.ts'
import { type StageCheckpoint, stageCheckpoints } from '#src/services/checkpoints/of-stage.ts'
import type { Context } from '#src/services/context.ts'
import { invalid, notFound } from '#src/services/errors.ts'
import { standingsOf } from '#src/services/experiments/standings.ts'
import { STAGES_MAX } from '#src/services/lineage/gather.ts'

/** A column before its cells: a checkpoint as it is or in a variant, or a stage that has none yet. */
export interface ChosenColumn {
  group: MatrixColumn['group']
  experimentId: number
  checkpoint: MeasuredCheckpoint | null
  variant: string
  state: ExperimentState | null
}

/** The weight edges of a project's stages and of all above them, with the checkpoint that stands for each stage. */
export interface Descent {
  edges: readonly AncestorEdge[]
  /** The checkpoint of each stage, by experiment id. */
  of: ReadonlyMap<number, StageCheckpoint>
  /** Stages as links name them, by experiment id. */
  ends: ReadonlyMap<number, EdgeEnd>
}

export interface ChosenColumns extends Descent {
  columns: readonly ChosenColumn[]
  leaf: number | null
  siblings: number | null
  stages: MatrixStage[]
  measured: readonly MeasuredCheckpoint[]
}

/**
 * Chooses the columns of a matrix.
 *
 * @throws Refusal `not_found` for a stage or checkpoint that is not there, `invalid_request` for `picked` without checkpoints
 */
export async function chooseColumns(
  ctx: Context,
  scope: ProjectScope,
  project: string,
  input: Pick<MatrixQuery, 'set' | 'leaf' | 'siblings' | 'checkpoints'>,
): Promise<ChosenColumns> {
  const [experiments, measured] = await Promise.all([
    listExperiments(ctx.db, scope, { limit: STAGES_MAX }),
    listMeasuredCheckpoints(ctx.db, scope, 'project'),
  ])
  const isOfProject = input.set !== 'path' && input.set !== 'picked'
  const [descent, variants] = await Promise.all([
    descentOf(ctx, scope, project, experiments),
    isOfProject ? variantsOf(ctx, scope, measured) : new Map<number, string[]>(),
  ])
  const tree = treeOf(experiments, descent)
  const byId = new Map(measured.map((checkpoint) => [checkpoint.id, checkpoint]))
  const common = {
    ...descent,
    measured,
    leaf: null,
    siblings: null,
    stages: experiments.map(
      (row): MatrixStage => ({
        number: row.number,
        name: row.name,
        stage_kind: row.stageKind,
        parent: tree.numberOf(tree.parentOf(row.id)),
        measured: byId.has(descent.of.get(row.id)?.id ?? 0),
        ...(row.root?.kind === 'api_model' && row.root.price && { price: row.root.price }),
      }),
    ),
  }
  const named = (number: number): ExperimentRow => {
    const row = experiments.find((experiment) => experiment.number === number)
    if (!row) throw notFound(`Stage ${number}`)
    return row
  }

  if (input.set === 'picked') {
    const uids = input.checkpoints ?? []
    if (uids.length === 0) throw invalid('/checkpoints', 'picked needs checkpoints: their ids, with commas between.')
    const picked = await listMeasuredCheckpoints(ctx.db, scope, { uids })
    const ofPicked = await variantsOf(ctx, scope, picked)
    const columns = uids.flatMap((uid) => {
      const checkpoint = picked.find((row) => row.uid === uid && mayRead(ctx, scope, row))
      if (!checkpoint) throw notFound(`The checkpoint ${uid}`)
      return columnsOf(checkpoint, ofPicked)
    })
    const wider = await widen(ctx, scope, descent, columns)
    return { ...common, ...wider, columns }
  }
  if (input.set === 'all') {
    const place = new Map(tree.order.map((id, i) => [id, i]))
    const inOrder = [...measured].sort(
      (a, b) => (place.get(a.experiment_id) ?? 0) - (place.get(b.experiment_id) ?? 0) || a.step - b.step || a.id - b.id,
    )
    return { ...common, columns: inOrder.flatMap((checkpoint) => columnsOf(checkpoint, variants)) }
  }
  const standing = (id: number): MeasuredCheckpoint[] => {
    const checkpoint = byId.get(descent.of.get(id)?.id ?? 0)
    return checkpoint ? [checkpoint] : []
  }
  if (input.set === 'stages') {
    const shown = tree.order.flatMap(standing)
    return { ...common, columns: shown.flatMap((checkpoint) => columnsOf(checkpoint, variants)) }
  }
  const leaf = input.leaf === undefined ? tree.deepest(new Set(byId.keys()), descent) : named(input.leaf)
  if (!leaf) return { ...common, columns: [] }
  if (input.set === 'branches') {
    const below = tree.below(leaf.id).flatMap(standing)
    return { ...common, leaf: leaf.number, columns: below.flatMap((checkpoint) => columnsOf(checkpoint, variants)) }
  }
  const path = [...ancestorsByWeight(descent.edges, leaf.id).reverse(), leaf.id]
  const fork = forkOf(path, tree, input.siblings)
  const shown = [
    ...path.map((id) => ({ id, group: 'path' as const })),
    ...(fork?.siblings ?? []).map((id) => ({ id, group: 'sibling' as const })),
  ]
  return {
    ...common,
    leaf: leaf.number,
    siblings: tree.numberOf(fork?.id ?? null),
    columns: await stageColumns(ctx, scope, experiments, descent, shown),
  }
}

/** Whether the actor may read of a checkpoint, which may lie in another project of the workspace. */
export const mayRead = (ctx: Context, scope: ProjectScope, row: MeasuredCheckpoint): boolean =>
  permissionsIn(ctx.actor, projectScope(scope.workspaceId, row.project_id)) !== null

/** Edges, checkpoints and names of stages and of all above them, which may lie in other projects. */
export async function descentOf(
  ctx: Context,
  scope: ProjectScope,
  project: string,
  experiments: readonly ExperimentRow[],
): Promise<Descent> {
  const own = experiments.map((row) => row.id)
  const edges = (await listAncestorEdges(ctx.db, scope, own)).filter((edge) => isWeightEdge(edge.kind))
  const known = new Set(own)
  const others = [...new Set(edges.flatMap((edge) => [edge.child, edge.parent]))].filter((id) => !known.has(id))
  const [{ of }, ends] = await Promise.all([
    stageCheckpoints(ctx, scope, [...own, ...others]),
    listExperimentEnds(ctx.db, scope, others),
  ])
  const own_ = experiments.map(({ id, number, slug, name, stageKind }): [number, EdgeEnd] => [
    id,
    { id, project, number, slug, name, stage_kind: stageKind },
  ])
  return { edges, of, ends: new Map([...own_, ...ends.map((end): [number, EdgeEnd] => [end.id, end])]) }
}

/** The same with the stages of checkpoints that lie elsewhere. */
async function widen(
  ctx: Context,
  scope: ProjectScope,
  descent: Descent,
  columns: readonly ChosenColumn[],
): Promise<Descent> {
  const foreign = [...new Set(columns.map((column) => column.experimentId))].filter((id) => !descent.ends.has(id))
  if (foreign.length === 0) return descent
  const edges = (await listAncestorEdges(ctx.db, scope, foreign)).filter((edge) => isWeightEdge(edge.kind))
  const ids = [...new Set([...foreign, ...edges.flatMap((edge) => [edge.child, edge.parent])])]
  const [{ of }, ends] = await Promise.all([stageCheckpoints(ctx, scope, ids), listExperimentEnds(ctx.db, scope, ids)])
  return {
    edges: [...descent.edges, ...edges],
    of: new Map([...descent.of, ...of]),
    ends: new Map([...descent.ends, ...ends.map((end): [number, EdgeEnd] => [end.id, end])]),
  }
}

const variantsOf = (ctx: Context, scope: ProjectScope, checkpoints: readonly MeasuredCheckpoint[]) =>
  listVariants(
    ctx.db,
    scope,
    checkpoints.map((checkpoint) => checkpoint.id),
  )

/** A checkpoint as it is, then its variants. */
const columnsOf = (
  checkpoint: MeasuredCheckpoint,
  variants: ReadonlyMap<number, readonly string[]>,
  group: ChosenColumn['group'] = 'set',
): ChosenColumn[] =>
  ['', ...(variants.get(checkpoint.id) ?? [])].map((variant) => ({
    group,
    experimentId: checkpoint.experiment_id,
    checkpoint,
    variant,
    state: null,
  }))

async function stageColumns(
  ctx: Context,
  scope: ProjectScope,
  experiments: readonly ExperimentRow[],
  descent: Descent,
  shown: readonly { id: number; group: ChosenColumn['group'] }[],
): Promise<ChosenColumn[]> {
  const ids = shown.flatMap(({ id }) => descent.of.get(id)?.id ?? [])
  const without = experiments.filter((row) => shown.some(({ id }) => id === row.id) && !descent.of.has(row.id))
  const [checkpoints, states] = await Promise.all([
    listMeasuredCheckpoints(ctx.db, scope, { ids }),
    without.length === 0 ? null : standingsOf(ctx, scope, without),
  ])
  const variants = await variantsOf(ctx, scope, checkpoints)
  const byExperiment = new Map(checkpoints.map((checkpoint) => [checkpoint.experiment_id, checkpoint]))
  return shown.flatMap(({ id, group }): ChosenColumn[] => {
    const checkpoint = byExperiment.get(id)
    if (checkpoint) return columnsOf(checkpoint, variants, group)
    return [
      { group, experimentId: id, checkpoint: null, variant: '', state: states?.standings.get(id)?.state ?? 'planned' },
    ]
  })
}

interface Tree {
  /** Ids of stages: each behind its parent, branch by branch, in the order of their numbers. */
  order: readonly number[]
  parentOf(id: number): number | null
  childrenOf(id: number | null): readonly number[]
  below(id: number): number[]
  numberOf(id: number | null): number | null
  deepest(measured: ReadonlySet<number>, descent: Descent): ExperimentRow | null
}

function treeOf(experiments: readonly ExperimentRow[], { edges }: Descent): Tree {
  const byId = new Map(experiments.map((row) => [row.id, row]))
  const ofChild = groupBy(edges, (edge) => edge.child)
  const parents = new Map(
    experiments.map(({ id }) => [id, principalEdge(ofChild.get(id) ?? [], id)?.parent ?? null] as const),
  )
  const inside = (id: number | null) => (id !== null && byId.has(id) ? id : null)
  const children = groupBy(
    [...experiments].sort((a, b) => a.number - b.number),
    (row) => inside(parents.get(row.id) ?? null),
  )
  const childrenOf = (id: number | null) => (children.get(id) ?? []).map((row) => row.id)
  const below = (id: number): number[] => {
    const found: number[] = []
    const seen = new Set<number>()
    const open = [id]
    for (let at = open.pop(); at !== undefined; at = open.pop()) {
      if (seen.has(at)) continue
      seen.add(at)
      found.push(at)
      open.push(...childrenOf(at).reverse())
    }
    return found
  }
  return {
    order: childrenOf(null).flatMap(below),
    parentOf: (id) => parents.get(id) ?? null,
    childrenOf,
    below,
    numberOf: (id) => (id === null ? null : (byId.get(id)?.number ?? null)),
    deepest(measured, { of }) {
      let best: { row: ExperimentRow; length: number } | null = null
      for (const row of experiments) {
        if (!measured.has(of.get(row.id)?.id ?? 0)) continue
        const length = ancestorsByWeight(edges, row.id).length
        if (!best || length >= best.length) best = { row, length }
      }
      return best?.row ?? null
    },
  }
}

/** The stage of the path at which siblings are shown, with them: the one asked for, else the one with the most, of equals the last. */
function forkOf(
  path: readonly number[],
  tree: Tree,
  asked: MatrixQuery['siblings'],
): { id: number; siblings: readonly number[] } | null {
  if (asked === 'none') return null
  const forks = path.flatMap((id) => {
    const parent = tree.parentOf(id)
    const siblings = parent === null ? [] : tree.childrenOf(parent).filter((child) => child !== id)
    return siblings.length > 0 ? [{ id, siblings }] : []
  })
  if (asked !== undefined) {
    const fork = forks.find(({ id }) => tree.numberOf(id) === asked)
    if (fork) return fork
  }
  return forks.reduce<(typeof forks)[number] | null>(
    (most, fork) => (most && most.siblings.length > fork.siblings.length ? most : fork),
    null,
  )
}

/** What a stage's checkpoints can be compared with along the weights; ids of checkpoints. */
export interface Above {
  /** Where the stage started, then the checkpoints of the stages before, up to the root. */
  path: readonly number[]
  root: number | null
  /** Of all ancestors over every way. */
  all: readonly number[]
}

/** The checkpoints above a stage. Those of stages without one are absent. */
export function aboveOf({ edges, of }: Descent, experimentId: number): Above {
  const edge = principalEdge(edges, experimentId)
  const path = ancestorsByWeight(edges, experimentId)
  const checkpoints = path.map((id) => of.get(id)?.id ?? null)
  const start = edge ? ((edge as AncestorEdge).checkpointId ?? checkpoints[0] ?? null) : null
  const starts = edges.flatMap((e) => (e.child === experimentId && e.checkpointId !== null ? [e.checkpointId] : []))
  const all = [...allWeightAncestors(edges, experimentId)].flatMap((id) => of.get(id)?.id ?? [])
  return {
    path: [start, ...checkpoints.slice(1)].filter((id) => id !== null),
    root: path.length === 1 ? start : (checkpoints.at(-1) ?? null),
    all: [...new Set([...starts, ...all])],
  }
}
