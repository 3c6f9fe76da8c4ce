'use client'
import { ActionIcon, Button, SegmentedControl } from '@mantine/core'
import { Maximize2, Square, SquareCheck, ZoomIn, ZoomOut } from 'lucide-react'
import { useQueryStates } from 'nuqs'
import type { ReactNode } from 'react'
import { PATH_AXES } from '#src/core/lineage/path-axes.ts'
import type { Capability } from '#src/protocol/capability.ts'
import { PathSelect } from '#src/ui/graph/path-select.tsx'
import { Menu } from '#src/ui/kit/menu.tsx'
import { Select } from '#src/ui/kit/select.tsx'
import styles from './capability.module.css'
import { ADDRESS } from './capability-address.ts'
import { axisWords, isDrawable, wholeOf, zoomed } from './capability-axes.ts'
import { UNIT_WORDS } from './capability-words.ts'
import { AGAINST, LOSS_UNITS, unitsOf } from './prepare-capability.ts'

/** 0: not smoothed; the others are weights of the past per pixel. */
const SMOOTHINGS = [0, 0.8, 0.9, 0.95, 0.98, 0.99]

const capital = (words: string) => words.charAt(0).toUpperCase() + words.slice(1)

/** What is drawn, over what, and which part of it. */
export function CapabilityControls(props: { data: Capability; columns: readonly number[]; end: ReactNode }) {
  const { data, columns } = props
  const [view, set] = useQueryStates(ADDRESS)
  const units = unitsOf(data)
  return (
    <div className={styles.controls}>
      {/* Parts of an axis belong to one path and one axis. */}
      <PathSelect value={data.leaf} ends={data.ends} onChange={(path) => void set({ path, part: null })} />
      <SegmentedControl
        aria-label="Show"
        value={view.against}
        onChange={(value) => void set({ against: AGAINST.find((one) => one === value) ?? 'score' })}
        data={[
          { value: 'score', label: 'Score' },
          { value: 'parent', label: 'Against parent' },
          { value: 'root', label: 'Against root' },
        ]}
      />
      <Select
        aria-label="X axis"
        w={164}
        value={view.x}
        data={PATH_AXES.map((axis) => ({ value: axis, label: `Over ${axisWords(axis, data.device_kind)}` }))}
        onChange={(value) => void set({ x: PATH_AXES.find((one) => one === value) ?? 'tokens', part: null })}
      />
      <PartControl data={data} />
      <BenchmarkMenu data={data} columns={columns} onChange={(show) => void set({ show })} />
      {units.length > 1 ? (
        <Select
          aria-label="Unit of losses over a corpus"
          w={136}
          value={view.unit}
          data={units.map((unit) => ({ value: unit, label: capital(UNIT_WORDS[unit]) }))}
          onChange={(value) => void set({ unit: LOSS_UNITS.find((one) => one === value) ?? 'reported' })}
        />
      ) : null}
      <Select
        aria-label="Smoothing of the loss"
        w={126}
        value={String(view.smooth)}
        data={[...new Set([...SMOOTHINGS, view.smooth])].map((amount) => ({
          value: String(amount),
          label: amount === 0 ? 'Not smoothed' : `Smoothed ${amount}`,
        }))}
        onChange={(value) => void set({ smooth: Number(value ?? 0.9) })}
      />
      <span className={styles.end}>{props.end}</span>
    </div>
  )
}

/** Zoom without dragging: to a stage, in and out around the middle, and back to the whole path. */
function PartControl({ data }: { data: Capability }) {
  const [view, set] = useQueryStates(ADDRESS)
  const whole = wholeOf(data.stages, view.x)
  if (!whole || !isDrawable(data.stages, view.x)) return null
  const part = view.part ?? whole
  const parts = data.stages.flatMap(({ experiment, axes }) => {
    const { span } = axes[view.x]
    return span && span.to > span.from ? [{ value: String(experiment.number), label: experiment.name, span }] : []
  })
  const chosen = parts.find(({ span }) => span.from === view.part?.from && span.to === view.part.to)
  const isChosenFreely = view.part !== null && !chosen
  return (
    <span className={styles.part}>
      <Select
        aria-label="Part of the path"
        w={116}
        value={view.part === null ? 'whole' : (chosen?.value ?? 'own')}
        data={[
          { value: 'whole', label: 'Whole path' },
          ...parts.map(({ value, label }) => ({ value, label })),
          ...(isChosenFreely ? [{ value: 'own', label: 'Chosen part' }] : []),
        ]}
        onChange={(value) => void set({ part: parts.find((one) => one.value === value)?.span ?? null })}
      />
      <ActionIcon
        variant="default"
        size={30}
        aria-label="Zoom in"
        onClick={() => void set({ part: zoomed(part, whole, 0.5) })}
      >
        <ZoomIn size={16} strokeWidth={1.75} aria-hidden />
      </ActionIcon>
      {view.part === null ? null : (
        <>
          <ActionIcon
            variant="default"
            size={30}
            aria-label="Zoom out"
            onClick={() => void set({ part: zoomed(part, whole, 2) })}
          >
            <ZoomOut size={16} strokeWidth={1.75} aria-hidden />
          </ActionIcon>
          <ActionIcon
            variant="default"
            size={30}
            aria-label="Show the whole path"
            onClick={() => void set({ part: null })}
          >
            <Maximize2 size={16} strokeWidth={1.75} aria-hidden />
          </ActionIcon>
        </>
      )}
    </span>
  )
}

function BenchmarkMenu(props: { data: Capability; columns: readonly number[]; onChange: (show: string[]) => void }) {
  const { data, columns, onChange } = props
  if (data.benchmarks.length === 0) return null
  const slugs = columns.flatMap((c) => data.benchmarks[c]?.slug ?? [])
  return (
    <Menu position="bottom-end" width={250} closeOnItemClick={false}>
      <Menu.Target>
        <Button>
          <span className="ink-3">Benchmarks&nbsp;</span> {columns.length} of {data.benchmarks.length}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {data.benchmarks.map((benchmark) => {
          const isShown = slugs.includes(benchmark.slug)
          const Mark = isShown ? SquareCheck : Square
          return (
            <Menu.CheckboxItem
              key={benchmark.slug}
              checked={isShown}
              onChange={() =>
                onChange(isShown ? slugs.filter((slug) => slug !== benchmark.slug) : [...slugs, benchmark.slug])
              }
              rightSection={<Mark size={16} strokeWidth={1.75} aria-hidden />}
              styles={{ itemIndicator: { display: 'none' } }}
            >
              {benchmark.name}
            </Menu.CheckboxItem>
          )
        })}
      </Menu.Dropdown>
    </Menu>
  )
}
