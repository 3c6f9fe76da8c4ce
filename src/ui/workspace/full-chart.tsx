'use client'
import { ActionIcon } from '@mantine/core'
import { useViewportSize } from '@mantine/hooks'
import { ChevronLeft, ChevronRight } from 'lucide-react'
import type { KeyboardEvent } from 'react'
import { panelName } from '#src/core/layouts/compose.ts'
import { Modal } from '#src/ui/kit/modal.tsx'
import { Tooltip } from '#src/ui/kit/tooltip.tsx'
import { PanelContentView } from './panel-content.tsx'
import styles from './workspace.module.css'
import { sectionName, useParts } from './workspace-context.tsx'

/** CSS px of a window that are not plot. */
const AROUND_PX = 190

/** One chart over the whole window; left and right go to the one before and behind it, Escape closes. */
export function FullChart({ id, onChart }: { id: string; onChart: (id: string | null, isStep?: boolean) => void }) {
  const { sections } = useParts()
  const { height } = useViewportSize()
  const all = sections.flatMap(({ section, panels }) => panels.map((panel) => ({ section, panel })))
  const at = all.findIndex(({ panel }) => panel.id === id)
  const here = all[at]
  const step = (by: 1 | -1) => {
    const next = all[at + by]
    if (next) onChart(next.panel.id, true)
  }
  const keys = (event: KeyboardEvent) => {
    const isTyping = event.target instanceof HTMLElement && event.target.closest('input, textarea, [role="menu"]')
    if (event.defaultPrevented || isTyping || event.altKey || event.ctrlKey || event.metaKey) return
    if (event.key === 'ArrowRight' || event.key === 'PageDown') step(1)
    else if (event.key === 'ArrowLeft' || event.key === 'PageUp') step(-1)
    else return
    event.preventDefault()
  }
  const arrow = (by: 1 | -1, label: string) => {
    const next = all[at + by]
    const Icon = by === 1 ? ChevronRight : ChevronLeft
    const words = next ? `${label}: ${panelName(next.panel)}` : `${label}: there is none`
    return (
      <Tooltip label={words}>
        <ActionIcon
          variant="default"
          size={30}
          aria-label={label}
          aria-disabled={next ? undefined : true}
          data-disabled={next ? undefined : true}
          onClick={() => step(by)}
        >
          <Icon size={16} strokeWidth={1.75} aria-hidden />
        </ActionIcon>
      </Tooltip>
    )
  }
  return (
    <Modal
      opened
      fullScreen
      onClose={() => onChart(null)}
      onKeyDown={keys}
      title={
        <span className={styles.fullHead}>
          {arrow(-1, 'Previous chart')}
          {arrow(1, 'Next chart')}
          <span>{here ? sectionName(here.section) : 'Charts'}</span>
          <span className="ink-3">{here ? `chart ${at + 1} of ${all.length}` : ''}</span>
        </span>
      }
    >
      {here ? (
        <PanelContentView
          key={id}
          panel={here.panel}
          section={here.section}
          height={Math.max(240, height - AROUND_PX)}
          isFull
        />
      ) : (
        <p>This chart is not among those that are shown. Close to see them all.</p>
      )}
    </Modal>
  )
}
