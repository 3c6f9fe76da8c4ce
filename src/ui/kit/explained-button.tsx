'use client'
import { Button, type ButtonProps } from '@mantine/core'
import { type MouseEvent, useId } from 'react'
import { Tooltip } from './tooltip.tsx'

/** A button that, when it cannot be used, stays focusable and says why. `why`: null when it can be used. */
export function ExplainedButton(
  props: ButtonProps & {
    why: string | null
    onClick?: () => void
    type?: 'button' | 'submit'
    children: React.ReactNode
  },
) {
  const { why, onClick, type = 'button', children, ...rest } = props
  const id = useId()
  if (why === null) {
    return (
      <Button {...rest} type={type} onClick={onClick}>
        {children}
      </Button>
    )
  }
  return (
    <Tooltip label={why} isReason>
      <Button
        {...rest}
        type="button"
        data-disabled
        aria-disabled
        aria-describedby={id}
        onClick={(event: MouseEvent) => event.preventDefault()}
      >
        {children}
        <span id={id} className="visually-hidden">
          {why}
        </span>
      </Button>
    </Tooltip>
  )
}
