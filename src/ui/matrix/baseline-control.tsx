'use client'
import { SegmentedControl } from '@mantine/core'
import { MATRIX_BASELINES } from '#src/core/evaluations/matrix-kinds.ts'
import { formatCount } from '#src/core/format/count.ts'
import type { Matrix } from '#src/protocol/matrix.ts'
import { Select } from '#src/ui/kit/select.tsx'

const WORDS: Readonly<Record<string, string>> = {
  parent: 'vs parent',
  root: 'root',
  best: 'best ancestor',
  chosen: 'chosen',
}
const choices = [...MATRIX_BASELINES, 'chosen'].map((value) => ({ value, label: WORDS[value] ?? value }))

/** The checkpoints that can be a baseline, by their stage and step. */
export function checkpointOptions({ measured = [], stages = [] }: Pick<Matrix, 'measured' | 'stages'>) {
  const names = new Map(stages.map((stage) => [stage.number, stage.name]))
  return measured.map(({ experiment, checkpoint, of_stage }) => ({
    value: checkpoint.id,
    label: `${names.get(experiment) ?? `Stage ${experiment}`}${of_stage ? '' : `, step ${formatCount(checkpoint.step)}`}`,
  }))
}

/** What changes are told against: parent, root, the best ancestor, or any checkpoint. */
export function BaselineControl(props: {
  baseline: string
  matrix: Pick<Matrix, 'measured' | 'stages'>
  onChange: (baseline: string) => void
}) {
  const { baseline, matrix, onChange } = props
  const isKind = (MATRIX_BASELINES as readonly string[]).includes(baseline)
  const options = checkpointOptions(matrix)
  const change = (value: string) => onChange(value === 'chosen' ? (options[0]?.value ?? 'parent') : value)
  return (
    <>
      <Select
        hiddenFrom="sm"
        aria-label="Compared with"
        w={132}
        value={isKind ? baseline : 'chosen'}
        data={choices}
        onChange={(value) => value !== null && change(value)}
      />
      <SegmentedControl
        visibleFrom="sm"
        aria-label="Baseline"
        value={isKind ? baseline : 'chosen'}
        onChange={change}
        data={choices}
      />
      {isKind ? null : (
        <Select
          aria-label="Chosen baseline"
          w={190}
          searchable
          limit={60}
          value={baseline}
          data={options}
          onChange={(value) => value !== null && onChange(value)}
        />
      )}
    </>
  )
}
