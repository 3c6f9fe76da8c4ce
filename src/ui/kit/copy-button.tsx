'use client'
import { ActionIcon, Button } from '@mantine/core'
import { Check, Copy } from 'lucide-react'
import { useEffect, useState } from 'react'
import { Tooltip } from './tooltip.tsx'

const SAID_FOR_MS = 2_000

/**
 * Copies `text`; says so for two seconds. `icon`: a square of 24 for inside rows; `tall`: as high as the buttons of a page's head. `label`
 * names what is copied.
 */
export function CopyButton(props: { text: string; label?: string; icon?: boolean; tall?: boolean }) {
  const { text, label = 'Copy', icon = false, tall = false } = props
  const [state, setState] = useState<'idle' | 'copied' | 'refused'>('idle')
  useEffect(() => {
    if (state === 'idle') return
    const timer = setTimeout(() => setState('idle'), SAID_FOR_MS)
    return () => clearTimeout(timer)
  }, [state])
  const copy = () => {
    void writeText(text).then((done) => setState(done ? 'copied' : 'refused'))
  }
  const Icon = state === 'copied' ? Check : Copy
  const said = state === 'copied' ? 'Copied' : state === 'refused' ? 'Select and copy by hand' : label
  if (icon) {
    return (
      <Tooltip label={said}>
        <ActionIcon variant="subtle" color="gray" size={24} aria-label={said} onClick={copy}>
          <Icon size={14} strokeWidth={1.75} aria-hidden />
        </ActionIcon>
      </Tooltip>
    )
  }
  return (
    <Button
      {...(!tall && { size: 'compact-xs' })}
      leftSection={<Icon size={14} strokeWidth={1.75} aria-hidden />}
      onClick={copy}
    >
      <span aria-live="polite">{said}</span>
    </Button>
  )
}

/** Copies a text; false when the browser refuses. The clipboard interface exists on secure origins only (https and localhost); elsewhere a selection is copied. */
export async function writeText(text: string): Promise<boolean> {
  try {
    if (navigator.clipboard) {
      await navigator.clipboard.writeText(text)
      return true
    }
  } catch {
    // Falls through to the older way, which asks for no permission.
  }
  const area = document.createElement('textarea')
  area.value = text
  area.setAttribute('readonly', '')
  area.style.position = 'fixed'
  area.style.opacity = '0'
  document.body.append(area)
  area.select()
  const done = document.execCommand('copy')
  area.remove()
  return done
}
