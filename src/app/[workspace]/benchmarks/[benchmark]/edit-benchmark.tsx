'use client'
import { Textarea, TextInput } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { BENCHMARK_KINDS, type BenchmarkKind } from '#src/core/evaluations/benchmarks.ts'
import { FACETS } from '#src/core/evaluations/facets.ts'
import { PARTS } from '#src/core/evaluations/paired-parts.ts'
import type { BenchmarkChange, BenchmarkSummary } from '#src/protocol/benchmarks.ts'
import styles from '#src/ui/benchmarks/benchmarks.module.css'
import { FACET_WORDS, PART_WORDS } from '#src/ui/benchmarks/fact-words.ts'
import { FormFoot } from '#src/ui/kit/form-foot.tsx'
import { Modal } from '#src/ui/kit/modal.tsx'
import { refusedBy } from '#src/ui/kit/refusal.ts'
import { Select } from '#src/ui/kit/select.tsx'
import { useTRPC } from '#src/ui/trpc-client.tsx'
import { changedSince, changeOf, type Form, formOf } from './benchmark-form.ts'

/** Edits the words of a benchmark. Refusals stand at the field that they are about. */
export function EditBenchmark(props: {
  workspace: string
  benchmark: BenchmarkSummary
  measured: boolean
  opened: boolean
  onClose: () => void
}) {
  return (
    <Modal opened={props.opened} onClose={props.onClose} title={`Edit ${props.benchmark.name}`} size="lg">
      <Fields {...props} />
    </Modal>
  )
}

const FROZEN = 'Stays: evaluations count by it.'
const FIELDS = [
  'name',
  'category',
  'description',
  'kind',
  'higher_is_better',
  'unit',
  'chance',
  'best',
  'margin',
  'use',
  'twin',
  'gain',
  'valid_until',
  'domain',
  'facet',
  'part',
  'pair',
]

function Fields(props: Parameters<typeof EditBenchmark>[0]) {
  const { workspace, benchmark, measured } = props
  const trpc = useTRPC()
  const queryClient = useQueryClient()
  const [was] = useState<Form>(() => formOf(benchmark))
  const [form, setForm] = useState<Form>(was)
  const [wrong, setWrong] = useState<{ field: string; message: string } | null>(null)
  const edit = useMutation(
    trpc.benchmarks.edit.mutationOptions({
      onSuccess: async (page) => {
        queryClient.setQueryData(trpc.benchmarks.get.queryKey({ workspace, benchmark: benchmark.slug }), page)
        await queryClient.invalidateQueries(trpc.benchmarks.list.queryFilter({ workspace }))
        props.onClose()
      },
    }),
  )
  const refused = refusedBy(edit.error, FIELDS)
  const at = (field: string): string | null => (wrong?.field === field ? wrong.message : refused.at(field))
  const set = (field: keyof Form) => (value: string | null) => {
    setWrong(null)
    setForm({ ...form, [field]: value ?? '' })
  }
  const text = (field: keyof Form) => ({
    value: form[field],
    error: at(field),
    onChange: (event: { currentTarget: { value: string } }) => set(field)(event.currentTarget.value),
  })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    const answer = changeOf(form)
    if ('field' in answer) setWrong(answer)
    else {
      const change = changedSince(was, form, answer.change)
      edit.mutate({ workspace, benchmark: benchmark.slug, ...withoutFrozen(change, measured, benchmark) })
    }
  }
  return (
    <form onSubmit={submit} noValidate>
      <div className={styles.form}>
        <TextInput label="Name" description="what pages call it" data-autofocus {...text('name')} />
        <TextInput label="Category" description="the group of abilities that it measures" {...text('category')} />
        <div data-wide>
          <Textarea label="What it is" autosize minRows={2} maxRows={8} {...text('description')} />
        </div>
        <Select
          label="Kind of number"
          description={measured ? FROZEN : 'shares are compared in points, losses in nats or bits per byte'}
          readOnly={measured}
          data={BENCHMARK_KINDS.map((kind) => ({ value: kind, label: KIND_LABELS[kind] }))}
          value={form.kind}
          error={at('kind')}
          onChange={set('kind')}
        />
        <Select
          label="Direction"
          description={measured ? FROZEN : 'which way is better'}
          readOnly={measured}
          data={[
            { value: 'higher', label: 'higher is better' },
            { value: 'lower', label: 'lower is better' },
          ]}
          value={form.direction}
          error={at('higher_is_better')}
          onChange={set('direction')}
        />
        <TextInput label="Chance" description="what guessing gives" inputMode="decimal" {...text('chance')} />
        <TextInput label="Best" description="what cannot be surpassed" inputMode="decimal" {...text('best')} />
        <TextInput
          label="Margin"
          description="the smallest change that matters; empty: the default"
          inputMode="decimal"
          {...text('margin')}
        />
        <TextInput
          label="Unit"
          description={measured && benchmark.unit !== null ? FROZEN : 'such as bpb, points'}
          readOnly={measured && benchmark.unit !== null}
          {...text('unit')}
        />
        <Select
          label="Use"
          description="whether people steer by it"
          data={[
            { value: '', label: 'not told' },
            { value: 'development', label: 'development' },
            { value: 'unseen', label: 'unseen' },
          ]}
          value={form.use}
          error={at('use')}
          onChange={set('use')}
        />
        <TextInput label="Over-refusal twin" description="slug of the benchmark that shows it" {...text('twin')} />
        <Select
          label="A gain shows"
          description="surface: how answers look; knowledge: what they hold"
          data={[
            { value: '', label: 'what its category says' },
            { value: 'surface', label: 'surface' },
            { value: 'knowledge', label: 'knowledge' },
          ]}
          value={form.gain}
          error={at('gain')}
          onChange={set('gain')}
        />
        <TextInput label="Answers hold until" description="a day such as 2026-12-31" {...text('valid_until')} />
        <TextInput label="Domain" description="such as medicine; empty: none" {...text('domain')} />
        <Select
          label="Facet"
          description="of its domain"
          data={[
            { value: '', label: 'all four, by the label “facet”' },
            ...FACETS.map((facet) => ({ value: facet, label: FACET_WORDS[facet].toLowerCase() })),
          ]}
          value={form.facet}
          error={at('facet')}
          onChange={set('facet')}
        />
        <Select
          label="Side of a task"
          description="shown beside the other, never averaged"
          data={[
            { value: '', label: 'not one of two' },
            ...PARTS.map((part) => ({ value: part, label: PART_WORDS[part] })),
          ]}
          value={form.part}
          error={at('part')}
          onChange={set('part')}
        />
        <TextInput
          label="Other side"
          description="slug of the other benchmark; two metrics of one slug are no pair"
          {...text('pair')}
        />
      </div>
      <FormFoot refused={refused.elsewhere} verb="Save" leave="Cancel" busy={edit.isPending} onClose={props.onClose} />
    </form>
  )
}

const KIND_LABELS: Readonly<Record<BenchmarkKind, string>> = {
  accuracy: 'accuracy, a share of right answers',
  rate: 'rate',
  loss: 'loss',
  elo: 'rating',
  other: 'other',
}

/** What stays is not sent, so that an edit of a name never meets the rule about it. */
function withoutFrozen(change: BenchmarkChange, measured: boolean, { unit }: BenchmarkSummary): BenchmarkChange {
  if (!measured) return change
  const { kind: _, higher_is_better: __, unit: wanted, ...rest } = change
  return unit === null && wanted !== undefined ? { ...rest, unit: wanted } : rest
}
