'use client'
import { useQueries } from '@tanstack/react-query'
import Link from 'next/link'
import type { StageVerdict } from '#src/protocol/forgetting.ts'
import { PictureMenu } from '#src/ui/charts/picture-menu.tsx'
import { LoadingRows } from '#src/ui/kit/loading.tsx'
import { Problem } from '#src/ui/kit/problem.tsx'
import { Section } from '#src/ui/kit/section.tsx'
import type { MatrixModel } from '#src/ui/matrix/matrix-model.ts'
import { paths } from '#src/ui/paths.ts'
import { PublishedTableView } from '#src/ui/table/published-table.tsx'
import { useTRPC } from '#src/ui/trpc-client.tsx'
import styles from './path-measures.module.css'
import { judgedStages, safetyColumns, safetyTable } from './safety-words.ts'

/** What every stage of the path did to ability and to safety, the two apart, each safety benchmark beside its over-refusal twin. */
export function AbilityAndSafety({
  workspace,
  project,
  model,
}: {
  workspace: string
  project: string
  model: MatrixModel
}) {
  const trpc = useTRPC()
  const stages = model.columns.flatMap((column) =>
    column?.group === 'path' && column.checkpoint && column.variant === '' && column.experiment.project === project
      ? [column.experiment.number]
      : [],
  )
  const answers = useQueries({
    queries: stages.map((experiment) => trpc.forgetting.stage.queryOptions({ workspace, project, experiment })),
  })
  const failed = answers.find((answer) => answer.isError)
  const verdicts = answers.flatMap((answer) => answer.data ?? [])
  const isWhole = verdicts.length === stages.length
  const table = safetyTable(verdicts)
  return (
    <Section
      title="Ability and safety, apart"
      note="against the parent, negative is worse"
      actions={isWhole ? <PictureMenu name={`${project}-ability-and-safety`} table={table} /> : undefined}
    >
      {failed?.error ? (
        <Problem what="Ability and safety" error={failed.error} retry={() => void failed.refetch()} />
      ) : isWhole ? (
        <Told workspace={workspace} verdicts={verdicts} />
      ) : (
        <LoadingRows rows={Math.max(2, stages.length)} />
      )}
    </Section>
  )
}

function Told({ workspace, verdicts }: { workspace: string; verdicts: readonly StageVerdict[] }) {
  const table = safetyTable(verdicts)
  if (judgedStages(verdicts).length === 0)
    return <p className={styles.quiet}>No stage of this path has a parent that was measured.</p>
  return (
    <>
      <PublishedTableView label={table.title} table={table.table} />
      <p className={styles.quiet}>
        {table.notes.join(' ')}
        {safetyColumns(verdicts).length > 0 ? null : (
          <>
            {' '}
            No safety benchmark was measured on this path, so nothing is known of its safety: tuning for a task can lose
            it without losing ability. A benchmark of the category safety counts as one;{' '}
            <Link className="link" href={paths.benchmarks(workspace)}>
              see the benchmarks
            </Link>
            .
          </>
        )}
      </p>
    </>
  )
}
