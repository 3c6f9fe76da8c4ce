'use client'
import { Checkbox, SegmentedControl } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import type { Gate } from '#src/core/forgetting/budget.ts'
import type { ForgettingCell, StageBudgetInput } from '#src/protocol/forgetting.ts'
import type { StagePage } from '#src/protocol/lineage.ts'
import { FormFoot } from '#src/ui/kit/form-foot.tsx'
import { NumberInput } from '#src/ui/kit/number-input.tsx'
import { refusedBy } from '#src/ui/kit/refusal.ts'
import { useTRPC } from '#src/ui/trpc-client.tsx'
import styles from './stage.module.css'
import type { StagePlace } from './stage-place.ts'
import { useStageSaved } from './use-stage-saved.ts'

export type BudgetProps = StagePlace & { page: StagePage; mayWrite: boolean }

/** A field that may be empty: empty is the default. */
type Field = number | ''

const fieldOf = (value: number | null): Field => value ?? ''
const toleranceOf = (field: Field): number | null => (field === '' ? null : field)
const typed = (value: string | number): Field => (value === '' ? '' : Number(value))

export function BudgetForm({ workspace, project, number, page, onClose }: BudgetProps & { onClose: () => void }) {
  const trpc = useTRPC()
  // As the form opened: what others set meanwhile stays, unless it is changed here, too.
  const [{ budget, parent }] = useState(page.forgetting)
  const kept = parent.cells.filter((cell) => cell.role !== 'target')
  const [points, setPoints] = useState<Field>(budget.points_default ? '' : budget.points)
  const [gate, setGate] = useState<Gate>(budget.gate)
  const [holds, setHolds] = useState(budget.holds)
  const [tolerances, setTolerances] = useState<Readonly<Record<string, Field>>>(
    Object.fromEntries(kept.map((cell) => [cell.benchmark.slug, fieldOf(cell.tolerance_set)])),
  )
  const save = useMutation(
    trpc.forgetting.setBudget.mutationOptions({ onSuccess: useStageSaved({ workspace, project }, onClose) }),
  )
  const submit = (event: FormEvent) => {
    event.preventDefault()
    const benchmarks: StageBudgetInput['benchmarks'] = kept.flatMap((cell) => {
      const tolerance = toleranceOf(tolerances[cell.benchmark.slug] ?? '')
      return tolerance === cell.tolerance_set ? [] : [{ benchmark: cell.benchmark.slug, tolerance }]
    })
    const mean = toleranceOf(points)
    save.mutate({
      ...{ workspace, project, experiment: number, benchmarks },
      ...(mean !== (budget.points_default ? null : budget.points) && { points: mean }),
      ...(gate !== budget.gate && { gate }),
      ...(holds !== budget.holds && { holds }),
    })
  }
  // Only what changed was sent: a refusal names a benchmark by its place in that list.
  const sent = (save.variables?.benchmarks ?? []).map(({ benchmark }) => benchmark)
  const toleranceField = (slug: string) => `benchmarks/${sent.indexOf(slug)}/tolerance`
  const refused = refusedBy(save.error, ['points', ...sent.map(toleranceField)])
  return (
    <form onSubmit={submit} noValidate>
      <NumberInput
        label="Mean of what should be kept may fall by"
        description="In points between chance and best; empty: 1"
        min={0}
        max={100}
        placeholder="1"
        value={points}
        error={refused.at('points')}
        onChange={(value) => setPoints(typed(value))}
        data-autofocus
      />
      <p className={styles.fieldName}>Gate for what starts here</p>
      <SegmentedControl
        aria-label="Gate for what starts here"
        value={gate}
        onChange={(value) => setGate(value as Gate)}
        data={[
          { value: 'off', label: 'Off' },
          { value: 'fail', label: 'When over budget' },
          { value: 'warn', label: 'Unless certainly within' },
        ]}
      />
      <Checkbox
        mt={12}
        label="Hold up what follows"
        description={
          gate === 'off'
            ? 'Without a gate nothing is held up.'
            : 'Training that starts here waits until this stage is measured and its gate is open; a pin behind it is refused.'
        }
        checked={holds}
        onChange={(event) => setHolds(event.currentTarget.checked)}
      />
      {kept.length > 0 ? (
        <table className={styles.tolerances}>
          <caption>Each benchmark may lose, in its own scale; empty: the default</caption>
          <tbody>
            {kept.map((cell) => (
              <tr key={cell.benchmark.slug}>
                <th scope="row">{cell.benchmark.name}</th>
                <td>
                  <NumberInput
                    aria-label={`${cell.benchmark.name} may lose`}
                    size="xs"
                    min={0}
                    decimalScale={6}
                    placeholder={defaultWords(cell)}
                    error={refused.at(toleranceField(cell.benchmark.slug))}
                    value={tolerances[cell.benchmark.slug] ?? ''}
                    onChange={(value) => setTolerances({ ...tolerances, [cell.benchmark.slug]: typed(value) })}
                  />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      ) : null}
      <FormFoot refused={refused.elsewhere} verb="Save budget" busy={save.isPending} onClose={onClose} />
    </form>
  )
}

/** What stands for an empty field. */
function defaultWords(cell: ForgettingCell): string {
  if (cell.unit === 'points') return '1 point'
  return cell.unit === null ? 'none' : '0.01'
}
