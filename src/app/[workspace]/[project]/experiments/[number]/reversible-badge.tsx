import type { StagePage } from '#src/protocol/lineage.ts'
import { Chip } from '#src/ui/kit/chip.tsx'
import { keptWords } from './kept-words.ts'

/** That a stage can be undone, and beside it what it kept as measured: frozen weights alone keep nothing. */
export function ReversibleBadge({ page }: { page: StagePage }) {
  if (!page.experiment.reversible) return null
  return (
    <span>
      <Chip title="It trained an adapter that was not merged: the weights of its base are unchanged, and leaving the adapter away brings them back.">
        reversible: base weights unchanged
      </Chip>{' '}
      <span className="ink-3">{keptWords(page)}</span>
    </span>
  )
}
