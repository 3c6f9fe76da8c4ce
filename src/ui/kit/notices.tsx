'use client'
import type { NotificationData } from '@mantine/notifications'
import { connection } from '#src/ui/connection/connection.ts'
import { loadFloats, useFloatsIfThere } from './floats.ts'
import { reportMissing } from './missing-code.ts'

type Notifications = Awaited<ReturnType<typeof loadFloats>>['notifications']

/** A word in the corner of the page about what was just done; `id` lets it be taken away again. */
export const showNotice = (notice: NotificationData): void => withNotices((notices) => notices.show(notice))

/** Takes away a notice, if it is still there. */
export const hideNotice = (id: string): void => withNotices((notices) => notices.hide(id))

/** Where their code does not come the foot of the page says so, and another try shows the notice. */
function withNotices(act: (notices: Notifications) => void): void {
  loadFloats().then(
    ({ notifications }) => act(notifications),
    async () => {
      // While the server is away its banner says so.
      const wait = (await connection.look()) ? reportMissing : connection.onReturn
      const leave = wait(() => {
        leave()
        withNotices(act)
      })
    },
  )
}

/** Where they stand, once on every page. */
export function Notices() {
  const parts = useFloatsIfThere()
  return parts ? <parts.Notifications position="bottom-right" /> : null
}
