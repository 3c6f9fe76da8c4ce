import { createHash } from 'node:crypto'
import { LADDER_MAX, rungs, tokensAtStep } from '#src/core/imports/ladder.ts'
import { nearestNames } from '#src/core/imports/nearest-names.ts'
import { isInside, planPipeline } from '#src/core/pipelines/plan.ts'
import { insertCheckpoint } from '#src/db/queries/checkpoints/insert-checkpoint.ts'
import { findImported } from '#src/db/queries/evaluations/find-imported.ts'
import { lockBenchmarks } from '#src/db/queries/evaluations/lock-benchmarks.ts'
import type { ExperimentRow } from '#src/db/queries/experiments/find-experiment.ts'
import { listExperiments } from '#src/db/queries/experiments/list-experiments.ts'
import { listGivenCheckpoints } from '#src/db/queries/imports/list-given-checkpoints.ts'
import type { ProjectScope } from '#src/db/scope.ts'
import type { ParentInput } from '#src/protocol/experiments.ts'
import type {
  LineageCheckpoint,
  LineageFile,
  LineageImported,
  LineageLadder,
  LineageScore,
  LineageStage,
} from '#src/protocol/lineage-file.ts'
import { authorize } from '#src/services/authorize.ts'
import { stageCheckpoints } from '#src/services/checkpoints/of-stage.ts'
import { type Context, inTransaction } from '#src/services/context.ts'
import { invariant, Refusal } from '#src/services/errors.ts'
import { postEvaluation } from '#src/services/evaluations/post.ts'
import { experimentNamed } from '#src/services/experiments/open.ts'
import { putExperiment } from '#src/services/experiments/put.ts'
import { newUid } from '#src/services/new-uid.ts'
import { pointerOf } from '#src/services/pipelines/read-pipeline.ts'
import { putProject } from '#src/services/projects/put.ts'
import { openProject } from '#src/services/workspaces/open.ts'

export interface ImportLineageInput {
  workspace?: string | undefined
  project: string
  lineage: LineageFile
  /** The name of the file, kept with each score. */
  file: string
}

/**
 * Makes the stages, checkpoints and scores of a lineage file, all in one transaction, the project included. A stage whose slug is
 * there stays as it is and gets what it lacks, so that a second import changes nothing and a file that has grown adds what is new.
 *
 * @throws Refusal `invalid_request` with a pointer per problem (stages, parents, cycles, measures, checkpoints), and as the verbs
 *   that put experiments and evaluations; `forbidden`
 */
export async function importLineage(ctx: Context, input: ImportLineageInput): Promise<LineageImported> {
  return await inTransaction(ctx, async (tx) => {
    const { name, description } = input.lineage
    const { project } = await putProject(tx, {
      workspace: input.workspace,
      project: input.project,
      ...((await isNew(tx, input)) && { name, ...(description !== undefined && { description }) }),
    })
    const { scope } = await openProject(tx, input, 'experiment:write')
    for (const permission of ['lineage:link', 'checkpoint:write', 'eval:write'] as const)
      authorize(tx.actor, permission, scope)
    await lockBenchmarks(tx.db, scope)
    return {
      ...(await writeStages(tx, scope, { ...input, project: project.slug })),
      project: project.slug,
      url: project.url,
    }
  })
}

/** True while there is no such project: only then the file names and describes it. */
async function isNew(ctx: Context, input: { workspace?: string | undefined; project: string }): Promise<boolean> {
  return openProject(ctx, input, 'project:read').then(
    () => false,
    (error: unknown) => {
      if (error instanceof Refusal && error.code === 'not_found') return true
      throw error
    },
  )
}

