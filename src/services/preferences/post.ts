import { instantOrNull } from '#src/db/queries/instant.ts'
import { insertBattles, type NewBattle } from '#src/db/queries/preferences/insert-battles.ts'
import { type BattleRow, listBattlesByName } from '#src/db/queries/preferences/list-battles.ts'
import type { SideRow } from '#src/db/queries/preferences/list-sides.ts'
import type { BattleInput, BattlesAnswer, BattlesInput } from '#src/protocol/preferences.ts'
import { actorName } from '#src/services/actor.ts'
import { type Context, inTransaction } from '#src/services/context.ts'
import { Refusal } from '#src/services/errors.ts'
import { refuseStaleJob } from '#src/services/runs/refuse-stale.ts'
import { openProject } from '#src/services/workspaces/open.ts'
import { checkpointNamed, sidesByUid } from './sides.ts'

/** How many objections one refusal tells. */
const OBJECTIONS_MAX = 20

/**
 * Keeps battles: which of two answers was preferred. All of a call or none; a battle that is here already under its id changes nothing.
 *
 * @throws Refusal `invalid_request` naming each bad battle (an unknown or deleted checkpoint, a model against itself); `conflict` for an id
 *   that stands for another battle; `not_found`, `forbidden`, `stale_fence`
 */
export async function postBattles(
  ctx: Context,
  input: BattlesInput & { workspace?: string | undefined; project: string },
): Promise<BattlesAnswer> {
  const { scope } = await openProject(ctx, input, 'eval:write')
  await refuseStaleJob(ctx)
  const uids = new Set(input.battles.flatMap(({ a, b }) => [checkpointNamed(a) ?? [], checkpointNamed(b) ?? []].flat()))
  const known = await sidesByUid(ctx, scope, [...uids])
  refuseBadSides(input.battles, known)
  const createdBy = actorName(ctx.actor)
  const rows = new Map<string, NewBattle>()
  for (const [index, battle] of input.battles.entries()) {
    const row = { ...rowOf(battle, known), createdBy }
    const twin = rows.get(row.name)
    if (twin && contentOf(twin) !== contentOf(row)) throw takenBy(index, row.name, 'another battle of this call')
    rows.set(row.name, row)
  }
  return await inTransaction(ctx, async (tx) => {
    const added = await insertBattles(tx.db, scope, [...rows.values()].sort(byName))
    const others = [...rows.keys()].filter((name) => !added.has(name))
    for (const kept of await listBattlesByName(tx.db, scope, others)) {
      const row = rows.get(kept.name)
      if (row && contentOf(row) !== contentOf(kept))
        throw takenBy(
          input.battles.findIndex(({ id }) => id === kept.name),
          kept.name,
          `a battle of ${kept.createdBy}`,
        )
    }
    return { added: added.size, known: input.battles.length - added.size }
  })
}

/** Two senders of the same battles write them in one order, so that neither waits for the other in a circle. */
const byName = (x: NewBattle, y: NewBattle): number => (x.name < y.name ? -1 : 1)

const takenBy = (index: number, name: string, what: string): Refusal => {
  const message = `The id "${name}" stands for ${what} with other content. Battles are not changed: give this one an id of its own.`
  return new Refusal('conflict', message, { errors: [{ pointer: `/battles/${index}/id`, message }] })
}

function refuseBadSides(battles: readonly BattleInput[], known: ReadonlyMap<string, SideRow>): void {
  const errors: { pointer: string; message: string }[] = []
  for (const [index, battle] of battles.entries()) {
    for (const side of ['a', 'b'] as const) {
      const uid = checkpointNamed(battle[side])
      const row = uid === null ? null : known.get(uid)
      if (uid === null || (row && !row.deleted)) continue
      errors.push({
        pointer: `/battles/${index}/${side}`,
        message: `${battle[side]} is no checkpoint of this project. Send the id of one, or the name and version of a model.`,
      })
    }
    if (keyOf(battle.a) === keyOf(battle.b))
      errors.push({
        pointer: `/battles/${index}/b`,
        message: `${battle.b} battles itself; a battle is between two models.`,
      })
    if (errors.length >= OBJECTIONS_MAX) break
  }
  if (errors.length === 0) return
  const told = errors.map(({ pointer, message }) => `${pointer}: ${message}`)
  throw new Refusal('invalid_request', told.join(' '), { errors })
}

const keyOf = (side: string): string => checkpointNamed(side) ?? side

function rowOf(battle: BattleInput, known: ReadonlyMap<string, SideRow>): Omit<NewBattle, 'createdBy'> {
  const side = (name: string) => {
    const uid = checkpointNamed(name)
    return uid === null ? { checkpoint: null, model: name } : { checkpoint: known.get(uid)?.id ?? null, model: null }
  }
  const [a, b] = [side(battle.a), side(battle.b)]
  return {
    name: battle.id,
    checkpointA: a.checkpoint,
    modelA: a.model,
    checkpointB: b.checkpoint,
    modelB: b.model,
    winner: battle.winner,
    prompt: battle.prompt,
    category: battle.category,
    rater: battle.rater,
    raterKind: battle.rater_kind,
    judgePrompt: battle.judge_prompt ?? null,
    first: battle.first ?? null,
    lengthA: battle.length_a ?? null,
    lengthB: battle.length_b ?? null,
    judgedAt: battle.judged_at ?? null,
  }
}

/** What makes two battles the same, whoever sent them and when. */
const contentOf = (row: NewBattle | BattleRow): string =>
  JSON.stringify([
    row.checkpointA,
    row.modelA,
    row.checkpointB,
    row.modelB,
    row.winner,
    row.prompt,
    row.category ?? '',
    row.rater,
    row.raterKind,
    row.judgePrompt,
    row.first,
    row.lengthA,
    row.lengthB,
    instantOrNull(row.judgedAt ?? null),
  ])
