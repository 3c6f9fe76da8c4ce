'use client'
import { ActionIcon } from '@mantine/core'
import { Redo2, Undo2 } from 'lucide-react'
import { useSyncExternalStore } from 'react'
import { Tooltip } from '#src/ui/kit/tooltip.tsx'
import { readNoPage, readPage, redo, subscribe, undo } from './page-history.ts'

/** Undo and redo of view changes as two buttons, and what they did for a screen reader. */
export function ViewUndo() {
  const { history, said } = useSyncExternalStore(subscribe, readPage, readNoPage)
  const last = history.past.at(-1)
  const next = history.future.at(-1)
  return (
    <>
      <Step
        label={last ? `Undo: ${last.label} (Ctrl+Z)` : 'Nothing to undo: the view is as it was opened'}
        name="Undo"
        isIdle={!last}
        onClick={undo}
      >
        <Undo2 size={16} strokeWidth={1.75} aria-hidden />
      </Step>
      <Step
        label={next ? `Redo: ${next.label} (Ctrl+Shift+Z)` : 'Nothing to redo: no change was undone'}
        name="Redo"
        isIdle={!next}
        onClick={redo}
      >
        <Redo2 size={16} strokeWidth={1.75} aria-hidden />
      </Step>
      <span className="visually-hidden" role="status">
        {said}
      </span>
    </>
  )
}

function Step(props: { name: string; label: string; isIdle: boolean; onClick: () => void; children: React.ReactNode }) {
  return (
    <Tooltip label={props.label} isReason>
      <ActionIcon
        variant="subtle"
        color="gray"
        size={28}
        aria-label={props.isIdle ? props.label : props.name}
        aria-disabled={props.isIdle || undefined}
        data-disabled={props.isIdle || undefined}
        onClick={() => {
          if (!props.isIdle) props.onClick()
        }}
      >
        {props.children}
      </ActionIcon>
    </Tooltip>
  )
}