async function writeStages(
  tx: Context,
  scope: ProjectScope,
  input: ImportLineageInput,
): Promise<Omit<LineageImported, 'project' | 'url'>> {
  const { lineage, project, workspace } = input
  const existing = (await listExperiments(tx.db, scope, { limit: 10_000 })).map((row) => row.slug)
  const plan = planPipeline(lineage.stages, existing)
  const problems = [
    ...(plan.kind === 'problems'
      ? plan.problems.map((p) => ({ pointer: stagePointer(p.path), message: p.message }))
      : []),
    ...problemsOf(lineage),
  ]
  if (plan.kind === 'problems' || problems.length > 0)
    throw new Refusal('invalid_request', problems.map((p) => p.message).join(' '), { errors: problems.slice(0, 50) })
  const answer = {
    stages: { made: 0, there: 0 },
    checkpoints: { made: 0, there: 0 },
    scores: { made: 0, there: 0 },
    kept: [] as string[],
  }
  for (const slug of plan.order) {
    const stage = lineage.stages[slug]
    invariant(stage, 'the plan names stages of the file')
    const there = await experimentNamed(tx, scope, project, slug)
    answer.stages[there ? 'there' : 'made']++
    if (there) answer.kept.push(slug)
    const id = there?.id ?? (await makeStage(tx, scope, { slug, stage, project, workspace }))
    await writeCheckpoints(tx, scope, { ...input, slug, stage, experimentId: id }, answer)
  }
  return answer
}

/** Planning words its paths for a pipeline. */
const stagePointer = ([, ...rest]: readonly (string | number)[]): string => pointerOf(['stages', ...rest])

/** What is wrong inside the file itself: measures and checkpoints that are named and not there, or there twice. */
function problemsOf(lineage: LineageFile): { pointer: string; message: string }[] {
  const measures = Object.keys(lineage.measures)
  return Object.entries(lineage.stages).flatMap(([slug, stage]) => {
    const problems: { pointer: string; message: string }[] = []
    const note = (path: (string | number)[], message: string) =>
      problems.push({ pointer: pointerOf(['stages', slug, ...path]), message })
    const seen = new Set<string>()
    stage.checkpoints.forEach((entry, i) => {
      for (const { location, step } of expand(entry)) {
        const key = `${location} ${step}`
        if (seen.has(key)) note(['checkpoints', i], `"${slug}" has the checkpoint ${location} at step ${step} twice.`)
        seen.add(key)
      }
      if ('scores' in entry)
        entry.scores.forEach(({ measure }, j) => {
          if (measures.includes(measure)) return
          const near = nearestNames(measure, measures).join(', ')
          note(
            ['checkpoints', i, 'scores', j, 'measure'],
            `The file has no measure "${measure}".${near ? ` Nearest: ${near}.` : ''}`,
          )
        })
    })
    if (seen.size > LADDER_MAX)
      note(['checkpoints'], `"${slug}" has ${seen.size} checkpoints; at most ${LADDER_MAX} are taken.`)
    stage.parents.forEach((parent, i) => {
      const home = isInside(parent) ? lineage.stages[parent.experiment] : undefined
      if (parent.at === undefined || !home || home.checkpoints.length === 0) return
      const locations = home.checkpoints.flatMap(expand).map((c) => c.location)
      if (!locations.includes(parent.at))
        note(
          ['parents', i, 'at'],
          `"${String(parent.experiment)}" has no checkpoint "${parent.at}". Nearest: ${nearestNames(parent.at, locations).join(', ')}.`,
        )
    })
    return problems
  })
}

const expand = (entry: LineageCheckpoint | LineageLadder): readonly { location: string; step: number }[] =>
  'every' in entry ? rungs(entry) : [entry]

async function makeStage(
  tx: Context,
  scope: ProjectScope,
  {
    slug,
    stage,
    project,
    workspace,
  }: { slug: string; stage: LineageStage; project: string; workspace: string | undefined },
): Promise<number> {
  const { parents, checkpoints: _, ...fields } = stage
  const resolved: ParentInput[] = []
  for (const [i, { at, ...parent }] of parents.entries()) {
    const uid = await startOf(
      tx,
      scope,
      { project, workspace },
      parent,
      at,
      pointerOf(['stages', slug, 'parents', i, 'at']),
    )
    resolved.push({ ...parent, ...(uid !== null && { checkpoint: uid }) })
  }
  const { id } = await putExperiment(tx, { ...fields, parents: resolved, workspace, project, slug })
  return id
}

