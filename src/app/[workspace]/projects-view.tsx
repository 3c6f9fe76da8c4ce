'use client'
import { Button } from '@mantine/core'
import { useMediaQuery } from '@mantine/hooks'
import { useQuery } from '@tanstack/react-query'
import { BookOpen, Plus } from 'lucide-react'
import Link from 'next/link'
import { useState } from 'react'
import { STAGE_KINDS, type StageKind } from '#src/core/experiments/stage-kinds.ts'
import { formatCount } from '#src/core/format/count.ts'
import { ROLE_PERMISSIONS, type Role } from '#src/core/roles/permissions.ts'
import type { ProjectSummary } from '#src/protocol/projects.ts'
import { Answer } from '#src/ui/kit/answer.tsx'
import { Chip } from '#src/ui/kit/chip.tsx'
import { ExplainedButton } from '#src/ui/kit/explained-button.tsx'
import { LoadingRows } from '#src/ui/kit/loading.tsx'
import { Page, PageHead } from '#src/ui/kit/page-head.tsx'
import { StageIcon } from '#src/ui/marks/stage-icon.tsx'
import { paths } from '#src/ui/paths.ts'
import { Ago } from '#src/ui/shell/ago.tsx'
import { useFreshness } from '#src/ui/shell/page-state.tsx'
import { type Column, DataTable } from '#src/ui/table/data-table.tsx'
import { POLL_IDLE_MS, POLL_LIVE_MS, useTRPC } from '#src/ui/trpc-client.tsx'
import { CreateProject } from './create-project.tsx'
import { ExampleLineages, ExamplesDialog } from './example-lineages.tsx'
import { FirstPoint } from './first-point.tsx'
import styles from './projects-view.module.css'
import { UntilFirstPoint } from './until-first-point.tsx'

interface Row extends ProjectSummary {
  href: string
}

const COLUMNS: readonly Column<Row>[] = [
  {
    key: 'name',
    title: 'Project',
    head: true,
    sortValue: (row) => row.name,
    cell: (row) => (
      <span className={styles.name}>
        <Link href={row.href}>{row.name}</Link>
        {row.name === row.slug ? null : <span className="ink-3">{row.slug}</span>}
        {row.recorded ? <Chip>recorded</Chip> : null}
      </span>
    ),
  },
  {
    key: 'kinds',
    title: 'Kinds of stage',
    cell: (row) => (
      <span className={styles.kinds}>
        {kindsOf(row).map((kind) => (
          <StageIcon key={kind} kind={kind} label />
        ))}
      </span>
    ),
  },
  {
    key: 'experiments',
    title: 'Stages',
    align: 'right',
    sortValue: (row) => row.experiments,
    cell: (row) => formatCount(row.experiments),
  },
  { key: 'runs', title: 'Runs', align: 'right', sortValue: (row) => row.runs, cell: (row) => formatCount(row.runs) },
  {
    key: 'running',
    title: 'Running',
    align: 'right',
    sortValue: (row) => row.running,
    cell: (row) =>
      row.running === 0 ? (
        <span className="ink-3">0</span>
      ) : (
        <b className={styles.running}>{formatCount(row.running)}</b>
      ),
  },
  {
    key: 'activity',
    title: 'Last activity',
    align: 'right',
    nowrap: true,
    sortValue: (row) => row.last_activity_at,
    cell: (row) => <Ago at={row.last_activity_at} never="nothing yet" />,
  },
]

