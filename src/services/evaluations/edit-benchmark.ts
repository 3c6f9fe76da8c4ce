import { type BenchmarkDefinition, type DefinitionObjection, editDefinition } from '#src/core/evaluations/definition.ts'
import { groupBy } from '#src/core/lineage/group-by.ts'
import {
  type BenchmarkRow,
  countEvaluations,
  listSlugsOfBenchmarks,
  lockBenchmark,
  updateBenchmark,
} from '#src/db/queries/evaluations/benchmarks.ts'
import { insertDefinitionEdits } from '#src/db/queries/evaluations/definition-edits.ts'
import { listProtocolUses } from '#src/db/queries/evaluations/list-protocols.ts'
import { lockBenchmarks } from '#src/db/queries/evaluations/lock-benchmarks.ts'
import type { Scope } from '#src/db/scope.ts'
import type { BenchmarkChange, BenchmarkPage } from '#src/protocol/benchmarks.ts'
import { actorName } from '#src/services/actor.ts'
import { type Context, inTransaction } from '#src/services/context.ts'
import { invalid, Refusal } from '#src/services/errors.ts'
import { openWorkspace } from '#src/services/workspaces/open.ts'
import { getBenchmark } from './benchmark-page.ts'
import { unknownBenchmark } from './ensure-benchmark.ts'
import { namedBenchmark } from './named-benchmark.ts'
import { type PairEdit, pairBenchmarks } from './pair-benchmarks.ts'
import { viewBenchmark } from './view.ts'

/**
 * Changes what is said of a benchmark. No evaluation changes: scores, protocols and fingerprints stay, and each edit is kept with its
 * author. Keys that only send data and jobs do not edit.
 *
 * @throws Refusal `invalid_request` naming the field; `conflict` for kind, direction or unit once the benchmark was measured;
 *   `not_found`, `forbidden`
 */
export async function editBenchmark(
  ctx: Context,
  input: BenchmarkChange & { workspace?: string | undefined; benchmark: string },
): Promise<BenchmarkPage> {
  const { scope } = await openWorkspace(ctx, input, 'eval:write')
  refuseSenders(ctx)
  const { workspace, benchmark: slug, twin, default_protocol, part, pair, ...words } = input
  await inTransaction(ctx, async (tx) => {
    await lockBenchmarks(tx.db, scope)
    const row = await lockBenchmark(tx.db, scope, slug)
    if (!row) throw new Refusal('not_found', await unknownBenchmark(tx, scope, slug))
    const known = definitionOfRow(row)
    const answer = editDefinition(known, present(words), {
      slug,
      evaluations: await countEvaluations(tx.db, scope, row.id),
    })
    if (answer.kind === 'frozen') throw conflict(answer.objection)
    if (answer.kind === 'objection') throw invalid(`/${answer.objection.field}`, answer.objection.message)
    const { higher_is_better, valid_until, ...next } = answer.next
    const links = await linksOf(tx, scope, row, { twin, default_protocol })
    const edits = [
      ...answer.fields.map((field) => ({ field, before: known[field], after: answer.next[field] })),
      ...links.edits,
    ]
    const paired = await editPair(tx, scope, row, { part, pair })
    const editedBy = actorName(ctx.actor)
    for (const [benchmarkId, own] of groupBy(paired, (edit) => edit.benchmarkId))
      await insertDefinitionEdits(
        tx.db,
        scope,
        { benchmarkId },
        own.map(({ field, before, after }) => ({ field, before, after, editedBy })),
      )
    if (edits.length === 0) return
    await updateBenchmark(tx.db, scope, row.id, {
      ...next,
      validUntil: valid_until,
      orientation: higher_is_better ? 1 : -1,
      ...links.change,
    })
    await insertDefinitionEdits(
      tx.db,
      scope,
      { benchmarkId: row.id },
      edits.map((edit) => ({ ...edit, editedBy })),
    )
  })
  return getBenchmark(ctx, { workspace, benchmark: slug })
}

