'use client'
import { Button, TextInput } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { CURRENCIES } from '#src/core/cost/currencies.ts'
import { Select } from '#src/ui/kit/select.tsx'
import { readFailure, useTRPC } from '#src/ui/trpc-client.tsx'
import styles from './prices.module.css'

const EMPTY = { rate: '', on: '', source: '' }

/** Records a dated rate between two currencies; totals add them only through one. */
export function AddRateForm({ workspace, book }: { workspace: string; book: string }) {
  const trpc = useTRPC()
  const queryClient = useQueryClient()
  const [pair, setPair] = useState({ from: 'EUR', to: 'USD' })
  const [values, setValues] = useState(EMPTY)
  const add = useMutation(
    trpc.cost.addPrices.mutationOptions({
      onSuccess: async () => {
        setValues(EMPTY)
        await queryClient.invalidateQueries(trpc.cost.pathFilter())
      },
    }),
  )
  const failure = add.error ? readFailure(add.error) : null
  const at = (name: string) => (failure?.field === name ? failure.sentence : null)
  const isAtField = failure !== null && ['from', 'to', 'rate', 'on', 'source'].includes(failure.field ?? '')
  const field = (name: keyof typeof EMPTY) => ({
    value: values[name],
    autoComplete: 'off',
    error: at(name),
    onChange: (event: { currentTarget: { value: string } }) => {
      const { value } = event.currentTarget
      setValues((known) => ({ ...known, [name]: value }))
    },
  })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    add.mutate({ workspace, book, rates: [{ ...pair, ...values }] })
  }
  const choice = (name: 'from' | 'to', label: string) => (
    <Select
      label={label}
      searchable
      data={[...CURRENCIES]}
      value={pair[name]}
      error={at(name)}
      onChange={(value) => setPair((known) => ({ ...known, [name]: value ?? known[name] }))}
    />
  )
  return (
    <form className={styles.form} onSubmit={submit} noValidate aria-label="Add a rate">
      {choice('from', 'One')}
      {choice('to', 'In')}
      <TextInput label="Is worth" inputMode="decimal" placeholder="1.085" {...field('rate')} />
      <TextInput label="From the day" placeholder="2026-11-09" {...field('on')} />
      <TextInput label="Source of the rate" placeholder="European Central Bank" {...field('source')} />
      <div className={styles.button}>
        <Button type="submit" loading={add.isPending}>
          Add rate
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
