'use client'
import type { FlipKind } from '#src/core/evaluations/matrix-kinds.ts'
import { later } from '#src/ui/kit/later.tsx'
import { type MatrixViewState, readCellName } from './view-state.ts'

const CellPanel = later(() => import('./cell-panel.tsx').then((file) => file.CellPanel))

/** The cell that an address names, opened beside what it belongs to; nothing where it names none. */
export function OpenCell(props: {
  workspace: string
  project: string
  state: Pick<MatrixViewState, 'cell' | 'flip' | 'item' | 'baseline'>
  set: (change: { flip?: FlipKind | null; item: number | null }) => void
  /** True when it was opened by keys: they follow into it. */
  takesFocus: boolean
  onClose: () => void
}) {
  const { workspace, project, state, set, takesFocus, onClose } = props
  const open = readCellName(state.cell)
  if (!open) return null
  return (
    <CellPanel
      key={state.cell}
      workspace={workspace}
      project={project}
      {...open}
      baseline={state.baseline}
      flip={state.flip}
      item={state.item}
      takesFocus={takesFocus}
      onFlip={(flip) => set({ flip, item: null })}
      onItem={(item) => set({ item })}
      onClose={onClose}
    />
  )
}
