'use client'
import { Button, Skeleton } from '@mantine/core'
import { useDebouncedValue, useElementSize } from '@mantine/hooks'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useQueryState } from 'nuqs'
import { useMemo, useRef, useState } from 'react'
import { formatDuration } from '#src/core/format/duration.ts'
import type { HardwareUse } from '#src/protocol/hardware-use.ts'
import { PictureMenu } from '#src/ui/charts/picture-menu.tsx'
import { Answer } from '#src/ui/kit/answer.tsx'
import { useHasBeenNear } from '#src/ui/kit/near-viewport.ts'
import { NumberInput } from '#src/ui/kit/number-input.tsx'
import { Section } from '#src/ui/kit/section.tsx'
import { Select } from '#src/ui/kit/select.tsx'
import { PublishedTableView } from '#src/ui/table/published-table.tsx'
import { useTRPC } from '#src/ui/trpc-client.tsx'
import styles from './hardware.module.css'
import { parseAsPart } from './part-word.ts'
import { drawingHeight, UseDrawing, type UsePart } from './use-drawing.tsx'
import { devicesOf, lanesOf } from './use-lanes.ts'
import { partFacts, tableOfUse } from './use-words.ts'

/** How often a run that goes on is read again, ms. */
const EVERY_MS = 15_000
/** A drag asks once it rests for so long, ms. */
const REST_MS = 200
const LANES_USUAL = 2

/**
 * How well a run used the hardware that it held: utilisation, power, speed and MFU over time, idle and repeated work shaded, and the
 * hours, energy and money of any part of it. The part is in the address (`use`, seconds).
 */
export function HardwareUsePart(props: { workspace: string; project: string; run: number; live: boolean }) {
  const { workspace, project, run, live } = props
  const trpc = useTRPC()
  const [part, setPart] = useQueryState('use', parseAsPart)
  const [heldFrom, setHeldFrom] = useState<number | null>(null)
  const [rested] = useDebouncedValue(part, REST_MS)
  // It lies far down the page, and the cost of the whole stage is reckoned for it.
  const box = useRef<HTMLDivElement>(null)
  const enabled = useHasBeenNear(box)
  const asked = heldFrom === null || rested === null ? {} : fromTo(heldFrom, rested)
  const query = useQuery(
    trpc.cost.hardwareUse.queryOptions(
      { workspace, project, run, ...asked },
      { enabled, placeholderData: keepPreviousData, refetchInterval: live ? EVERY_MS : false },
    ),
  )
  const start = query.data?.held?.from
  if (start !== undefined && heldFrom !== Date.parse(start)) setHeldFrom(Date.parse(start))
  const drawing = useRef<HTMLDivElement>(null)
  const [device, setDevice] = useState<string | null>(null)
  const lanes = useMemo(() => (query.data ? lanesOf(query.data, device) : []), [query.data, device])
  const title = `Hardware use of run ${run}`
  const devices = query.data ? devicesOf(query.data) : []
  return (
    <Section
      title="Hardware use"
      note={query.data?.held ? heldWords(query.data) : undefined}
      actions={
        query.data?.held ? (
          <PictureMenu
            name={`${project}-run-${run}-hardware-use`}
            table={tableOfUse(query.data, lanes, title)}
            drawing={drawing}
            request={{ path: `/projects/${project}/runs/${run}/hardware-use`, query: {} }}
          />
        ) : undefined
      }
    >
      <div ref={box}>
        <Answer query={query} what="The hardware use" loading={<Skeleton height={drawingHeight(LANES_USUAL) + 100} />}>
          {(use) =>
            use.held === null ? (
              <p className={styles.foot}>
                No hardware was reported, so no time is counted as held. The client reports it by itself where it finds
                some; what a machine held can be said afterwards with POST /runs/…/allocations.
              </p>
            ) : (
              <Body
                {...{ use, lanes, devices, device, drawing, part }}
                held={{ fromMs: Date.parse(use.held.from), toMs: Date.parse(use.held.to) }}
                title={title}
                onDevice={setDevice}
                onPart={(to) => void setPart(to)}
              />
            )
          }
        </Answer>
      </div>
    </Section>
  )
}

