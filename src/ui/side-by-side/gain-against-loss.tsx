'use client'
import { useElementSize } from '@mantine/hooks'
import { useRef } from 'react'
import type { TableText } from '#src/core/publish/table.ts'
import { PictureMenu } from '#src/ui/charts/picture-menu.tsx'
import { later } from '#src/ui/kit/later.tsx'
import { Section } from '#src/ui/kit/section.tsx'
import { Select } from '#src/ui/kit/select.tsx'
import { axisChoices, gainLossNotes, prepareGainLoss } from './prepare-gain-loss.ts'
import styles from './side-by-side.module.css'
import type { Sides } from './sides.ts'

const CHART_HEIGHT = 300

const GainLossDrawing = later(() => import('./gain-loss.tsx').then((file) => file.GainLossDrawing), <div />)

/**
 * What was gained on one benchmark against what was lost on another. `axes`: slugs from the address; null: the target across and the
 * worst fall up.
 */
export function GainAgainstLoss(props: {
  /** What saved files are called. */
  name: string
  sides: Sides
  text: TableText
  axes: { x: string | null; y: string | null }
  onAxis: (axis: { x: string | null } | { y: string | null }) => void
  className?: string
}) {
  const { name, sides, text, axes, onAxis } = props
  const { ref, width } = useElementSize()
  const drawing = useRef<HTMLDivElement>(null)
  const chart = prepareGainLoss(sides, axes)
  const choices = (word: string, without: string) =>
    axisChoices(sides)
      .filter(({ benchmark }) => benchmark.slug !== without)
      .map(({ benchmark }) => ({ value: benchmark.slug, label: `${word}: ${benchmark.name}` }))
  const notes = chart ? gainLossNotes(chart) : []
  return (
    <Section
      title="Gain against loss"
      note="up and right is better"
      {...(props.className !== undefined && { className: props.className })}
      actions={
        chart ? (
          <PictureMenu
            name={`${name}-gain-against-loss`}
            table={{ ...text, title: `Gain against loss: ${text.title}`, notes }}
            drawing={drawing}
          />
        ) : null
      }
    >
      {chart ? (
        <>
          <div className={styles.axes}>
            <Select
              aria-label="Up: what was lost"
              value={chart.y.benchmark.slug}
              data={choices('Up', chart.x.benchmark.slug)}
              onChange={(y) => onAxis({ y })}
            />
            <Select
              aria-label="Across: what was gained"
              value={chart.x.benchmark.slug}
              data={choices('Across', chart.y.benchmark.slug)}
              onChange={(x) => onAxis({ x })}
            />
          </div>
          <div ref={ref}>
            <div ref={drawing} style={{ minHeight: CHART_HEIGHT }}>
              {width > 0 ? <GainLossDrawing chart={chart} width={width} height={CHART_HEIGHT} /> : null}
            </div>
          </div>
          {notes.map((note) => (
            <p key={note} className={styles.note}>
              {note}
            </p>
          ))}
        </>
      ) : (
        <p className={styles.note}>
          The chart needs two benchmarks that at least two of these were measured on; run.log_eval(…) reports them.
        </p>
      )}
    </Section>
  )
}
