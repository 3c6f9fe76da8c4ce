import { HydrationBoundary } from '@tanstack/react-query'
import type { Metadata } from 'next'
import { redirect } from 'next/navigation'
import { ROLE_PERMISSIONS } from '#src/core/roles/permissions.ts'
import { RUN_STATES } from '#src/core/runs/states.ts'
import { paths } from '#src/ui/paths.ts'
import { usualColumns } from '#src/ui/run-table/usual-columns.ts'
import { requireViewer } from '../../../viewer.ts'
import { readFirstRuns, stageName } from './read-first-runs.ts'
import { RunsView } from './runs-view.tsx'

type Words = Record<string, string | string[] | undefined>
type Props = { params: Promise<{ workspace: string; project: string }>; searchParams: Promise<Words> }

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  return { title: `Runs of ${(await params).project}` }
}

export default async function RunsPage({ params, searchParams }: Props) {
  const { workspace, project } = await params
  const words = await searchParams
  const viewer = await requireViewer(workspace)
  const search = await formerSearch(workspace, project, words)
  if (search !== null) redirect(`${paths.runs(workspace, project)}?${new URLSearchParams({ q: search })}`)
  const permissions = ROLE_PERMISSIONS[viewer.role]
  const { lossKeys, answers } = await readFirstRuns(workspace, project, words)
  return (
    <HydrationBoundary state={answers}>
      <RunsView
        workspace={workspace}
        project={project}
        usual={usualColumns(lossKeys)}
        may={{ write: permissions.includes('run:write'), delete: permissions.includes('run:delete') }}
      />
    </HydrationBoundary>
  )
}

/** The search that says what `?stage=7&state=failed` of earlier releases meant; null: nothing of it is in the address. */
async function formerSearch(workspace: string, project: string, words: Words): Promise<string | null> {
  const state = RUN_STATES.find((one) => one === words.state)
  const stage = /^[1-9]\d{0,8}$/.test(String(words.stage))
    ? await stageName(workspace, project, Number(words.stage))
    : null
  const parts = [
    ...(stage === null ? [] : [`stage = ${JSON.stringify(stage)}`]),
    ...(state ? [`state = ${state}`] : []),
  ]
  return parts.length === 0 ? null : parts.join(' and ')
}