function Body(props: {
  use: HardwareUse
  held: UsePart
  lanes: ReturnType<typeof lanesOf>
  devices: readonly string[]
  device: string | null
  drawing: React.RefObject<HTMLDivElement | null>
  /** In seconds since the first held moment. */
  part: { from: number; to: number } | null
  title: string
  onDevice: (device: string | null) => void
  onPart: (part: { from: number; to: number } | null) => void
}) {
  const { use, held, lanes, devices, device, part, onPart } = props
  const { ref, width } = useElementSize()
  const [asTable, setAsTable] = useState(false)
  const seconds = (ms: number) => (ms - held.fromMs) / 1000
  const whole = Math.max(1, Math.round(seconds(held.toMs)))
  const shown = part && { fromMs: held.fromMs + part.from * 1000, toMs: held.fromMs + part.to * 1000 }
  const setEnd = (end: Partial<{ from: number; to: number }>) => {
    const next = { from: 0, to: whole, ...part, ...end }
    if (next.to > next.from) onPart(next)
  }
  const table = tableOfUse(use, lanes, props.title)
  return (
    <>
      <div className={styles.choose}>
        {devices.length > 1 ? (
          <Select
            aria-label="Device"
            w={190}
            value={device ?? ''}
            data={[
              { value: '', label: `All ${devices.length} devices` },
              ...devices.map((one) => ({ value: one, label: one })),
            ]}
            onChange={(value) => props.onDevice(value || null)}
          />
        ) : null}
        <NumberInput
          aria-label="From, seconds after the start"
          prefix="from "
          suffix=" s"
          w={120}
          min={0}
          max={whole}
          value={part?.from ?? 0}
          onChange={(value) => typeof value === 'number' && setEnd({ from: value })}
        />
        <NumberInput
          aria-label="To, seconds after the start"
          prefix="to "
          suffix=" s"
          w={120}
          min={0}
          max={whole}
          value={part?.to ?? whole}
          onChange={(value) => typeof value === 'number' && setEnd({ to: value })}
        />
        {part ? <Button onClick={() => onPart(null)}>All of the time</Button> : null}
        <Button aria-pressed={asTable} onClick={() => setAsTable(!asTable)}>
          {asTable ? 'Show as drawing' : 'Show as table'}
        </Button>
      </div>
      <div ref={ref}>
        <div ref={props.drawing}>
          {asTable ? (
            <PublishedTableView label={table.title} table={table.table} fit />
          ) : width === 0 ? (
            <Skeleton height={drawingHeight(lanes.length) + 30} />
          ) : (
            <UseDrawing
              use={use}
              held={held}
              lanes={lanes}
              width={width}
              part={shown}
              onPart={(to) => onPart(to && wholeSeconds(seconds(to.fromMs), seconds(to.toMs)))}
            />
          )}
        </div>
      </div>
      <dl className={styles.facts}>
        {partFacts(use).map(({ label, value, note }) => (
          <div key={label}>
            <dt>{label}</dt>
            <dd>
              {value}
              {note ? <small>{note}</small> : null}
            </dd>
          </div>
        ))}
      </dl>
      <p className={styles.foot}>{table.notes.join(' ')}</p>
    </>
  )
}

/** A part of at least a second, in whole ones. */
const wholeSeconds = (from: number, to: number) => {
  const first = Math.max(0, Math.floor(from))
  return { from: first, to: Math.max(first + 1, Math.round(to)) }
}

const fromTo = (startMs: number, part: { from: number; to: number }) => ({
  from: new Date(startMs + part.from * 1000).toISOString(),
  to: new Date(startMs + part.to * 1000).toISOString(),
})

function heldWords({ held, pieces }: HardwareUse): string {
  if (!held) return ''
  const kinds = [...new Set(pieces.map(({ count, device }) => `${count} × ${device}`))]
  return `${kinds.join(', ')} over ${formatDuration((Date.parse(held.to) - Date.parse(held.from)) / 1000)}`
}
