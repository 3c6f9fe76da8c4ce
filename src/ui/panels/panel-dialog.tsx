'use client'
import { Button, Checkbox, Group, Textarea, TextInput } from '@mantine/core'
import {
  ChartBarBig,
  ChartColumn,
  ChartScatter,
  Hash,
  type LucideIcon,
  Table2,
  Text as TextIcon,
  Waypoints,
} from 'lucide-react'
import { type KeyboardEvent, useState } from 'react'
import type { Panel, PanelFrame } from '#src/core/layouts/layout.ts'
import {
  AGGREGATES,
  type Aggregate,
  BAR_SPREADS,
  type BarSpread,
  HISTOGRAM_BINS_MAX,
  PANEL_FIELDS_MAX,
  PANEL_TEXT_MAX,
  type PanelContent,
} from '#src/core/panels/panel-content.ts'
import { Modal } from '#src/ui/kit/modal.tsx'
import { NumberInput } from '#src/ui/kit/number-input.tsx'
import { Select } from '#src/ui/kit/select.tsx'
import { SPREAD_WORDS } from './bars-body.tsx'
import { AGGREGATE_WORDS } from './field-format.ts'
import { FieldSelect, FieldsSelect } from './field-select.tsx'
import { type ContentKind, contentOf, type DraftProblem, draftOf, type PanelDraft } from './panel-draft.ts'
import { panelTitle } from './panel-words.ts'
import styles from './panels.module.css'
import type { PanelPlace } from './use-panel-values.ts'

const KINDS: readonly { kind: ContentKind; name: string; what: string; Icon: LucideIcon }[] = [
  { kind: 'scatter', name: 'Scatter', what: 'two fields against each other', Icon: ChartScatter },
  { kind: 'bar', name: 'Bars', what: 'one number of runs or groups', Icon: ChartBarBig },
  { kind: 'histogram', name: 'Distribution', what: 'how often which value', Icon: ChartColumn },
  { kind: 'parallel', name: 'Parallel coordinates', what: 'many fields, and what matters', Icon: Waypoints },
  { kind: 'number', name: 'Number', what: 'one figure for all runs', Icon: Hash },
  { kind: 'table', name: 'Table', what: 'fields of the runs', Icon: Table2 },
  { kind: 'text', name: 'Text', what: 'notes in Markdown', Icon: TextIcon },
]

/** Makes a panel that is no line chart, or changes one. */
export function PanelDialog(props: {
  place: PanelPlace
  /** As it is; null: a new one. A line chart has a form of its own. */
  panel: Panel | null
  /** The id of a new one. */
  id: string
  onPanel: (panel: PanelFrame & PanelContent) => void
  onClose: () => void
}) {
  const { place, panel } = props
  const [draft, setDraft] = useState(() => draftOf(panel === null || panel.kind === 'line' ? null : panel))
  const [isTold, setTold] = useState(false)
  const content = contentOf(draft)
  const problem = 'at' in content ? content : null
  const change = (part: Partial<PanelDraft>) => setDraft((before) => ({ ...before, ...part }))
  return (
    <Modal opened onClose={props.onClose} title={panel ? 'Edit the panel' : 'Add a panel'} size="lg">
      <form
        className={styles.form}
        onSubmit={(event) => {
          event.preventDefault()
          setTold(true)
          if ('at' in content) return
          const { width, height } = panel ?? {}
          props.onPanel({
            id: panel?.id ?? props.id,
            ...(width !== undefined && { width }),
            ...(height !== undefined && { height }),
            ...(draft.title.trim() !== '' && { title: draft.title.trim() }),
            ...content,
          })
          props.onClose()
        }}
      >
        {panel ? null : <Kinds kind={draft.kind} onKind={(kind) => change({ kind })} />}
        <Fields place={place} draft={draft} change={change} problem={isTold ? problem : null} />
        <TextInput
          label="Title"
          placeholder={'at' in content ? 'named by what it shows' : panelTitle(content)}
          maxLength={120}
          value={draft.title}
          onChange={(event) => change({ title: event.currentTarget.value })}
        />
        <Group justify="flex-end" gap={8}>
          <Button onClick={props.onClose}>Cancel</Button>
          <Button type="submit" variant="filled">
            {panel ? 'Save the panel' : 'Add the panel'}
          </Button>
        </Group>
      </form>
    </Modal>
  )
}

/** Kinds as one choice: arrows go from kind to kind. */
function Kinds({ kind, onKind }: { kind: ContentKind; onKind: (kind: ContentKind) => void }) {
  const step = (event: KeyboardEvent<HTMLDivElement>) => {
    const by = event.key === 'ArrowRight' || event.key === 'ArrowDown' ? 1 : event.key.startsWith('Arrow') ? -1 : 0
    if (by === 0) return
    event.preventDefault()
    const at = KINDS.findIndex((one) => one.kind === kind)
    const next = KINDS[(at + by + KINDS.length) % KINDS.length]
    if (!next) return
    onKind(next.kind)
    event.currentTarget.querySelector<HTMLButtonElement>(`[data-kind="${next.kind}"]`)?.focus()
  }
  return (
    <div className={styles.kinds} role="radiogroup" aria-label="What it is" onKeyDown={step}>
      {KINDS.map(({ kind: one, name, what, Icon }) => (
        // biome-ignore lint/a11y/useSemanticElements: a choice with an icon and two lines
        <button
          key={one}
          type="button"
          role="radio"
          aria-checked={one === kind}
          data-kind={one}
          tabIndex={one === kind ? 0 : -1}
          data-autofocus={one === kind || undefined}
          className={styles.kind}
          onClick={() => onKind(one)}
        >
          <Icon size={18} strokeWidth={1.75} aria-hidden />
          {name}
          <small>{what}</small>
        </button>
      ))}
    </div>
  )
}

