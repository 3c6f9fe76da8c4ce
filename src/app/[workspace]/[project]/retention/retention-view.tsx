'use client'
import { Button, SegmentedControl } from '@mantine/core'
import { Eye, EyeOff } from 'lucide-react'
import Link from 'next/link'
import { parseAsStringLiteral, useQueryState } from 'nuqs'
import type { ReactNode } from 'react'
import { later } from '#src/ui/kit/later.tsx'
import { BaselineControl } from '#src/ui/matrix/baseline-control.tsx'
import styles from '#src/ui/matrix/matrix.module.css'
import { MatrixScreen } from '#src/ui/matrix/matrix-screen.tsx'
import { retentionSentence } from '#src/ui/matrix/matrix-words.ts'
import { NothingMeasured } from '#src/ui/matrix/nothing-measured.tsx'
import { PathPicker, SiblingsPicker } from '#src/ui/matrix/path-picker.tsx'
import { useMatrixState } from '#src/ui/matrix/view-state.ts'
import { paths } from '#src/ui/paths.ts'

const SlopeScreen = later(() => import('#src/ui/slope/slope-screen.tsx').then((file) => file.SlopeScreen))
const TriangleView = later(() => import('./triangle-view.tsx').then((file) => file.TriangleView))
const AbilityAndSafety = later(() => import('./ability-and-safety.tsx').then((file) => file.AbilityAndSafety))
const PathMeasures = later(() => import('./path-measures.tsx').then((file) => file.PathMeasures))
const MitigationPart = later(() =>
  import('#src/ui/mitigations/mitigation-part.tsx').then((file) => file.MitigationPart),
)
const UnknownParts = later(() =>
  import('./unknown-parts-of-retention.tsx').then((file) => file.UnknownPartsOfRetention),
)

const VIEWS = ['matrix', 'slope', 'triangle'] as const

interface Place {
  workspace: string
  project: string
}

/** What the stages of one path kept and lost: as a matrix, as the way of each benchmark, or every model on the target of every stage. */
export function RetentionView(place: Place) {
  const [view, setView] = useQueryState('view', parseAsStringLiteral(VIEWS).withDefault('matrix'))
  const choice = (
    <SegmentedControl
      aria-label="View"
      value={view}
      onChange={(value) => void setView(VIEWS.find((one) => one === value) ?? 'matrix', { history: 'push' })}
      data={[
        { value: 'matrix', label: 'Matrix' },
        { value: 'slope', label: 'Slope' },
        { value: 'triangle', label: 'Triangle' },
      ]}
    />
  )
  if (view === 'slope') return <SlopeScreen {...place} title="Retention" actions={choice} notice={<UnknownParts />} />
  if (view === 'triangle')
    return <TriangleView {...place} title="Retention" actions={choice} notice={<UnknownParts />} />
  return <RetentionMatrix {...place} choice={choice} />
}

/** Benchmarks down, stages across, siblings at one fork beside them. */
function RetentionMatrix({ workspace, project, choice }: Place & { choice: ReactNode }) {
  const [state, set] = useMatrixState()
  const siblings = state.siblings === 'none' ? 'none' : Number(state.siblings)
  return (
    <MatrixScreen
      workspace={workspace}
      project={project}
      title="Retention"
      notice={<UnknownParts />}
      shows="changes"
      asked={{
        set: 'path',
        slices: 'true',
        baseline: state.baseline,
        ...(state.leaf !== null && { leaf: state.leaf }),
        ...(state.siblings !== null && { siblings }),
      }}
      state={state}
      set={set}
      sentence={(model) => {
        const { path, siblings: others } = retentionSentence(model)
        return (
          <>
            {path}
            {others === null ? null : (
              <>
                ; siblings lost <span className={styles.worse}>{others}</span>
              </>
            )}
          </>
        )
      }}
      actions={(matrix) => (
        <>
          {choice}
          <BaselineControl
            baseline={state.baseline}
            matrix={matrix}
            onChange={(baseline) => void set({ baseline }, { history: 'push' })}
          />
          <Button
            leftSection={
              state.certain ? (
                <Eye size={14} strokeWidth={1.75} aria-hidden />
              ) : (
                <EyeOff size={14} strokeWidth={1.75} aria-hidden />
              )
            }
            aria-pressed={state.certain}
            onClick={() => void set({ certain: !state.certain })}
          >
            <span className={styles.actionWord}>{state.certain ? 'Show uncertain' : 'Hide uncertain'}</span>
          </Button>
        </>
      )}
      controls={(matrix, model) =>
        model.first.leaf === null || !matrix.stages ? null : (
          <>
            <PathPicker
              stages={matrix.stages}
              leaf={model.first.leaf}
              onLeaf={(leaf) => void set({ leaf, siblings: null, cell: null }, { history: 'push' })}
            />
            <span className={styles.spring} />
            <SiblingsPicker
              matrix={model.first}
              stages={matrix.stages}
              leaf={model.first.leaf}
              onSiblings={(fork) => void set({ siblings: fork })}
            />
          </>
        )
      }
      below={(model) =>
        model.first.leaf === null ? null : (
          <>
            <AbilityAndSafety workspace={workspace} project={project} model={model} />
            <PathMeasures workspace={workspace} project={project} leaf={model.first.leaf} />
            <MitigationPart workspace={workspace} project={project} />
          </>
        )
      }
      empty={(matrix) => (
        <NothingMeasured matrix={matrix}>
          Retention needs a benchmark measured on two stages of one path.{' '}
          <Link className="link" href={paths.lineage(workspace, project)}>
            See the lineage
          </Link>
        </NothingMeasured>
      )}
    />
  )
}
