'use client'
import { useVirtualizer, useWindowVirtualizer, type Virtualizer } from '@tanstack/react-virtual'
import { useLayoutEffect, useRef, useState } from 'react'
import { COLUMNS } from '#src/core/layouts/layout.ts'
import { EmptySection } from './empty-section.tsx'
import type { Row } from './pack-rows.ts'
import { CHROME_PX, PanelCell } from './panel-cell.tsx'
import { SectionHead } from './section-head.tsx'
import styles from './workspace.module.css'

/** Heights of a section's head and of an empty one, px of lettering of 16 px. */
const HEAD_PX = 34
const EMPTY_PX = 64
/** Rows beyond the visible ones that are mounted. */
const OVERSCAN = 1

const sizeOf = (row: Row | undefined): number =>
  row?.kind === 'panels' ? row.height + CHROME_PX : row?.kind === 'empty' ? EMPTY_PX : HEAD_PX

/** The rows near the visible part; the others are room. */
export function RowList({ rows, scrolls }: { rows: readonly Row[]; scrolls: 'own' | 'page' }) {
  return scrolls === 'own' ? <OwnRows rows={rows} /> : <PageRows rows={rows} />
}

function OwnRows({ rows }: { rows: readonly Row[] }) {
  const scroller = useRef<HTMLDivElement>(null)
  const virtualizer = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: (i) => sizeOf(rows[i]),
    getItemKey: (i) => rows[i]?.key ?? i,
    overscan: OVERSCAN,
    // As high as the window until it was measured: the first rows are there at once.
    initialRect: { width: 0, height: window.innerHeight },
  })
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls is scrolled by keys
    <section ref={scroller} className={styles.scroller} tabIndex={0} aria-label="List of charts">
      <Rows rows={rows} virtualizer={virtualizer} begin={0} />
    </section>
  )
}

function PageRows({ rows }: { rows: readonly Row[] }) {
  const box = useRef<HTMLDivElement>(null)
  const [begin, setBegin] = useState(0)
  useLayoutEffect(() => {
    const top = (box.current?.getBoundingClientRect().top ?? 0) + window.scrollY
    setBegin(Math.round(top))
  }, [])
  const virtualizer = useWindowVirtualizer({
    count: rows.length,
    estimateSize: (i) => sizeOf(rows[i]),
    getItemKey: (i) => rows[i]?.key ?? i,
    overscan: OVERSCAN,
    scrollMargin: begin,
  })
  return (
    <div ref={box}>
      <Rows rows={rows} virtualizer={virtualizer} begin={begin} />
    </div>
  )
}

function Rows<S extends Element | Window>(props: {
  rows: readonly Row[]
  virtualizer: Virtualizer<S, Element>
  begin: number
}) {
  const { rows, virtualizer, begin } = props
  return (
    <div className={styles.rows} style={{ height: virtualizer.getTotalSize() }}>
      {virtualizer.getVirtualItems().map((item) => {
        const row = rows[item.index]
        if (!row) return null
        return (
          <div
            key={item.key}
            ref={virtualizer.measureElement}
            data-index={item.index}
            className={styles.row}
            style={{ transform: `translateY(${item.start - begin}px)` }}
          >
            {row.kind === 'head' ? (
              <SectionHead shown={row.shown} />
            ) : row.kind === 'empty' ? (
              <EmptySection section={row.shown.section} />
            ) : (
              <div className={styles.panels} style={{ gridTemplateColumns: `repeat(${COLUMNS}, minmax(0, 1fr))` }}>
                {row.cells.map(({ panel, span }) => (
                  <PanelCell
                    key={panel.id}
                    panel={panel}
                    section={row.shown.section}
                    span={span}
                    height={panel.height ?? row.height}
                    room={item.size}
                  />
                ))}
              </div>
            )}
          </div>
        )
      })}
    </div>
  )
}
