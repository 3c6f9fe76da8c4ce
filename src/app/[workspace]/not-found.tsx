import { NotFoundForMembers } from './not-found-later.tsx'

export const metadata = { title: 'Not found' }

export default function NotFound() {
  return <NotFoundForMembers />
}
