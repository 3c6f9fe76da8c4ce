'use client'
import { Button, Checkbox, TextInput } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { CURRENCIES } from '#src/core/cost/currencies.ts'
import { CPU_CORE, DEVICE_SPECS } from '#src/core/cost/device-specs.ts'
import { Autocomplete } from '#src/ui/kit/autocomplete.tsx'
import { Select } from '#src/ui/kit/select.tsx'
import { readFailure, useTRPC } from '#src/ui/trpc-client.tsx'
import styles from './prices.module.css'

const DEVICES = [...DEVICE_SPECS.map(({ device }) => device), CPU_CORE]

const EMPTY = {
  device: '',
  provider: '',
  region: '',
  commitment: '',
  low: '',
  typical: '',
  high: '',
  paid: '',
  source: '',
  priced_on: '',
  valid_from: '',
  valid_to: '',
}
type Field = keyof typeof EMPTY

/** Records a price of the workspace; what it replaces stays in the book. Refusals stand at the field that they are about. */
export function AddPriceForm({ workspace, book }: { workspace: string; book: string }) {
  const trpc = useTRPC()
  const queryClient = useQueryClient()
  const [values, setValues] = useState(EMPTY)
  const [currency, setCurrency] = useState('USD')
  const [assumed, setAssumed] = useState(false)
  const add = useMutation(
    trpc.cost.addPrices.mutationOptions({
      onSuccess: async () => {
        setValues(EMPTY)
        setAssumed(false)
        await queryClient.invalidateQueries(trpc.cost.pathFilter())
      },
    }),
  )
  const failure = add.error ? readFailure(add.error) : null
  const isAtField = failure !== null && failure.field !== null && failure.field in { ...EMPTY, currency }
  const field = (name: Field) => ({
    value: values[name],
    autoComplete: 'off',
    error: failure?.field === name ? failure.sentence : null,
    onChange: (event: { currentTarget: { value: string } }) => {
      const { value } = event.currentTarget
      setValues((known) => ({ ...known, [name]: value }))
    },
  })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    const told = Object.fromEntries(Object.entries(values).map(([name, value]) => [name, value.trim() || null]))
    add.mutate({
      workspace,
      book,
      prices: [{ ...told, device: values.device, source: values.source, currency, assumed }],
    })
  }
  return (
    <form className={styles.form} onSubmit={submit} noValidate aria-label="Add a price">
      <Autocomplete
        label="Device"
        size="xs"
        placeholder="H100 SXM"
        data={DEVICES}
        value={values.device}
        error={failure?.field === 'device' ? failure.sentence : null}
        onChange={(device) => setValues((known) => ({ ...known, device }))}
      />
      <Select
        label="Currency"
        searchable
        data={[...CURRENCIES]}
        value={currency}
        error={failure?.field === 'currency' ? failure.sentence : null}
        onChange={(value) => setCurrency(value ?? 'USD')}
      />
      <TextInput label="Typical, per device-hour" inputMode="decimal" placeholder="2.95" {...field('typical')} />
      <TextInput label="Low" inputMode="decimal" {...field('low')} />
      <TextInput label="High" inputMode="decimal" {...field('high')} />
      <TextInput label="Really paid" inputMode="decimal" {...field('paid')} />
      <TextInput label="Provider" placeholder="any" {...field('provider')} />
      <TextInput label="Region" placeholder="any" {...field('region')} />
      <TextInput label="Commitment" placeholder="any" {...field('commitment')} />
      <TextInput label="Price date" placeholder="2026-11-09" {...field('priced_on')} />
      <TextInput label="Holds from" placeholder="ever" {...field('valid_from')} />
      <TextInput label="Up to, excluded" placeholder="open" {...field('valid_to')} />
      <TextInput
        className={styles.wide}
        label="Source"
        placeholder="invoice of October, price list at …"
        {...field('source')}
      />
      <div className={styles.end}>
        <Checkbox
          size="xs"
          label="Assumed: no price list says it"
          checked={assumed}
          onChange={(event) => setAssumed(event.currentTarget.checked)}
        />
        <Button variant="filled" type="submit" loading={add.isPending}>
          Add price
        </Button>
      </div>
      {failure && !isAtField ? (
        <p className={styles.failure} role="alert">
          {failure.sentence}
        </p>
      ) : null}
    </form>
  )
}