/** @throws Refusal `forbidden` for keys and jobs that only send data */
export function refuseSenders({ actor }: Context): void {
  if (actor.kind === 'job' || (actor.kind === 'apiKey' && actor.scope === 'ingest'))
    throw new Refusal(
      'forbidden',
      'A key that only sends data edits no definitions. Use a key of scope admin, or the page.',
    )
}

const conflict = ({ field, message }: DefinitionObjection): Refusal =>
  new Refusal('conflict', message, { errors: [{ pointer: `/${field}`, message }] })

/** What was sent; a member that is `undefined` was not. */
const present = (change: Partial<{ [K in keyof BenchmarkDefinition]: BenchmarkDefinition[K] | undefined }>) =>
  Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined)) as Partial<BenchmarkDefinition>

function definitionOfRow(row: BenchmarkRow): BenchmarkDefinition {
  const shown = viewBenchmark({
    ...row,
    orientation: row.orientation === 1 ? 1 : -1,
    valid_until: row.validUntil,
    twin: null,
    pair: null,
  })
  const { name, category, use, kind, higher_is_better, chance, best, unit, margin } = shown
  const { description, gain, validUntil, domain, facet } = row
  return {
    ...{ name, category, use, kind, higher_is_better, chance, best, unit, margin, description },
    ...{ gain, valid_until: validUntil, domain, facet },
  }
}

/** Part and pair change together: both are given, or one of them is null and the pair is taken apart. */
async function editPair(
  tx: Context,
  scope: Scope,
  row: BenchmarkRow,
  { part, pair }: Pick<BenchmarkChange, 'part' | 'pair'>,
): Promise<PairEdit[]> {
  if (part === undefined && pair === undefined) return []
  if (part === null || pair === null) return pairBenchmarks(tx, scope, row, null)
  const slug = pair ?? (await listSlugsOfBenchmarks(tx.db, scope, [row.pairId ?? 0])).get(row.pairId ?? 0)
  const own = part ?? row.part
  if (slug === undefined)
    throw invalid('/pair', `Say which benchmark measures the other side of "${row.slug}", by its slug.`)
  if (own === null) throw invalid('/part', `Say what "${row.slug}" measures: form, content, process or answer.`)
  return pairBenchmarks(tx, scope, row, { part: own, pair: slug })
}

interface Links {
  change: Partial<Pick<BenchmarkRow, 'twinId' | 'defaultProtocolId'>>
  edits: { field: string; before: string | null; after: string | null }[]
}

/** Twin and default protocol, which are rows of their own. */
async function linksOf(
  tx: Context,
  scope: Scope,
  row: BenchmarkRow,
  { twin, default_protocol }: Pick<BenchmarkChange, 'twin' | 'default_protocol'>,
): Promise<Links> {
  const links: Links = { change: {}, edits: [] }
  if (twin !== undefined) {
    const twinId = twin === null ? null : await namedBenchmark(tx, scope, row.slug, twin)
    if (twinId !== row.twinId) {
      const slugs = await listSlugsOfBenchmarks(tx.db, scope, row.twinId === null ? [] : [row.twinId])
      links.change.twinId = twinId
      links.edits.push({ field: 'twin', before: slugs.get(row.twinId ?? 0) ?? null, after: twin })
    }
  }
  if (default_protocol !== undefined) {
    const uses = await listProtocolUses(tx.db, scope, { benchmarkId: row.id })
    const wanted = default_protocol === null ? null : uses.find((use) => use.fingerprint === default_protocol)
    if (wanted === undefined)
      throw invalid(
        '/default_protocol',
        `"${row.slug}" was not measured by the protocol ${default_protocol?.slice(0, 12)}.`,
      )
    const id = wanted?.protocol_id ?? null
    if (id !== row.defaultProtocolId) {
      const before = uses.find((use) => use.protocol_id === row.defaultProtocolId)?.fingerprint ?? null
      links.change.defaultProtocolId = id
      links.edits.push({ field: 'default_protocol', before, after: default_protocol })
    }
  }
  return links
}
