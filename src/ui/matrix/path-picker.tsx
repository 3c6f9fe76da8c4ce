'use client'
import { Box, Button } from '@mantine/core'
import { ChevronDown, ChevronRight } from 'lucide-react'
import type { Matrix, MatrixStage } from '#src/protocol/matrix.ts'
import { Menu } from '#src/ui/kit/menu.tsx'
import { Select } from '#src/ui/kit/select.tsx'
import { StageIcon } from '#src/ui/marks/stage-icon.tsx'
import styles from './matrix.module.css'
import { forksOf, leafBelow, stagesTo } from './path-of.ts'

interface Props {
  stages: readonly MatrixStage[]
  leaf: number
  onLeaf: (leaf: number) => void
}

/** The path itself is the control: its stops in order; a stop has a menu only where the lineage forks. */
export function PathPicker({ stages, leaf, onLeaf }: Props) {
  const path = stagesTo(leaf, stages)
  const last = path.at(-1)
  const below = last ? stages.filter((stage) => stage.parent === last.number) : []
  return (
    <>
      <Select
        hiddenFrom="sm"
        aria-label="Path to"
        w={172}
        searchable
        limit={100}
        value={String(leaf)}
        data={stages.map((stage) => ({ value: String(stage.number), label: `Path to ${stage.name}` }))}
        onChange={(value) => value !== null && onLeaf(Number(value))}
      />
      <Box component="nav" visibleFrom="sm" className={styles.path} aria-label="Path">
        <span>Path</span>
        {path.map((stop, i) => {
          const forks = stages.filter((stage) => stage.parent === stop.parent && (stop.parent !== null || i === 0))
          return (
            <span key={stop.number} className={styles.path}>
              {i > 0 ? <ChevronRight size={14} strokeWidth={1.75} aria-hidden className="ink-3" /> : null}
              {forks.length > 1 ? (
                <StopMenu
                  label={`Other branches at ${stop.name}`}
                  chosen={stop}
                  options={forks}
                  stages={stages}
                  onLeaf={onLeaf}
                />
              ) : (
                <span className={styles.stop}>
                  <StageIcon kind={stop.stage_kind} size={18} label />
                  {stop.name}
                </span>
              )}
            </span>
          )
        })}
        {below.length > 0 ? (
          <StopMenu label="Go on to" chosen={null} options={below} stages={stages} onLeaf={onLeaf} />
        ) : null}
      </Box>
    </>
  )
}

function StopMenu(props: {
  label: string
  chosen: MatrixStage | null
  options: readonly MatrixStage[]
  stages: readonly MatrixStage[]
  onLeaf: (leaf: number) => void
}) {
  const { chosen } = props
  return (
    <Menu position="bottom-start">
      <Menu.Target>
        <Button
          aria-label={chosen ? `${chosen.name}. ${props.label}` : props.label}
          leftSection={chosen ? <StageIcon kind={chosen.stage_kind} size={18} /> : undefined}
          rightSection={<ChevronDown size={14} strokeWidth={1.75} aria-hidden />}
        >
          {chosen?.name ?? 'go on'}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {props.options.map((stage) => (
          <Menu.Item
            key={stage.number}
            leftSection={<StageIcon kind={stage.stage_kind} size={18} label />}
            rightSection={stage.measured ? undefined : <span className="ink-3">not measured</span>}
            fw={stage.number === chosen?.number ? 600 : undefined}
            onClick={() => props.onLeaf(leafBelow(stage.number, props.stages))}
          >
            {stage.name}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  )
}

/** Which fork of the path is unfolded beside it. */
export function SiblingsPicker(props: {
  matrix: Pick<Matrix, 'siblings'>
  stages: readonly MatrixStage[]
  leaf: number
  onSiblings: (siblings: string) => void
}) {
  const { matrix, stages, leaf, onSiblings } = props
  const forks = forksOf(leaf, stages)
  if (forks.length === 0) return null
  const shown = forks.find((stop) => stop.number === matrix.siblings)
  return (
    <span className={styles.path}>
      <span className={styles.label}>Siblings</span>
      <Menu position="bottom-end">
        <Menu.Target>
          <Button
            aria-label={shown ? `Siblings of ${shown.name} are shown` : 'No siblings are shown'}
            leftSection={shown ? <StageIcon kind={shown.stage_kind} size={18} /> : undefined}
            rightSection={<ChevronDown size={14} strokeWidth={1.75} aria-hidden />}
          >
            {shown ? `of ${shown.name}` : 'none'}
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          {forks.map((stop) => (
            <Menu.Item
              key={stop.number}
              leftSection={<StageIcon kind={stop.stage_kind} size={18} label />}
              fw={stop.number === shown?.number ? 600 : undefined}
              onClick={() => onSiblings(String(stop.number))}
            >
              of {stop.name}
            </Menu.Item>
          ))}
          <Menu.Item onClick={() => onSiblings('none')}>none</Menu.Item>
        </Menu.Dropdown>
      </Menu>
    </span>
  )
}
