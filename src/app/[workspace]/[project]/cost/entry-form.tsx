'use client'
import { Button, Checkbox, TextInput } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { ENTRY_KINDS, type EntryKind } from '#src/core/cost/cost-entries.ts'
import { CURRENCIES } from '#src/core/cost/currencies.ts'
import type { CostEntryView } from '#src/protocol/cost-entries.ts'
import type { ExperimentRef } from '#src/protocol/experiments.ts'
import { Select } from '#src/ui/kit/select.tsx'
import { readFailure, useTRPC } from '#src/ui/trpc-client.tsx'
import styles from './cost.module.css'

export const ENTRY_WORDS: Readonly<Record<EntryKind, string>> = {
  api_tokens: 'calls of other models',
  labels: 'labels',
  storage: 'storage',
  egress: 'network traffic',
  people: 'time of people',
  other: 'other',
}

/** What one is, where somebody counts. */
const UNITS: Readonly<Record<EntryKind, string>> = {
  api_tokens: 'million tokens',
  labels: 'labels',
  storage: 'GB-months',
  egress: 'GB',
  people: 'hours',
  other: '',
}

const FIELDS = ['quantity', 'unit', 'per_unit', 'amount', 'on', 'note'] as const
type Field = (typeof FIELDS)[number]

/** Adds a cost to a stage, or one that stands in place of another. Refusals stand at the field that they are about. */
export function EntryForm(props: {
  workspace: string
  project: string
  stages: readonly ExperimentRef[]
  /** The entry that is corrected; null: a new one. */
  corrected: CostEntryView | null
  onDone: () => void
}) {
  const { workspace, project, stages, corrected } = props
  const trpc = useTRPC()
  const queryClient = useQueryClient()
  const [experiment, setExperiment] = useState(corrected?.experiment.number ?? stages[0]?.number ?? 0)
  const [kind, setKind] = useState<EntryKind>(corrected?.kind ?? 'api_tokens')
  const [currency, setCurrency] = useState(corrected?.currency ?? 'USD')
  const [assumed, setAssumed] = useState(corrected?.assumed ?? false)
  const [values, setValues] = useState(() => startOf(corrected))
  const add = useMutation(
    trpc.cost.addEntry.mutationOptions({
      onSuccess: async () => {
        setValues(startOf(null))
        await queryClient.invalidateQueries(trpc.cost.pathFilter())
        props.onDone()
      },
    }),
  )
  const failure = add.error ? readFailure(add.error) : null
  const named: readonly string[] = [...FIELDS, 'currency', 'kind']
  const isAtField = failure?.field != null && named.includes(failure.field)
  const field = (name: Field) => ({
    value: values[name],
    autoComplete: 'off',
    error: failure?.field === name ? failure.sentence : null,
    onChange: (event: { currentTarget: { value: string } }) => {
      const { value } = event.currentTarget
      setValues((known) => ({ ...known, [name]: value }))
    },
  })
  const told = (name: Field) => values[name].trim() || null
  const submit = (event: FormEvent) => {
    event.preventDefault()
    const quantity = told('quantity')
    add.mutate({
      workspace,
      project,
      experiment,
      kind,
      currency,
      assumed,
      quantity,
      unit: quantity === null ? null : (told('unit') ?? (UNITS[kind] || null)),
      per_unit: told('per_unit'),
      amount: told('amount'),
      on: values.on.trim(),
      note: values.note.trim(),
      ...(corrected ? { supersedes: corrected.id, ...(corrected.run === null ? {} : { run: corrected.run }) } : {}),
    })
  }
  return (
    <form className={styles.form} onSubmit={submit} noValidate aria-label={corrected ? 'Correct a cost' : 'Add a cost'}>
      <Select
        label="Stage"
        searchable={stages.length > 12}
        disabled={corrected !== null}
        description={corrected ? 'A correction stays with its stage.' : undefined}
        allowDeselect={false}
        value={String(experiment)}
        data={stages.map(({ number, name }) => ({ value: String(number), label: name }))}
        onChange={(value) => setExperiment(Number(value))}
      />
      <Select
        label="Kind"
        allowDeselect={false}
        value={kind}
        data={ENTRY_KINDS.map((value) => ({ value, label: ENTRY_WORDS[value] }))}
        onChange={(value) => setKind(ENTRY_KINDS.find((one) => one === value) ?? 'other')}
      />
      <TextInput label="Quantity" inputMode="decimal" placeholder="12.5" {...field('quantity')} />
      <TextInput label="Of what" placeholder={UNITS[kind] || 'unit'} {...field('unit')} />
      <TextInput label="Price of one" inputMode="decimal" placeholder="0.60" {...field('per_unit')} />
      <TextInput label="or the amount" inputMode="decimal" placeholder="7.50" {...field('amount')} />
      <Select
        label="Currency"
        searchable
        allowDeselect={false}
        data={[...CURRENCIES]}
        value={currency}
        error={failure?.field === 'currency' ? failure.sentence : null}
        onChange={(value) => setCurrency(value ?? 'USD')}
      />
      <TextInput label="Day" type="date" {...field('on')} />
      <TextInput className={styles.wide} label="Note" placeholder="invoice, supplier, what for" {...field('note')} />
      <div className={styles.formEnd}>
        <Checkbox
          size="xs"
          label="Assumed: nobody was billed"
          checked={assumed}
          onChange={(event) => setAssumed(event.currentTarget.checked)}
        />
        <span className={styles.actions}>
          {corrected ? <Button onClick={props.onDone}>Leave it</Button> : null}
          <Button variant="filled" type="submit" loading={add.isPending}>
            {corrected ? 'Correct it' : 'Add cost'}
          </Button>
        </span>
      </div>
      {failure && !isAtField ? (
        <p className={styles.failure} role="alert">
          {failure.sentence}
        </p>
      ) : null}
    </form>
  )
}

const startOf = (entry: CostEntryView | null): Record<Field, string> => ({
  quantity: entry?.quantity ?? '',
  unit: entry?.unit ?? '',
  per_unit: entry?.per_unit ?? '',
  // Of quantity × price the amount follows; told again it could only disagree.
  amount: entry && entry.quantity !== null && entry.per_unit !== null ? '' : (entry?.amount ?? ''),
  on: entry?.on ?? new Date().toISOString().slice(0, 10),
  note: entry?.note ?? '',
})
