'use client'
import { ActionIcon } from '@mantine/core'
import { Check, Link2 } from 'lucide-react'
import { useEffect, useState } from 'react'
import type { ViewPage } from '#src/core/views/views.ts'
import { writeText } from '#src/ui/kit/copy-button.tsx'
import { Tooltip } from '#src/ui/kit/tooltip.tsx'
import { readFailure } from '#src/ui/trpc-client.tsx'
import { useViewLink } from './use-view-link.ts'

const SAID_FOR_MS = 2_500

/** Copies the link to exactly this view, a short one where the address is too long to be sent. */
export function CopyViewLink({ place, page }: { place: { workspace: string; project: string }; page: ViewPage }) {
  const makeLink = useViewLink(place, page)
  const [said, setSaid] = useState<string | null>(null)
  useEffect(() => {
    if (said === null) return
    const timer = setTimeout(() => setSaid(null), SAID_FOR_MS)
    return () => clearTimeout(timer)
  }, [said])
  const copy = () => {
    makeLink().then(
      async (link) => setSaid((await writeText(link)) ? COPIED : 'The browser refused: copy the address of this page'),
      (error: unknown) => setSaid(readFailure(error).sentence),
    )
  }
  const Icon = said === COPIED ? Check : Link2
  return (
    <Tooltip label={said ?? 'Copy the link to this view'} opened={said === null ? undefined : true}>
      <ActionIcon variant="subtle" color="gray" size={28} aria-label="Copy the link to this view" onClick={copy}>
        <Icon size={16} strokeWidth={1.75} aria-hidden />
        <span className="visually-hidden" role="status">
          {said}
        </span>
      </ActionIcon>
    </Tooltip>
  )
}

const COPIED = 'Link copied'
