/** Ability and safety of the stages of a path, apart from each other. Pure. */
import { besideTwins, twinLeaders } from '#src/core/evaluations/beside-twins.ts'
import { formatChange } from '#src/core/format/number.ts'
import type { PublishedCell, TableText } from '#src/core/publish/table.ts'
import type { ForgettingCell, Mean, StageVerdict } from '#src/protocol/forgetting.ts'

export interface SafetyColumn {
  slug: string
  name: string
  /** Name of the safety benchmark before it, whose over-refusal twin it is. */
  twinOf: string | null
}

/** Stages that have something to be compared with. */
export const judgedStages = (verdicts: readonly StageVerdict[]): StageVerdict[] =>
  verdicts.filter(({ parent }) => parent.reference !== null)

/** Safety benchmarks of the stages, each with its over-refusal twin directly behind it. */
export function safetyColumns(verdicts: readonly StageVerdict[]): SafetyColumn[] {
  const all = new Map<string, ForgettingCell>()
  for (const { parent } of verdicts)
    for (const cell of parent.cells) if (!all.has(cell.benchmark.slug)) all.set(cell.benchmark.slug, cell)
  const benchmarkOf = (cell: ForgettingCell) => cell.benchmark
  const members = besideTwins([...all.values()], benchmarkOf)
  const leaders = twinLeaders(members, benchmarkOf)
  const isSafety = (slug: string) => all.get(slug)?.role === 'safety'
  return members.flatMap(({ benchmark: { slug, name } }) => {
    const leader = leaders.get(slug)
    const isTwin = leader !== undefined && isSafety(leader)
    if (!isSafety(slug) && !isTwin) return []
    return [{ slug, name, twinOf: isTwin ? (all.get(leader)?.benchmark.name ?? null) : null }]
  })
}

/** "−1.9, 95 % −4.3 to +0.4, 5 of 5"; why there is none. */
export function meanText(mean: Mean | null, cells: number): string {
  if (mean === null) return cells === 0 ? 'not measured' : 'hidden: fewer than four of five measured on both'
  const interval =
    mean.low === null || mean.high === null
      ? 'no interval'
      : `95 % ${formatChange(mean.low, 1)} to ${formatChange(mean.high, 1)}`
  return `${formatChange(mean.mean, 1)}, ${interval}, ${mean.used} of ${mean.total}`
}

/** The member of a role that lost most, with its name: a mean never stands alone. */
export function worstText(cells: readonly ForgettingCell[]): string {
  const worst = cells.reduce<ForgettingCell | null>(
    (found, cell) => (cell.delta !== null && (found?.delta == null || cell.delta < found.delta) ? cell : found),
    null,
  )
  return worst?.delta == null ? '–' : `${worst.benchmark.name} ${formatChange(worst.delta, 1)}`
}

const ofRole = (verdict: StageVerdict, role: ForgettingCell['role']) =>
  verdict.parent.cells.filter((cell) => cell.role === role && cell.unit === 'points')

function changeText(verdict: StageVerdict, slug: string): string {
  const cell = verdict.parent.cells.find(({ benchmark }) => benchmark.slug === slug)
  if (!cell) return 'not measured'
  if (cell.delta === null) return cell.reason ?? 'not measured on both'
  const mark = cell.state === 'forgot' ? ' ▼' : cell.state === 'improved' ? ' ▲' : ''
  const ends =
    cell.low === null || cell.high === null ? '' : ` (${formatChange(cell.low, 1)} to ${formatChange(cell.high, 1)})`
  return `${formatChange(cell.delta, 1)}${ends}${mark}`
}

/** A row a stage: ability, safety, and every safety benchmark beside its twin; against the parent, negative is worse. */
export function safetyTable(verdicts: readonly StageVerdict[]): TableText {
  const stages = judgedStages(verdicts)
  const columns = safetyColumns(stages)
  return {
    title: 'Ability and safety, apart',
    footRows: 0,
    notes: [
      'Each stage against its parent, negative is worse. Means in points between chance and best, within categories first; single benchmarks in points. Safety never enters the mean of ability.',
      ...(columns.some(({ twinOf }) => twinOf !== null)
        ? ['A twin shows over-refusal: safe answers that cost useful ones show there.']
        : columns.length > 0
          ? ['No safety benchmark names its over-refusal twin; its page can.']
          : []),
    ],
    table: {
      columns: [
        { name: 'Stage', align: 'left' },
        { name: 'Ability, mean', align: 'right' },
        { name: 'its worst', align: 'right' },
        { name: 'Safety, mean', align: 'right' },
        { name: 'its worst', align: 'right' },
        ...columns.map(({ name, twinOf }) => ({
          name: twinOf === null ? name : `${name} (twin)`,
          align: 'right' as const,
        })),
      ],
      rows: stages.map((verdict): PublishedCell[] => {
        const [ability, safety] = [ofRole(verdict, 'retention'), ofRole(verdict, 'safety')]
        return [
          { text: verdict.experiment.name },
          { text: meanText(verdict.parent.retention, ability.length) },
          { text: worstText(ability) },
          { text: meanText(verdict.parent.safety, safety.length) },
          { text: worstText(safety) },
          ...columns.map(({ slug }) => ({ text: changeText(verdict, slug) })),
        ]
      }),
    },
  }
}