/** All projects of the workspace; without any, how the first one comes to be. */
export function ProjectsView({ workspace, role }: { workspace: string; role: Role }) {
  const trpc = useTRPC()
  const [creating, setCreating] = useState(false)
  const [choosing, setChoosing] = useState(false)
  const projects = useQuery(
    trpc.projects.list.queryOptions(
      { workspace },
      {
        refetchInterval: (query) => {
          const list = query.state.data
          return list === undefined || list.length === 0 || list.some((p) => p.running > 0)
            ? POLL_LIVE_MS
            : POLL_IDLE_MS
        },
      },
    ),
  )
  const list = projects.data
  const running = list?.reduce((sum, project) => sum + project.running, 0) ?? 0
  const latest =
    list
      ?.map((p) => p.last_activity_at ?? '')
      .sort()
      .at(-1) || null
  useFreshness(list === undefined || list.length === 0 ? null : running > 0 ? 'live' : 'idle', 'last activity', latest)
  const may = ROLE_PERMISSIONS[role].includes('project:create')
  return (
    <Page>
      <PageHead title="Projects" sentence={list === undefined ? null : sentence(list.length, running)}>
        {list?.length === 0 ? null : (
          <Button leftSection={<BookOpen size={16} strokeWidth={1.75} aria-hidden />} onClick={() => setChoosing(true)}>
            Load an example
          </Button>
        )}
        <ExplainedButton
          variant={list?.length === 0 ? 'default' : 'filled'}
          why={may ? null : `Your role here is ${role}; editors, admins and owners create projects.`}
          leftSection={<Plus size={16} strokeWidth={1.75} aria-hidden />}
          onClick={() => setCreating(true)}
        >
          Create project
        </ExplainedButton>
      </PageHead>
      <Answer query={projects} what="The list of projects" loading={<LoadingRows rows={5} />}>
        {(rows) => (
          <UntilFirstPoint
            isEmpty={rows.length === 0}
            waiting={
              <>
                <FirstPoint workspace={workspace} project={null} />
                <h2 className={styles.examples}>Or look at an example first</h2>
                <ExampleLineages workspace={workspace} role={role} />
              </>
            }
          >
            <Projects rows={rows.map((row) => ({ ...row, href: paths.lineage(workspace, row.slug) }))} />
          </UntilFirstPoint>
        )}
      </Answer>
      <CreateProject workspace={workspace} opened={creating} onClose={() => setCreating(false)} />
      <ExamplesDialog workspace={workspace} role={role} opened={choosing} onClose={() => setChoosing(false)} />
    </Page>
  )
}

function Projects({ rows }: { rows: readonly Row[] }) {
  const wide = useMediaQuery('(min-width: 48em)')
  if (wide === undefined) return <LoadingRows rows={Math.min(rows.length, 12)} />
  return wide ? (
    <DataTable
      label="Projects"
      columns={COLUMNS}
      rows={rows}
      rowKey={(row) => row.slug}
      none="No projects"
      request={{ path: '/projects', query: {} }}
    />
  ) : (
    <ProjectCards rows={rows} />
  )
}

/** Projects on a phone: two lines each, the whole width touchable. */
const ProjectCards = ({ rows }: { rows: readonly Row[] }) => (
  <ul aria-label="Projects">
    {rows.map((row) => (
      <li key={row.slug}>
        <Link className={styles.card} href={row.href}>
          <span className={styles.cardLine}>
            <strong>{row.name}</strong>
            {row.name === row.slug ? null : <span className={`${styles.slug} ink-3`}>{row.slug}</span>}
            {row.recorded ? <Chip>recorded</Chip> : null}
            <span className={`${styles.cardEnd} ink-3`}>
              <Ago at={row.last_activity_at} never="nothing yet" />
            </span>
          </span>
          <span className={styles.cardLine}>
            <span className="ink-3">
              {formatCount(row.experiments)} {row.experiments === 1 ? 'stage' : 'stages'}, {formatCount(row.runs)}{' '}
              {row.runs === 1 ? 'run' : 'runs'}
            </span>
            {row.running === 0 ? null : <span className={styles.running}>{formatCount(row.running)} running</span>}
            <span className={`${styles.cardEnd} ${styles.kinds}`}>
              {kindsOf(row).map((kind) => (
                <StageIcon key={kind} kind={kind} label />
              ))}
            </span>
          </span>
        </Link>
      </li>
    ))}
  </ul>
)

const sentence = (count: number, running: number): string =>
  count === 0
    ? 'A project holds the lineage of one model family. None exists yet.'
    : `${count} ${count === 1 ? 'project' : 'projects'}${running > 0 ? `, ${running} ${running === 1 ? 'run' : 'runs'} running` : ''}`

/** The kinds of stage that a project has, in the order in which stages follow each other. */
const kindsOf = (project: ProjectSummary): StageKind[] =>
  STAGE_KINDS.filter((kind) => project.stage_kinds.includes(kind))
