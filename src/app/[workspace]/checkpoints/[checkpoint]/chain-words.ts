import { formatExactCount } from '#src/core/format/count.ts'
import { formatPercent, formatValue } from '#src/core/format/number.ts'
import type { MixtureSource } from '#src/protocol/experiments.ts'
import type { ProvenanceStage, WritingRun } from '#src/protocol/provenance.ts'
import { EDGE_WORDS } from '#src/ui/marks/edge-words.ts'

/** How the weights of a stage came to it: "continues weights", "merged × 0.5", "random weights". */
export function fromWords({ from, root, root_kind }: ProvenanceStage): string {
  if (from) return `${EDGE_WORDS[from.kind]}${from.weight === null ? '' : ` × ${formatValue(from.weight)}`}`
  if (root_kind === 'random_init') return 'random weights'
  if (root?.kind === 'external_base') return `${root.name}${root.revision ? `@${root.revision}` : ''}`
  if (root?.kind === 'api_model') return `${root.name}${root.provider ? ` by ${root.provider}` : ''}`
  return 'not told'
}

/** "branch main, with changes that were not committed"; empty where there is nothing more to say. */
export const codeWords = ({ branch, dirty }: NonNullable<WritingRun['code']>): string =>
  [branch === null ? null : `branch ${branch}`, dirty ? 'with changes that were not committed' : null]
    .filter((part) => part !== null)
    .join(', ')

/** "2 × NVIDIA H100, 3.4 device-hours"; null: it told none. */
export function hardwareWords({ hardware }: Pick<WritingRun, 'hardware'>): string | null {
  if (hardware.length === 0) return null
  return hardware
    .map(({ count, device_name, hours }) => `${count} × ${device_name}, ${formatValue(hours)} device-hours`)
    .join('; ')
}

/** The sources of a mixture with their shares, else the data sets that the run read; null: nobody told. */
export function inputWords(mixture: readonly MixtureSource[], inputs: WritingRun['inputs']): string | null {
  if (mixture.length > 0)
    return mixture
      .map(({ source, share, dataset }) => {
        const name = dataset && dataset.split('@')[0] === source ? dataset : source
        return mixture.length === 1 ? name : `${name} ${formatPercent(share)}`
      })
      .join(', ')
  const read = inputs.filter(({ kind }) => kind === 'dataset')
  if (read.length === 0) return null
  return read.map(({ name, version }) => `${name}${version ? `@${version}` : ''}`).join(', ')
}

/** "1, on node-3, from step 0", with how it ended where it did not just finish. */
export const attemptWords = ({ attempt }: Pick<WritingRun, 'attempt'>): string =>
  [
    String(attempt.number),
    attempt.host === null ? null : `on ${attempt.host}`,
    `from step ${formatExactCount(attempt.first_step)}`,
    attempt.end_reason === null || attempt.end_reason === 'finished' ? null : attempt.end_reason,
  ]
    .filter((part) => part !== null)
    .join(', ')
