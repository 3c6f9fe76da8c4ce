import { bradleyTerry, type Battle as RatingBattle, type Ratings } from '#src/core/evaluations/bradley-terry.ts'
import { agreementOfRaters } from '#src/core/preferences/agreement-of-raters.ts'
import { counted, type Judgement, scoreOfA } from '#src/core/preferences/battles.ts'
import { firstShown } from '#src/core/preferences/first-shown.ts'
import { onlineElo } from '#src/core/preferences/online-elo.ts'
import { type WinShare, winShareOf, winSharesOfPairs } from '#src/core/preferences/win-shares.ts'
import { listExperimentsByIds } from '#src/db/queries/experiments/list-by-ids.ts'
import { millisOf } from '#src/db/queries/instant.ts'
import { type BattleCount, countBattles } from '#src/db/queries/preferences/count-battles.ts'
import { listRatedBattles, type RatedBattle } from '#src/db/queries/preferences/list-battles.ts'
import type { SideRow } from '#src/db/queries/preferences/list-sides.ts'
import type { ProjectScope } from '#src/db/scope.ts'
import type { ExperimentRef } from '#src/protocol/experiments.ts'
import {
  BATTLES_READ_MAX,
  type PreferenceRatings,
  type PreferencesQuery,
  type RatedModelView,
} from '#src/protocol/preferences.ts'
import type { Context, Services } from '#src/services/context.ts'
import { invalid } from '#src/services/errors.ts'
import { BoundedCache } from '#src/services/evaluations/bounded-cache.ts'
import { refOfRow } from '#src/services/experiments/view.ts'
import { openProject } from '#src/services/workspaces/open.ts'
import { checkpointNamed, sidesById } from './sides.ts'

/** Pairs of raters that an answer tells. */
const RATER_PAIRS_MAX = 20

/**
 * Models of a project in the order that people and judges preferred them: Bradley–Terry ratings with bootstrap intervals over prompts, win
 * shares of pairs, agreement of raters. Where some model never won or tied against the rest, win shares without ratings.
 *
 * @throws Refusal `invalid_request` for an anchor without a battle; `not_found`, `forbidden`
 */
export async function getPreferences(
  ctx: Context,
  input: PreferencesQuery & { workspace?: string | undefined; project: string },
): Promise<PreferenceRatings> {
  const { scope } = await openProject(ctx, input, 'eval:read')
  const counts = await countBattles(ctx.db, scope)
  const filter = { category: input.category ?? null, rater: input.rater ?? null }
  const rows = await listRatedBattles(ctx.db, scope, { ...filter, limit: BATTLES_READ_MAX })
  const models = await modelsOf(ctx, scope, rows)
  const judged = rows.map((row) => judgementOf(row, models)).sort(byPrompt)
  const used = counted(judged, input.ties)
  const present = models.all.filter(({ id }) => used.some(({ a, b }) => a === id || b === id))
  const anchor = anchorOf(present, input.anchor)
  const made = [scope.projectId, sum(counts), input.ties, filter.category, filter.rater, anchor]
  const ratings = present.length < 2 || anchor === null ? null : ratingsOf(ctx, JSON.stringify(made), used, anchor)
  const elo = onlineElo(
    counted(
      [...rows].sort(byTime).map((row) => judgementOf(row, models)),
      input.ties,
    ),
  )
  const ranked = rankedModels(present, used, ratings, elo)
  const place = new Map(ranked.map(({ id }, i) => [id, i]))
  const agreement = agreementOfRaters(judged)
  return {
    models: ranked,
    anchor: ratings?.kind === 'rated' ? anchor : null,
    ties: input.ties,
    rounds: ratings?.kind === 'rated' ? ratings.rounds : 0,
    unrated: unratedOf(ratings, anchor, ranked),
    pairs: winSharesOfPairs(
      used,
      ranked.map(({ id }) => id),
    ).map(({ a, b, ...share }) => ({ a: place.get(a) ?? 0, b: place.get(b) ?? 0, ...shareView(share) })),
    raters: totals(counts, ({ rater, raterKind }) => ({ name: rater, kind: raterKind })),
    categories: totals(counts, ({ category }) => ({ name: category })),
    agreement: {
      cases: agreement.cases,
      judged_twice: agreement.judgedTwice,
      pairs: agreement.pairs
        .slice(0, RATER_PAIRS_MAX)
        .map(({ raters, cases, observed, kappa }) => ({ raters, cases, observed, kappa })),
    },
    first_shown: firstShown(judged),
    used: used.length,
    found: sum(counts.filter((count) => matches(count, filter))),
    all: sum(counts),
  }
}