interface FieldsProps {
  place: PanelPlace
  draft: PanelDraft
  change: (part: Partial<PanelDraft>) => void
  problem: DraftProblem | null
}

function Fields(props: FieldsProps) {
  const { place, draft, change, problem } = props
  const errorAt = (at: DraftProblem['at']) => (problem?.at === at ? { error: problem.says } : {})
  switch (draft.kind) {
    case 'scatter':
      return <ScatterFields {...props} errorAt={errorAt} />
    case 'bar':
      return <BarFields {...props} errorAt={errorAt} />
    case 'histogram':
      return (
        <>
          <FieldSelect
            place={place}
            label="Counted"
            value={draft.field}
            onChange={(field) => change({ field })}
            {...errorAt('field')}
          />
          <div className={styles.pair}>
            <NumberInput
              label="Bins"
              placeholder="as many as the numbers ask for"
              min={1}
              max={HISTOGRAM_BINS_MAX}
              allowDecimal={false}
              value={draft.bins ?? ''}
              onChange={(value) => change({ bins: typeof value === 'number' ? value : null })}
            />
            <Checkbox
              mt={28}
              label="Log scale"
              checked={draft.logX}
              onChange={(event) => change({ logX: event.currentTarget.checked })}
            />
          </div>
        </>
      )
    case 'parallel':
      return (
        <>
          <FieldsSelect
            place={place}
            label="Axes, from left to right"
            value={draft.fields}
            onChange={(fields) => change({ fields })}
            most={PANEL_FIELDS_MAX - 1}
            {...errorAt('fields')}
          />
          <FieldSelect
            place={place}
            label="Told for"
            placeholder="no field: no colours by value, no association"
            clearable
            value={draft.target}
            onChange={(target) => change({ target })}
          />
        </>
      )
    case 'table':
      return (
        <FieldsSelect
          place={place}
          label="Columns"
          value={draft.fields}
          onChange={(fields) => change({ fields })}
          most={PANEL_FIELDS_MAX}
          {...errorAt('fields')}
        />
      )
    case 'text':
      return (
        <Textarea
          label="Text"
          description="Markdown: # headings, **bold**, lists, `code`, [links](https://…)"
          autosize
          minRows={6}
          maxRows={16}
          maxLength={PANEL_TEXT_MAX}
          value={draft.markdown}
          onChange={(event) => change({ markdown: event.currentTarget.value })}
          {...errorAt('markdown')}
        />
      )
    case 'number':
      return (
        <div className={styles.pair}>
          <FieldSelect
            place={place}
            label="Number"
            value={draft.field}
            onChange={(field) => change({ field })}
            {...errorAt('field')}
          />
          <AggregateSelect draft={draft} change={change} />
        </div>
      )
  }
}

type KindFields = FieldsProps & { errorAt: (at: DraftProblem['at']) => { error?: string } }

function ScatterFields({ place, draft, change, errorAt }: KindFields) {
  return (
    <>
      <div className={styles.pair}>
        <div>
          <FieldSelect place={place} label="Across" value={draft.x} onChange={(x) => change({ x })} {...errorAt('x')} />
          <Checkbox
            mt={8}
            label="Log scale across"
            checked={draft.logX}
            onChange={(event) => change({ logX: event.currentTarget.checked })}
          />
        </div>
        <div>
          <FieldSelect
            place={place}
            label="Upwards"
            value={draft.y}
            onChange={(y) => change({ y })}
            {...errorAt('y')}
          />
          <Checkbox
            mt={8}
            label="Log scale upwards"
            checked={draft.logY}
            onChange={(event) => change({ logY: event.currentTarget.checked })}
          />
        </div>
      </div>
      <FieldSelect
        place={place}
        label="Coloured by"
        placeholder="each run has its own colour"
        clearable
        value={draft.colour}
        onChange={(colour) => change({ colour })}
      />
    </>
  )
}

function BarFields({ place, draft, change, errorAt }: KindFields) {
  return (
    <>
      <FieldSelect
        place={place}
        label="Length of the bars"
        value={draft.field}
        onChange={(field) => change({ field })}
        {...errorAt('field')}
      />
      <FieldSelect
        place={place}
        label="A bar for each"
        placeholder="run, or group where the table is grouped"
        clearable
        value={draft.by}
        onChange={(by) => change({ by })}
      />
      <div className={styles.pair}>
        <AggregateSelect draft={draft} change={change} />
        <Select
          label="Around the bar of a group"
          allowDeselect={false}
          data={BAR_SPREADS.map((value) => ({ value, label: SPREAD_WORDS[value] }))}
          value={draft.spread}
          onChange={(value) => value !== null && change({ spread: value as BarSpread })}
        />
      </div>
      <Checkbox
        label="Greatest first"
        checked={draft.byValue}
        onChange={(event) => change({ byValue: event.currentTarget.checked })}
      />
    </>
  )
}

function AggregateSelect({ draft, change }: Pick<FieldsProps, 'draft' | 'change'>) {
  return (
    <Select
      label="Of several runs"
      allowDeselect={false}
      data={AGGREGATES.map((value) => ({ value, label: AGGREGATE_WORDS[value] }))}
      value={draft.aggregate}
      onChange={(value) => value !== null && change({ aggregate: value as Aggregate })}
    />
  )
}
