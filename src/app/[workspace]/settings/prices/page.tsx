import type { Metadata } from 'next'
import { requireViewer } from '../../../viewer.ts'
import { PricesView } from './prices-view.tsx'

export const metadata: Metadata = { title: 'Price book' }

export default async function PricesPage(props: { params: Promise<{ workspace: string }> }) {
  const { workspace } = await props.params
  await requireViewer(workspace)
  return <PricesView workspace={workspace} />
}
