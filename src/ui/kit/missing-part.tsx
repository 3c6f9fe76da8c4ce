'use client'
import { Button, Group } from '@mantine/core'
import { TriangleAlert } from 'lucide-react'
import bar from '#src/ui/connection/connection.module.css'
import { useConnection } from '#src/ui/connection/connection.ts'
import { useMissing } from './missing-code.ts'
import { Notice } from './problem.tsx'

const WHY = 'Its code did not come; Descent may have been updated since this tab was opened.'
const reload = () => window.location.reload()

/** In the place of a part of the page whose code did not come. */
export function MissingPart({ retry }: { retry: () => void }) {
  return (
    <Notice tone="problem" title="This part of the page could not be loaded">
      <p>{WHY}</p>
      <Group gap={8} mt={8}>
        <Button onClick={retry}>Try again</Button>
        <Button variant="default" onClick={reload}>
          Reload the page
        </Button>
      </Group>
    </Notice>
  )
}

/** At the foot of the page, for what has no place until it opens: menus, dialogs, notices. */
export function MissingBar() {
  const retry = useMissing()
  // Its banner stands in the same place, and the code comes with the server.
  const isAway = useConnection().kind === 'lost'
  if (!retry || isAway) return null
  return (
    <div className={bar.banner} role="alert">
      <TriangleAlert className={bar.icon} size={18} strokeWidth={1.75} aria-hidden />
      <p className={bar.words}>
        <strong>Part of this page could not be loaded.</strong> {WHY} A reload drops what you typed and did not save.
      </p>
      <button type="button" className="link" onClick={retry}>
        Try again
      </button>
      <button type="button" className="link" onClick={reload}>
        Reload the page
      </button>
    </div>
  )
}