/** The checkpoint that a child starts from: the one that the file names, else that of the parent's stage; null for a planned parent. */
async function startOf(
  tx: Context,
  scope: ProjectScope,
  { project, workspace }: { project: string; workspace: string | undefined },
  parent: { experiment: number | string; project?: string | undefined },
  at: string | undefined,
  pointer: string,
): Promise<string | null> {
  if (parent.project !== undefined && parent.project !== project && at === undefined) return null
  const home =
    parent.project === undefined || parent.project === project
      ? { scope, row: await experimentNamed(tx, scope, project, parent.experiment) }
      : await elsewhere(tx, { workspace, project: parent.project }, parent.experiment)
  if (!home.row) return null
  if (at === undefined) return (await stageCheckpoints(tx, scope, [home.row.id])).of.get(home.row.id)?.uid ?? null
  const given = await listGivenCheckpoints(tx.db, home.scope, home.row.id)
  const found = given.findLast((c) => c.location === at)
  if (found) return found.uid
  const near = nearestNames(
    at,
    given.map((c) => c.location),
  ).join(', ')
  const message = `"${home.row.slug}" has no checkpoint "${at}".${near ? ` Nearest: ${near}.` : ''}`
  throw new Refusal('invalid_request', message, { errors: [{ pointer, message }] })
}

async function elsewhere(
  tx: Context,
  place: { workspace: string | undefined; project: string },
  experiment: number | string,
): Promise<{ scope: ProjectScope; row: ExperimentRow | null }> {
  const open = await openProject(tx, place, 'experiment:write')
  return { scope: open.scope, row: await experimentNamed(tx, open.scope, open.project.slug, experiment) }
}

interface StageImport extends ImportLineageInput {
  slug: string
  stage: LineageStage
  experimentId: number
}

async function writeCheckpoints(
  tx: Context,
  scope: ProjectScope,
  { lineage, file, slug, stage, experimentId }: StageImport,
  answer: Pick<LineageImported, 'checkpoints' | 'scores'>,
): Promise<void> {
  const given = new Map(
    (await listGivenCheckpoints(tx.db, scope, experimentId)).map((c) => [`${c.location} ${c.step}`, c]),
  )
  for (const entry of stage.checkpoints)
    for (const rung of expand(entry)) {
      const own: Partial<LineageCheckpoint> = 'every' in entry ? {} : entry
      const there = given.get(`${rung.location} ${rung.step}`)
      answer.checkpoints[there ? 'there' : 'made']++
      const checkpoint =
        there ??
        (await insertCheckpoint(
          tx.db,
          scope,
          {
            uid: newUid(tx),
            experimentId,
            location: rung.location,
            step: rung.step,
            tokens: own.tokens ?? tokensAtStep(rung.step, stage),
            sha256: own.sha256 ?? null,
            metadata: { ...own.metadata, imported_from: { kind: 'lineage', file } },
          },
          [],
        ))
      for (const score of own.scores ?? []) {
        const isNewScore = await writeScore(tx, scope, { lineage, file, slug, checkpoint, rung, score })
        answer.scores[isNewScore ? 'made' : 'there']++
      }
    }
}

interface ScoreImport {
  lineage: LineageFile
  file: string
  slug: string
  checkpoint: { id: number; uid: string }
  rung: { location: string; step: number }
  score: LineageScore
}

/** Posts a score unless the checkpoint has this very record already. */
async function writeScore(
  tx: Context,
  scope: ProjectScope,
  { lineage, file, slug, checkpoint, rung, score }: ScoreImport,
): Promise<boolean> {
  const { measure: name, source, ...numbers } = score
  const measure = lineage.measures[name]
  invariant(measure, 'measures were looked for before')
  const record = `${slug} ${rung.location}@${rung.step} ${name} ${score.seed ?? ''}`.trim().slice(0, 500)
  const sha256 = createHash('sha256')
    .update(JSON.stringify([record, score, measure]))
    .digest('hex')
  const from = { kind: 'lineage', file, sha256, record }
  if ((await findImported(tx.db, scope, checkpoint.id, from)) !== null) return false
  await postEvaluation(tx, {
    ...measure,
    ...numbers,
    checkpoint: checkpoint.uid,
    source: source ?? lineage.source,
    imported_from: from,
    complete: true,
    items: [],
  })
  return true
}