/** Battles are never changed: how many there are tells whether a rating is still the one of before. */
const RATINGS_MAX = 500
const caches = new WeakMap<Services, BoundedCache<string, Ratings>>()

function ratingsOf({ services }: Context, key: string, used: readonly Judgement[], anchor: string): Ratings {
  const cache = caches.get(services) ?? new BoundedCache<string, Ratings>(RATINGS_MAX)
  caches.set(services, cache)
  const known = cache.get(key)
  if (known) return known
  const ratings = bradleyTerry(used.map(asRating), anchor)
  cache.set(key, ratings, 1)
  return ratings
}

interface Model {
  id: string
  name: string
  experiment: ExperimentRef | null
  checkpoint: RatedModelView['checkpoint']
}

interface Models {
  all: Model[]
  byCheckpoint: ReadonlyMap<number, string>
}

/** The models of some battles: by stage and step, then those without a checkpoint by name. */
async function modelsOf(ctx: Context, scope: ProjectScope, rows: readonly RatedBattle[]): Promise<Models> {
  const ids = new Set(rows.flatMap((row) => [row.checkpointA ?? [], row.checkpointB ?? []].flat()))
  const sides = await sidesById(ctx, scope, [...ids])
  const experiments = await listExperimentsByIds(ctx.db, scope, [
    ...new Set([...sides.values()].map(({ experimentId }) => experimentId)),
  ])
  const refs = new Map(experiments.map((row) => [row.id, refOfRow(row, row.project)]))
  const stages = [...sides.values()].map((side) => ({ side, ref: refs.get(side.experimentId) ?? null }))
  stages.sort((x, y) => (x.ref?.number ?? 0) - (y.ref?.number ?? 0) || x.side.step - y.side.step)
  const named = new Set(rows.flatMap((row) => [row.modelA ?? [], row.modelB ?? []].flat()))
  return {
    all: [
      ...stages.map(({ side, ref }) => ({
        id: side.uid,
        name: nameOf(side, ref, stages),
        experiment: ref,
        checkpoint: { id: side.uid, step: side.step, deleted: side.deleted },
      })),
      ...[...named].sort().map((name) => ({ id: name, name, experiment: null, checkpoint: null })),
    ],
    byCheckpoint: new Map([...sides].map(([id, { uid }]) => [id, uid])),
  }
}

/** The stage's name, with the step where several of its checkpoints battled. */
function nameOf(
  side: SideRow,
  ref: ExperimentRef | null,
  all: readonly { side: SideRow; ref: ExperimentRef | null }[],
): string {
  const name = ref?.name ?? side.uid
  return all.filter((other) => other.side.experimentId === side.experimentId).length > 1
    ? `${name}, step ${side.step}`
    : name
}

function judgementOf(row: RatedBattle, { byCheckpoint }: Models): Judgement {
  const key = (checkpoint: number | null, model: string | null) =>
    model ?? (checkpoint === null ? '' : (byCheckpoint.get(checkpoint) ?? ''))
  return {
    a: key(row.checkpointA, row.modelA),
    b: key(row.checkpointB, row.modelB),
    winner: row.winner,
    prompt: row.prompt,
    rater: row.rater,
    first: row.first,
    lengthA: row.lengthA,
    lengthB: row.lengthB,
  }
}

