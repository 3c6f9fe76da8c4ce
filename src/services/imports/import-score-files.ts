import { createHash } from 'node:crypto'
import { readScoreFiles, type ScoreDraft } from '#src/core/imports/score-files.ts'
import { SCORE_FILES_CHARACTERS_MAX, SCORES_MAX } from '#src/core/imports/upload-limits.ts'
import { findBenchmarks } from '#src/db/queries/evaluations/benchmarks.ts'
import { findImported } from '#src/db/queries/evaluations/find-imported.ts'
import { lockBenchmarks } from '#src/db/queries/evaluations/lock-benchmarks.ts'
import type { ProjectScope } from '#src/db/scope.ts'
import { EvaluationInput } from '#src/protocol/evaluations.ts'
import {
  type FoundScore,
  NAMES_MAX,
  type ScoreFilesInput,
  type ScoreFilesReport,
  type Target,
  type TargetCheckpoint,
} from '#src/protocol/imports.ts'
import { openCheckpoint } from '#src/services/checkpoints/open.ts'
import { type Context, inTransaction } from '#src/services/context.ts'
import { invalid, Refusal } from '#src/services/errors.ts'
import { postEvaluation } from '#src/services/evaluations/post.ts'
import { openProject } from '#src/services/workspaces/open.ts'
import { findTargets } from './find-targets.ts'
import { foundBenchmarks } from './found-benchmarks.ts'

/** Ends the transaction of a look: what it would have written goes, the report stays. */
class OnlyLooked extends Error {
  override readonly name = 'OnlyLooked'
}

/**
 * Reads files of scores (CSV, JSON lines, results and samples of lm-evaluation-harness) and says what of them is understood. A look and
 * a write are the same transaction, so that what a look promises is what a write does: all that is sound at once, each fault by its
 * line. What an earlier import brought, also from the command line, is not written twice.
 *
 * @throws Refusal `invalid_request` for more text or scores than one upload takes; `not_found`, `forbidden` without `eval:write`
 */
export async function importScoreFiles(
  ctx: Context,
  input: ScoreFilesInput & { workspace?: string | undefined; project: string },
): Promise<ScoreFilesReport> {
  const { scope, project } = await openProject(ctx, input, 'eval:write')
  const length = input.files.reduce((sum, { text }) => sum + text.length, 0)
  if (length > SCORE_FILES_CHARACTERS_MAX)
    throw invalid(
      '/files',
      `The files have ${length} characters together, more than ${SCORE_FILES_CHARACTERS_MAX}. Send fewer at once, or use npx descent import.`,
    )
  const { files, drafts } = readScoreFiles(input.files)
  if (drafts.length > SCORES_MAX)
    throw invalid(
      '/files',
      `The files hold ${drafts.length} scores, more than ${SCORES_MAX} at once. Send fewer files, or use npx descent import.`,
    )
  const named = drafts.map((draft) => ({ draft, names: namesOf(draft, input.checkpoint) }))
  const targets = await targetsOf(
    ctx,
    { ...input, project: project.slug },
    named.flatMap(({ names }) => names),
  )
  const known = await findBenchmarks(ctx.db, scope, [...new Set(drafts.map(slugOf))])
  let scores: FoundScore[] = []
  const look = inTransaction(ctx, async (tx) => {
    scores = []
    await lockBenchmarks(tx.db, scope)
    for (const { draft, names } of named) scores.push(await take(tx, scope, draft, nameIn(names, targets), targets))
    if (!input.write) throw new OnlyLooked()
  })
  await look.catch((error: unknown) => {
    if (!(error instanceof OnlyLooked)) throw error
  })
  const count = (state: FoundScore['state']) => scores.filter((score) => score.state === state).length
  return {
    written: input.write,
    files,
    benchmarks: foundBenchmarks(scores, drafts, known),
    scores,
    totals: { new: count('new'), there: count('there'), left_out: count('left_out') },
  }
}

/**
 * The names by which a score may find its checkpoint, in their order. A results file of a harness names its model, often by a path that
 * nobody else knows: then the checkpoint that a person named stands in. A row that names its checkpoint means no other.
 */
