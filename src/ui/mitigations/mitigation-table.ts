/** Stages by what was done against forgetting, as a printed table. Pure. */
import { groupByMitigation, MITIGATION_WORDS } from '#src/core/experiments/mitigations.ts'
import { formatChange } from '#src/core/format/number.ts'
import type { PublishedCell, TableText } from '#src/core/publish/table.ts'
import type { Mean } from '#src/protocol/forgetting.ts'
import type { MitigatedStage } from '#src/protocol/mitigations.ts'

export interface MitigationTable extends TableText {
  /** Rows that name a group. */
  heads: ReadonlySet<number>
  /** The stage of every other row. */
  stages: readonly (MitigatedStage | null)[]
}

/** A group head, then its stages with target gain, mean retention, drift, and how many benchmarks were forgotten. */
export function mitigationTable(stages: readonly MitigatedStage[]): MitigationTable {
  const rows: PublishedCell[][] = []
  const of: (MitigatedStage | null)[] = []
  const heads = new Set<number>()
  for (const { tag, stages: members } of groupByMitigation(stages)) {
    heads.add(rows.length)
    of.push(null)
    const name = tag === null ? 'Nothing that is told' : capital(MITIGATION_WORDS[tag])
    rows.push([{ text: name, strong: true }, ...Array.from({ length: 4 }, () => ({ text: '' }))])
    for (const stage of members) {
      of.push(stage)
      rows.push([
        { text: stage.experiment.name },
        { text: meanWords(stage.target) },
        { text: meanWords(stage.retention) },
        { text: meanWords(stage.drift) },
        { text: stage.kept === 0 ? 'not measured' : `${stage.forgot} of ${stage.kept}` },
      ])
    }
  }
  return {
    title: 'Stages by what was done against forgetting',
    table: {
      columns: [
        { name: 'Stage', align: 'left' },
        { name: 'Target gain', align: 'right' },
        { name: 'Retention', align: 'right' },
        { name: 'Drift', align: 'right' },
        { name: 'Forgotten', align: 'right' },
      ],
      rows,
    },
    footRows: 0,
    notes: [
      'Means of changes against the checkpoint from which the stage started, with 95 % intervals; negative is worse. A tag says what was done, not that it helped: what was kept is measured. A stage with several tags stands under each.',
    ],
    heads,
    stages: of,
  }
}

const UNITS: Readonly<Record<Mean['unit'], string>> = { points: 'points', nats: 'nats', bits_per_byte: 'bits per byte' }

/** "−4.2 points (−6.1 to −2.3)"; what is not known is said so. */
function meanWords(mean: Mean | null): string {
  if (mean === null) return 'not measured'
  const digits = mean.unit === 'points' ? 1 : 3
  const range =
    mean.low === null || mean.high === null
      ? ''
      : ` (${formatChange(mean.low, digits)} to ${formatChange(mean.high, digits)})`
  return `${formatChange(mean.mean, digits)} ${UNITS[mean.unit]}${range}`
}

const capital = (word: string) => word.charAt(0).toUpperCase() + word.slice(1)