/** Resamples draw prompts by their place: the same battles give the same intervals in whatever order they came. */
const byPrompt = (x: Judgement, y: Judgement): number => (x.prompt < y.prompt ? -1 : x.prompt > y.prompt ? 1 : 0)

/** As they were judged; battles without a time come last, by their name, so that the order of arrival changes nothing. */
const byTime = (x: RatedBattle, y: RatedBattle): number =>
  timeOf(x) - timeOf(y) || (x.name < y.name ? -1 : x.name > y.name ? 1 : 0)

const timeOf = ({ judgedAt }: RatedBattle): number => (judgedAt === null ? Number.MAX_SAFE_INTEGER : millisOf(judgedAt))

const asRating = ({ a, b, winner, prompt }: Judgement): RatingBattle => ({ a, b, score: scoreOfA(winner), prompt })

function anchorOf(present: readonly Model[], asked: string | undefined): string | null {
  if (asked === undefined) return present[0]?.id ?? null
  const id = checkpointNamed(asked) ?? asked
  if (present.some((model) => model.id === id)) return id
  const choice = present.map((model) => model.name).join(', ')
  throw invalid(
    '/query/anchor',
    present.length === 0
      ? `No battle is found, so ${asked} cannot be the anchor.`
      : `${asked} has no battle here. Anchor on one of: ${choice}.`,
  )
}

/** The best first: by rating, or by win share where there is none. */
function rankedModels(
  models: readonly Model[],
  used: readonly Judgement[],
  ratings: Ratings | null,
  elo: ReadonlyMap<string, number>,
): RatedModelView[] {
  const rated = new Map(ratings?.kind === 'rated' ? ratings.models.map((model) => [model.id, model]) : [])
  const views = models.map((model) => {
    const own = rated.get(model.id)
    return {
      ...model,
      ...shareView(winShareOf(used, model.id)),
      rating: own?.rating ?? null,
      rating_low: own?.low ?? null,
      rating_high: own?.high ?? null,
      rank: own?.rank ?? null,
      elo: elo.get(model.id) ?? null,
    }
  })
  return views.sort((x, y) => (y.rating ?? y.share) - (x.rating ?? x.share))
}

const shareView = ({ lengthRatio, ...share }: WinShare) => ({ ...share, length_ratio: lengthRatio })

function unratedOf(
  ratings: Ratings | null,
  anchor: string | null,
  models: readonly RatedModelView[],
): PreferenceRatings['unrated'] {
  if (ratings?.kind === 'rated' || models.length === 0) return null
  if (!ratings) return { reason: 'A rating needs two models that battled.', apart: [] }
  const name = (id: string) => models.find((model) => model.id === id)?.name ?? id
  const others = ratings.apart.map(name).join(', ')
  return {
    reason: `No chain of wins or ties leads both ways between ${name(anchor ?? '')} and ${others}: one side won every battle, so their distance is not defined.`,
    apart: ratings.apart,
  }
}

function totals<T extends object>(
  counts: readonly BattleCount[],
  key: (count: BattleCount) => T,
): (T & { battles: number })[] {
  const sums = new Map<string, T & { battles: number }>()
  for (const count of counts) {
    const own = key(count)
    const name = JSON.stringify(own)
    sums.set(name, { ...own, battles: (sums.get(name)?.battles ?? 0) + count.battles })
  }
  return [...sums.values()].sort((x, y) => y.battles - x.battles)
}

const matches = (count: BattleCount, filter: { category: string | null; rater: string | null }): boolean =>
  (filter.category === null || count.category === filter.category) &&
  (filter.rater === null || count.rater === filter.rater)

const sum = (counts: readonly BattleCount[]): number => counts.reduce((total, { battles }) => total + battles, 0)
