import {
  Box,
  ChartLine,
  Ellipsis,
  Filter,
  Folder,
  GitCompareArrows,
  Hash,
  type LucideIcon,
  MoveRight,
  Ruler,
  SunMoon,
} from 'lucide-react'
import { RunSwatch } from '#src/ui/charts/line-swatch.tsx'
import { runLook } from '#src/ui/charts/run-colour.ts'
import { StageIcon } from '#src/ui/marks/stage-icon.tsx'
import { Matched } from './matched.tsx'
import styles from './palette.module.css'
import type { ItemKind, PaletteItem } from './palette-items.ts'
import type { PaletteLine, ShownGroup } from './palette-lines.ts'

/** What was found, in groups with their counts. The input holds the focus; the chosen line is told by `aria-activedescendant`. */
export function PaletteList(props: {
  id: string
  groups: readonly ShownGroup[]
  active: number
  typed: string
  /** Instead of lines. */
  empty: string
  onPoint: (at: number) => void
  onTake: (line: PaletteLine) => void
}) {
  const { id, groups, active, typed, empty, onPoint, onTake } = props
  let next = 0
  return (
    <div className={styles.list} role="listbox" id={`${id}-list`} aria-label="What was found">
      {empty && !groups.some(({ title }) => title !== 'Actions') ? <p className={styles.empty}>{empty}</p> : null}
      {groups.map(({ title, count, lines }) => (
        // biome-ignore lint/a11y/useSemanticElements: a group of options, not of form fields.
        <div key={title} role="group" aria-label={`${title}, ${count}`}>
          <div className={styles.groupTitle} aria-hidden>
            {title} <span>{count}</span>
          </div>
          {lines.map((line) => {
            const at = next++
            return (
              <Line
                key={line.kind === 'item' ? line.item.id : 'more'}
                id={`${id}-${at}`}
                line={line}
                typed={typed}
                isActive={at === active}
                onPoint={() => onPoint(at)}
                onTake={() => onTake(line)}
              />
            )
          })}
        </div>
      ))}
    </div>
  )
}

function Line(props: {
  id: string
  line: PaletteLine
  typed: string
  isActive: boolean
  onPoint: () => void
  onTake: () => void
}) {
  const { id, line, typed, isActive, onPoint, onTake } = props
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the input holds the focus and takes by key.
    <div
      ref={(element) => {
        if (isActive) element?.scrollIntoView({ block: 'nearest' })
      }}
      id={id}
      className={styles.row}
      role="option"
      tabIndex={-1}
      aria-selected={isActive}
      onMouseMove={isActive ? undefined : onPoint}
      onMouseDown={(event) => event.preventDefault()}
      onClick={onTake}
    >
      {line.kind === 'more' ? (
        <>
          <Ellipsis className={styles.rowIcon} size={16} strokeWidth={1.75} aria-hidden />
          <span className={styles.rowDetail}>{line.count.toLocaleString('en')} more</span>
        </>
      ) : (
        <>
          <Look look={line.item.look} />
          <span className={styles.rowTitle}>
            <Matched text={line.item.title} part={typed} />
          </span>
          <span className={styles.rowDetail}>
            <Matched text={line.item.detail} part={typed} />
          </span>
          <span className={styles.rowRight}>{line.item.right}</span>
        </>
      )}
    </div>
  )
}

const ICONS: Readonly<Record<ItemKind, LucideIcon>> = {
  project: Folder,
  checkpoint: Box,
  config: Hash,
  metric: ChartLine,
  benchmark: Ruler,
  page: MoveRight,
  filter: Filter,
  theme: SunMoon,
  compare: GitCompareArrows,
}

function Look({ look }: { look: PaletteItem['look'] }) {
  if (look.kind === 'run')
    return (
      <span className={styles.rowIcon}>
        <RunSwatch look={runLook(look.number)} />
      </span>
    )
  if (look.kind === 'stage')
    return (
      <span className={styles.rowIcon}>
        <StageIcon kind={look.stage} size={18} />
      </span>
    )
  const Icon = ICONS[look.kind]
  return <Icon className={styles.rowIcon} size={16} strokeWidth={1.75} aria-hidden />
}
