import { insertDefinitionEdits, listDefinitionEdits } from '#src/db/queries/evaluations/definition-edits.ts'
import { listBenchmarks } from '#src/db/queries/evaluations/list-benchmarks.ts'
import { listProtocolUses } from '#src/db/queries/evaluations/list-protocols.ts'
import { findProtocol, type ProtocolRow, updateProtocolWords } from '#src/db/queries/evaluations/protocols.ts'
import { instantOf } from '#src/db/queries/instant.ts'
import type { Scope } from '#src/db/scope.ts'
import type { ProtocolChange, ProtocolPage } from '#src/protocol/benchmarks.ts'
import { actorName } from '#src/services/actor.ts'
import { type Context, inTransaction } from '#src/services/context.ts'
import { notFound } from '#src/services/errors.ts'
import { openWorkspace } from '#src/services/workspaces/open.ts'
import { boundProject, summaryOf } from './benchmark-page.ts'
import { refuseSenders } from './edit-benchmark.ts'

interface ProtocolName {
  workspace?: string | undefined
  protocol: string
}

/**
 * A protocol: its fields, what was measured by it, and what people changed of its words.
 *
 * @throws Refusal `not_found`, `forbidden`
 */
export async function getProtocol(ctx: Context, input: ProtocolName): Promise<ProtocolPage> {
  const { scope } = await openWorkspace(ctx, input, 'eval:read')
  const row = await protocolNamed(ctx, scope, input.protocol)
  const project = boundProject(ctx)
  const [uses, benchmarks, edits] = await Promise.all([
    listProtocolUses(ctx.db, scope, { protocolId: row.id }, project),
    listBenchmarks(ctx.db, scope, { project }),
    listDefinitionEdits(ctx.db, scope, { protocolId: row.id }),
  ])
  return {
    fingerprint: row.fingerprint,
    name: row.name,
    note: row.note,
    fields: row.fields,
    created_at: instantOf(row.createdAt),
    benchmarks: uses.flatMap((use) => {
      const of = benchmarks.find((benchmark) => benchmark.id === use.benchmark_id)
      if (!of) return []
      const { metrics, checkpoints, newest_at } = use
      const is_default = of.default_protocol_id === row.id
      return [{ benchmark: summaryOf(of), metrics, checkpoints, newest_at: instantOf(newest_at), is_default }]
    }),
    edits: edits.map((edit) => ({ ...edit, at: instantOf(edit.at) })),
  }
}

/**
 * Changes what people call a protocol and say of it. Its fields are what it is: another field makes another protocol.
 *
 * @throws Refusal `not_found`, `forbidden`
 */
export async function editProtocol(ctx: Context, input: ProtocolName & ProtocolChange): Promise<ProtocolPage> {
  const { scope } = await openWorkspace(ctx, input, 'eval:write')
  refuseSenders(ctx)
  await inTransaction(ctx, async (tx) => {
    const row = await protocolNamed(tx, scope, input.protocol)
    const edits = (['name', 'note'] as const).flatMap((field) => {
      const after = input[field]
      return after === undefined || after === row[field] ? [] : [{ field, before: row[field], after }]
    })
    if (edits.length === 0) return
    await updateProtocolWords(tx.db, scope, row.id, Object.fromEntries(edits.map((e) => [e.field, e.after])))
    const editedBy = actorName(ctx.actor)
    await insertDefinitionEdits(
      tx.db,
      scope,
      { protocolId: row.id },
      edits.map((edit) => ({ ...edit, editedBy })),
    )
  })
  return getProtocol(ctx, input)
}

async function protocolNamed(ctx: Context, scope: Scope, fingerprint: string): Promise<ProtocolRow> {
  const row = await findProtocol(ctx.db, scope, fingerprint)
  if (!row) throw notFound('This protocol')
  return row
}
