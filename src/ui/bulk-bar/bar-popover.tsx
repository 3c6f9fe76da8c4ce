'use client'
import type { LucideIcon } from 'lucide-react'
import type { ReactNode } from 'react'
import { ExplainedButton } from '#src/ui/kit/explained-button.tsx'
import { Popover } from '#src/ui/kit/popover.tsx'

/** A button of the bar and the small dialog that it opens; `why`: why it cannot be used. */
export function BarPopover(props: {
  word: string
  /** Names the dialog. */
  label: string
  Icon: LucideIcon
  why: string | null
  opened: boolean
  onOpened: (opened: boolean) => void
  children: ReactNode
}) {
  const { word, Icon, opened, onOpened } = props
  return (
    <Popover
      opened={opened}
      onChange={onOpened}
      position="bottom-start"
      withRoles={false}
      trapFocus
      returnFocus
      width={280}
    >
      <Popover.Target>
        <span>
          <ExplainedButton
            size="compact-xs"
            why={props.why}
            aria-haspopup="dialog"
            aria-expanded={opened}
            leftSection={<Icon size={14} strokeWidth={1.75} aria-hidden />}
            onClick={() => onOpened(!opened)}
          >
            {word}
          </ExplainedButton>
        </span>
      </Popover.Target>
      <Popover.Dropdown role="dialog" aria-label={props.label}>
        {props.children}
      </Popover.Dropdown>
    </Popover>
  )
}