function namesOf({ from, checkpoint }: ScoreDraft, given: string | undefined): string[] {
  const asked = given === undefined || given === '' ? [] : [given]
  if (checkpoint === null) return asked
  return from.kind === 'lm-eval' ? [checkpoint, ...asked] : [checkpoint]
}

/** The first name that means one checkpoint; where none does the last, which a person gave. */
const nameIn = (names: readonly string[], targets: ReadonlyMap<string, Target>): string | null =>
  names.find((name) => targets.get(name)?.kind === 'found') ?? names.at(-1) ?? null

const slugOf = ({ evaluation: { benchmark } }: ScoreDraft): string =>
  typeof benchmark === 'string' ? benchmark : benchmark.slug

async function targetsOf(
  ctx: Context,
  place: { workspace?: string | undefined; project: string },
  names: readonly string[],
): Promise<ReadonlyMap<string, Target>> {
  const wanted = [...new Set(names)]
  const found = new Map<string, Target>()
  for (let i = 0; i < wanted.length; i += NAMES_MAX) {
    const asked = { workspace: place.workspace, project: place.project, names: wanted.slice(i, i + NAMES_MAX) }
    for (const target of (await findTargets(ctx, asked)).items) found.set(target.name, target)
  }
  return found
}

/** Takes one score within a savepoint of its own: a refusal takes back what it had begun, and nothing else. */
async function take(
  tx: Context,
  scope: ProjectScope,
  draft: ScoreDraft,
  name: string | null,
  targets: ReadonlyMap<string, Target>,
): Promise<FoundScore> {
  const target = name === null ? undefined : targets.get(name)
  const checkpoint = target?.kind === 'found' ? target.checkpoint : null
  const answer = (state: FoundScore['state'], reason: string | null = null): FoundScore => ({
    file: draft.file,
    at: draft.at,
    checkpoint: checkpoint && { experiment: checkpoint.experiment, step: checkpoint.step },
    benchmark: slugOf(draft),
    metric: draft.evaluation.metric,
    score: draft.evaluation.score,
    scale: draft.evaluation.scale,
    stderr: draft.evaluation.stderr,
    n: draft.evaluation.n,
    items: draft.evaluation.items.length,
    without_items: draft.withoutItems,
    state,
    reason,
  })
  if (!checkpoint) return answer('left_out', whyNowhere(name, target))
  try {
    const state = await tx.db.transaction((savepoint) => post({ ...tx, db: savepoint }, scope, draft, checkpoint))
    return answer(state)
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    return answer('left_out', error.message)
  }
}

async function post(
  ctx: Context,
  scope: ProjectScope,
  draft: ScoreDraft,
  target: TargetCheckpoint,
): Promise<'new' | 'there'> {
  const sha256 = createHash('sha256').update(draft.hashed).digest('hex')
  const { checkpoint } = await openCheckpoint(ctx, target.id, 'eval:write')
  const { record, kind } = draft.from
  if ((await findImported(ctx.db, scope, checkpoint.id, { sha256, record })) !== null) return 'there'
  const parsed = EvaluationInput.safeParse({
    ...draft.evaluation,
    imported_from: { kind, file: draft.file, sha256, record },
  })
  if (!parsed.success) {
    const [issue] = parsed.error.issues
    throw invalid(
      `/${issue?.path.join('/') ?? ''}`,
      `has ${issue?.path.join('.') ?? 'a member'} that is refused: ${issue?.message}`,
    )
  }
  await postEvaluation(ctx, { ...parsed.data, checkpoint: target.id })
  return 'new'
}

function whyNowhere(name: string | null, target: Target | undefined): string {
  if (name === null) return 'names no checkpoint: add a column checkpoint, or name one above'
  if (target?.kind === 'several') {
    const list = target.checkpoints.map((c) => `${c.experiment.slug}@${c.step}`).join(', ')
    return `"${name}" means several checkpoints: ${list}. Name one of them`
  }
  const near = target?.kind === 'unknown' && target.near.length > 0 ? ` Nearest: ${target.near.join(', ')}.` : ''
  return `no checkpoint here is called "${name}".${near} Name it by stage, stage@step, id, hash or path`
}
