import type { Metadata } from 'next'
import { paths } from '#src/ui/paths.ts'

export const metadata: Metadata = { title: 'Not found' }

/** The same page for what is absent and for what belongs to others; to members of a workspace its own says who gives access. */
export default function NotFound() {
  return (
    <div className="full-page">
      <h1>Not found</h1>
      <p>
        Nothing lives at this address, or it is not shared with you. Someone who can see it can tell you who gives
        access.
      </p>
      <a className="link" href={paths.home()}>
        Go to your projects
      </a>
    </div>
  )
}
