'use client'
import { Skeleton } from '@mantine/core'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import Link from 'next/link'
import { useQueryStates } from 'nuqs'
import type { DecisionPage } from '#src/protocol/decisions.ts'
import { PictureMenu } from '#src/ui/charts/picture-menu.tsx'
import { Answer } from '#src/ui/kit/answer.tsx'
import { later } from '#src/ui/kit/later.tsx'
import { LoadingRows } from '#src/ui/kit/loading.tsx'
import { Page, PageHead } from '#src/ui/kit/page-head.tsx'
import { Section } from '#src/ui/kit/section.tsx'
import { StageIcon } from '#src/ui/marks/stage-icon.tsx'
import { paths } from '#src/ui/paths.ts'
import { POLL_IDLE_MS, useTRPC } from '#src/ui/trpc-client.tsx'
import { UnknownParts } from '#src/ui/view-state/unknown-parts.tsx'
import styles from './decision.module.css'
import { ADDRESS, type DecisionPlace } from './decision-address.ts'
import { decisionText } from './decision-rows.ts'
import { DecisionTable } from './decision-table.tsx'
import { DecisionText } from './decision-text.tsx'
import { FlipsPart } from './flips-part.tsx'

/** Of its address. */
const WORDS = Object.keys(ADDRESS)

const LeavesPicture = later(
  () => import('./leaves-picture.tsx').then((file) => file.LeavesPicture),
  <Skeleton height={320} mt={20} />,
)

/** Was this stage worth it: gain, loss and cost against base, parent and sibling, and what was decided. */
export function DecisionView(props: DecisionPlace & { mayWrite: boolean }) {
  // While the decision is asked for, what draws comes.
  LeavesPicture.preload()
  const { workspace, project, number } = props
  const [view] = useQueryStates(ADDRESS)
  const trpc = useTRPC()
  const input = { workspace, project, experiment: number, ...(view.sibling !== null && { sibling: view.sibling }) }
  const page = useQuery(
    trpc.decisions.page.queryOptions(input, { refetchInterval: POLL_IDLE_MS, placeholderData: keepPreviousData }),
  )
  return (
    <Page className={styles.page}>
      <UnknownParts known={WORDS} />
      <Answer query={page} what="The decision page" heading="Decision" loading={<LoadingRows rows={16} height={36} />}>
        {(data) => <Shown {...props} page={data} />}
      </Answer>
    </Page>
  )
}

function Shown(props: DecisionPlace & { page: DecisionPage; mayWrite: boolean }) {
  const { workspace, project, number, page } = props
  const [view, set] = useQueryStates(ADDRESS)
  const { experiment, against } = page
  const parent = against.find(({ roles }) => roles.includes('parent'))
  const compared = [...new Set([...against.map((one) => keyOf(one.experiment, project)), String(number)])]
  return (
    <>
      <PageHead
        title={
          <span className={styles.title}>
            <StageIcon kind={experiment.stage_kind} size={24} />
            Was {experiment.name} worth it?
          </span>
        }
        sentence={parent ? `Against ${parent.experiment.name}: ${parent.reading.title}` : 'A root of the lineage'}
      >
        <span className={styles.links}>
          <Link className="link" href={paths.stage(workspace, project, number)}>
            Stage
          </Link>
          {compared.length > 1 ? (
            <Link
              className="link"
              href={`${paths.compareStages(workspace, project)}?stages=${compared.slice(0, 5).join(',')}`}
            >
              Compare stages
            </Link>
          ) : null}
          <PictureMenu
            name={`${project}-decision-${experiment.slug}`}
            table={decisionText(page)}
            request={{
              path: `/projects/${encodeURIComponent(project)}/experiments/${number}/decision`,
              query: view.sibling === null ? {} : { sibling: String(view.sibling) },
            }}
          />
        </span>
      </PageHead>
      <DecisionText {...props} />
      {against.length > 0 ? (
        <Section title="Gain, loss and cost" note={costWords(page)}>
          {against.some(({ changes }) => changes.length > 0) ? null : (
            <p className={styles.quiet}>
              Nothing was measured on the checkpoint of {experiment.name} yet; run.log_eval(…) reports a score.
            </p>
          )}
          <DecisionTable
            workspace={workspace}
            page={page}
            onSibling={(sibling) => void set({ sibling, item: 0, flip: null })}
          />
          <p className={styles.quiet}>
            Corner: over budget; dashed: no interval. 95 % intervals, paired where items match; p adjusted over what
            should be kept. Money is counted, not estimated, and has no interval of its own.
          </p>
        </Section>
      ) : (
        <p className={styles.quiet}>
          {experiment.name} is a root: nothing came before it that it could be held against. Its scores are on the stage
          page.
        </p>
      )}
      <LeavesPicture {...props} />
      {against.length > 0 ? <FlipsPart {...props} /> : null}
    </>
  )
}

const keyOf = (stage: { project: string; number: number }, project: string): string =>
  stage.project === project ? String(stage.number) : `${stage.project}:${stage.number}`

function costWords({ cost }: DecisionPage): string {
  const words = (of: DecisionPage['cost']['own']) => of.text ?? of.missing ?? 'nothing was spent'
  return `the stage ${words(cost.own)}, its whole path ${words(cost.path)}${cost.note === null ? '' : `; ${cost.note}`}`
}
