import { stringify } from 'yaml'
import { isWeightEdge } from '#src/core/lineage/edge-kinds.ts'
import { type BaseRelation, frontMatter, hubName } from '#src/core/publish/front-matter.ts'
import { escapeText, markdownTable } from '#src/core/publish/markdown.ts'
import type { ModelCard, PublishedTable } from '#src/protocol/publish.ts'
import type { Context } from '#src/services/context.ts'
import { notFound } from '#src/services/errors.ts'
import { type Ancestry, gatherAncestry, type RecordedStage } from '#src/services/experiments/ancestry.ts'
import { refOfRow } from '#src/services/experiments/view.ts'
import { chooseModel } from './choose-model.ts'
import { getPublishedTable } from './get-table.ts'
import { hubOf } from './stage-facts.ts'

export interface CardInput {
  workspace?: string | undefined
  project: string
  model?: number | string | undefined
  decimals: number
}

/**
 * A model card as Markdown: a head in YAML that names what the model came from, then its stages and its results with forgetting, the
 * same cells as in the published tables.
 *
 * @throws Refusal `not_found` (also for the model, and in a project without stages), `forbidden`
 */
export async function getModelCard(ctx: Context, input: CardInput): Promise<ModelCard> {
  const { scope, project, end } = await chooseModel(ctx, input)
  if (!end) throw notFound('A stage of this project')
  const ancestry = await gatherAncestry(ctx, scope, [end.id])
  const stage = ancestry.stages.get(end.id)
  if (!stage) throw notFound('The stage')
  const options = { intervals: false, lost: true, change: false, turned: false }
  const bases = basesOf(stage, ancestry)
  const [stages, results] = await Promise.all([
    getPublishedTable(ctx, { ...input, ...options, model: end.number, table: 'stages' }),
    getPublishedTable(ctx, { ...input, ...options, model: end.number, table: 'benchmarks' }),
  ])
  const root = ancestry.pathTo(end.id)[0]?.row.root ?? null
  const head = frontMatter({
    bases,
    relation: relationOf(stage),
    datasets: ancestry
      .orderTo(end.id)
      .flatMap(({ mixture }) => mixture.flatMap(({ source }) => hubName(source, 'name') ?? [])),
    license: root?.kind === 'external_base' ? (root.license ?? null) : null,
  })
  const front = `---\n${stringify(head)}---\n`
  return {
    model: refOfRow(end, project.slug),
    front_matter: front,
    base_note:
      bases.length > 0 || root?.kind === 'random_init'
        ? null
        : 'No stage above names a place on a model hub: give the external base its name as owner/model, or a checkpoint the location hf://owner/model.',
    markdown: [
      front,
      `# ${escapeText(end.name)}\n`,
      ...(end.purpose ? [`${escapeText(end.purpose)}\n`] : []),
      section('Stages', stages),
      section('Results', results),
    ].join('\n'),
  }
}

const section = (title: string, { table, notes, empty }: PublishedTable): string =>
  [`## ${title}`, empty === null ? markdownTable(table) : escapeText(empty), ...notes.map(escapeText)]
    .join('\n\n')
    .concat('\n')

function relationOf({ row, parents }: RecordedStage): BaseRelation {
  const weights = parents.filter((edge) => isWeightEdge(edge.kind))
  if (row.stageKind === 'merge' || weights.length > 1) return 'merge'
  const isAdapter = weights.some((edge) => edge.kind === 'adapter_on') && row.adapter?.merged !== true
  return isAdapter ? 'adapter' : 'finetune'
}

/** Hub names of the direct weight parents, the heaviest first; of a parent without one that of the nearest stage above it. */
function basesOf(stage: RecordedStage, ancestry: Ancestry): string[] {
  const nameOf = (stage: RecordedStage): string | null =>
    hubOf(stage) ?? (stage.row.root?.kind === 'external_base' ? hubName(stage.row.root.name, 'name') : null)
  const nearest = (id: number): string | null =>
    ancestry
      .pathTo(id)
      .toReversed()
      .map(nameOf)
      .find((name) => name !== null) ?? null
  return stage.parents
    .filter((edge) => isWeightEdge(edge.kind))
    .toSorted((a, b) => (b.weight ?? 1) - (a.weight ?? 1))
    .flatMap((edge) => nearest(edge.parent) ?? [])
}
