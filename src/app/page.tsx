import { redirect } from 'next/navigation'
import { requireHome } from './viewer.ts'

/** The front door leads to the first workspace, or to the sign-in page. */
export default async function HomePage(): Promise<never> {
  redirect(await requireHome())
}
