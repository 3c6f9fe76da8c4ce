'use client'
import { Button, Checkbox } from '@mantine/core'
import { ArrowDownWideNarrow } from 'lucide-react'
import Link from 'next/link'
import { MATRIX_SETS } from '#src/core/evaluations/matrix-kinds.ts'
import type { Matrix } from '#src/protocol/matrix.ts'
import { MultiSelect } from '#src/ui/kit/multi-select.tsx'
import { Select } from '#src/ui/kit/select.tsx'
import { BaselineControl, checkpointOptions } from '#src/ui/matrix/baseline-control.tsx'
import { MatrixScreen } from '#src/ui/matrix/matrix-screen.tsx'
import { evaluationsSentence } from '#src/ui/matrix/matrix-words.ts'
import { NothingMeasured } from '#src/ui/matrix/nothing-measured.tsx'
import { GROUPINGS, MATRIX_WORDS, readCellName, useMatrixState } from '#src/ui/matrix/view-state.ts'
import { paths } from '#src/ui/paths.ts'
import { UnknownParts } from '#src/ui/view-state/unknown-parts.tsx'

interface Place {
  workspace: string
  project: string
}

type State = ReturnType<typeof useMatrixState>

const SET_WORDS: Readonly<Record<(typeof MATRIX_SETS)[number], string>> = {
  stages: 'Checkpoint of each stage',
  all: 'All checkpoints',
  path: 'One path',
  branches: 'Branches from a stage',
  picked: 'Picked checkpoints',
}
const GROUP_WORDS: Readonly<Record<(typeof GROUPINGS)[number], string>> = {
  category: 'Grouped by category',
  role: 'Grouped by role',
  none: 'Not grouped',
}

/** Every checkpoint against every benchmark: score, interval, n, and the change against a baseline. */
export function EvaluationsView({ workspace, project }: Place) {
  const [state, set] = useMatrixState()
  const chosen = state.set ?? 'stages'
  // Until something is picked there is nothing to ask for: the stages are shown.
  const isPicked = chosen === 'picked' && state.picked.length > 0
  return (
    <MatrixScreen
      workspace={workspace}
      project={project}
      title="Evaluations"
      notice={<UnknownParts known={MATRIX_WORDS} />}
      shows="scores"
      asked={{
        set: chosen === 'picked' && !isPicked ? 'stages' : chosen,
        baseline: state.baseline,
        ...(isPicked && { checkpoints: state.picked.join(',') }),
        ...((chosen === 'path' || chosen === 'branches') && state.leaf !== null && { leaf: state.leaf }),
        ...(chosen === 'path' && { siblings: 'none' as const }),
      }}
      state={state}
      set={set}
      sentence={evaluationsSentence}
      actions={(matrix) => (
        <BaselineControl
          baseline={state.baseline}
          matrix={matrix}
          onChange={(baseline) => void set({ baseline }, { history: 'push' })}
        />
      )}
      controls={(matrix) => (
        <>
          <Chosen matrix={matrix} state={state} set={set} />
          <Select
            aria-label="Groups"
            w={172}
            value={state.group}
            data={GROUPINGS.map((value) => ({ value, label: GROUP_WORDS[value] }))}
            onChange={(value) => void set({ group: GROUPINGS.find((group) => group === value) ?? null })}
          />
          <Button
            aria-pressed={state.sort === 'worst'}
            variant={state.sort === 'worst' ? 'light' : 'default'}
            leftSection={<ArrowDownWideNarrow size={14} strokeWidth={1.75} aria-hidden />}
            onClick={() => void set({ sort: state.sort === 'worst' ? null : 'worst' })}
          >
            Worst first
          </Button>
          <Checkbox
            size="xs"
            label="Hide not significant"
            checked={state.certain}
            onChange={(event) => void set({ certain: event.currentTarget.checked })}
          />
          <Link className="link" href={differencesAddress(workspace, project, state)}>
            Differences as a forest plot
          </Link>
          <Link className="link" href={paths.retention(workspace, project)}>
            Retention along a path
          </Link>
          <Link className="link" href={paths.preferences(workspace, project)}>
            Preferences
          </Link>
          <Link className="link" href={paths.addResults(workspace, project)}>
            Add results
          </Link>
        </>
      )}
      empty={(matrix) => (
        <NothingMeasured matrix={matrix}>
          <Link className="link" href={paths.addResults(workspace, project)}>
            Add results from files
          </Link>{' '}
          {chosen === 'stages' && (matrix.measured?.length ?? 0) > 0 ? (
            <button type="button" className="link" onClick={() => void set({ set: 'all' })}>
              Show all {matrix.measured?.length} measured checkpoints
            </button>
          ) : chosen !== 'stages' ? (
            <button type="button" className="link" onClick={() => void set({ set: null, leaf: null, picked: null })}>
              Show the checkpoint of each stage
            </button>
          ) : null}
        </NothingMeasured>
      )}
    />
  )
}

/** The same baseline, and the checkpoint of the open cell or the first picked one. */
function differencesAddress(workspace: string, project: string, { baseline, cell, picked }: State[0]): string {
  const open = readCellName(cell)
  return paths.differences(workspace, project, {
    checkpoint: open?.checkpoint ?? picked[0],
    variant: open?.variant,
    baseline: baseline === 'parent' ? undefined : baseline,
  })
}

/** Which checkpoints are shown, and the stage or the list that the choice needs. */
function Chosen({ matrix, state, set }: { matrix: Matrix; state: State[0]; set: State[1] }) {
  const chosen = state.set ?? 'stages'
  const stages = (matrix.stages ?? []).map(({ number, name }) => ({ value: String(number), label: name }))
  return (
    <>
      <Select
        aria-label="Checkpoints"
        w={204}
        value={chosen}
        data={MATRIX_SETS.map((value) => ({ value, label: SET_WORDS[value] }))}
        onChange={(value) => {
          const next = MATRIX_SETS.find((name) => name === value) ?? null
          void set({ set: next === 'stages' ? null : next, cell: null }, { history: 'push' })
        }}
      />
      {chosen === 'path' || chosen === 'branches' ? (
        <Select
          aria-label={chosen === 'path' ? 'Path to' : 'Branches from'}
          w={172}
          searchable
          limit={100}
          placeholder={chosen === 'path' ? 'to the longest' : 'from a stage'}
          value={state.leaf === null ? (matrix.leaf === null ? null : String(matrix.leaf)) : String(state.leaf)}
          data={stages}
          onChange={(value) => value !== null && void set({ leaf: Number(value), cell: null }, { history: 'push' })}
        />
      ) : null}
      {chosen === 'picked' ? (
        <MultiSelect
          aria-label="Picked checkpoints"
          size="xs"
          miw={240}
          maw={520}
          searchable
          clearable
          limit={60}
          placeholder={state.picked.length === 0 ? 'Pick checkpoints' : undefined}
          value={state.picked}
          data={checkpointOptions(matrix)}
          onChange={(picked) => void set({ picked, cell: null })}
        />
      ) : null}
    </>
  )
}
