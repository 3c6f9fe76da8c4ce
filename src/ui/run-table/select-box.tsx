import { Square, SquareCheck, SquareMinus } from 'lucide-react'

const ICONS = { on: SquareCheck, some: SquareMinus, off: Square }

/** The box of a row or a head that is selected, in part, or not. The state is told by the cell around it. */
export function SelectBox({ state }: { state: keyof typeof ICONS }) {
  const Icon = ICONS[state]
  return (
    <Icon
      size={15}
      strokeWidth={1.75}
      color={state === 'off' ? 'var(--ctl)' : 'var(--accent)'}
      aria-hidden
      style={{ display: 'block' }}
    />
  )
}
