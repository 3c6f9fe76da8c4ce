'use client'
import { ActionIcon, Button, Checkbox, TextInput } from '@mantine/core'
import { useMediaQuery } from '@mantine/hooks'
import { FolderPlus, Search, SlidersHorizontal } from 'lucide-react'
import { useEffect, useState } from 'react'
import { addSection } from '#src/core/layouts/change-layout.ts'
import { COLOURED_BY, type ColouredBy } from '#src/ui/charts/run-colour.ts'
import { Popover } from '#src/ui/kit/popover.tsx'
import { Select } from '#src/ui/kit/select.tsx'
import { Tooltip } from '#src/ui/kit/tooltip.tsx'
import { ViewUndo } from '#src/ui/view-state/view-undo.tsx'
import { AxisField, GroupingField, ScaleFields, SmoothingField } from './look-fields.tsx'
import type { ChartSearch } from './search-charts.ts'
import styles from './workspace.module.css'
import { useParts } from './workspace-context.tsx'

const COLOUR_WORDS: Readonly<Record<ColouredBy, string>> = {
  run: 'Colour by run',
  stage: 'Colour by stage',
  group: 'Colour by the grouping key',
}

/** The controls of all charts: what is asked for most in the open, the rest behind one button. */
export function WorkspaceBar(props: { search: ChartSearch; count: number; onColouredBy?: (by: ColouredBy) => void }) {
  const { state, keys, colouredBy, set } = useParts()
  const fields = { look: state.look, onLook: state.changeLook, keys }
  const isWide = useMediaQuery('(min-width: 48em)', true, { getInitialValueInEffect: false })
  const hasGroups = set.runs.some((run) => run.groupKey !== null)
  const more = (
    <>
      {isWide ? null : (
        <>
          <SmoothingField {...fields} />
          <GroupingField {...fields} />
        </>
      )}
      <ScaleFields {...fields} />
      {props.onColouredBy ? (
        <Select
          aria-label="Colours"
          w={210}
          allowDeselect={false}
          value={colouredBy}
          data={COLOURED_BY.map((by) => ({
            value: by,
            label: by === 'group' && !hasGroups ? `${COLOUR_WORDS[by]} (group the table first)` : COLOUR_WORDS[by],
            disabled: by === 'group' && !hasGroups,
          }))}
          onChange={(value) => {
            const by = COLOURED_BY.find((known) => known === value)
            if (by) props.onColouredBy?.(by)
          }}
        />
      ) : null}
      <Button
        leftSection={<FolderPlus size={14} strokeWidth={1.75} aria-hidden />}
        onClick={() => state.arrange((before) => addSection(before, newId(), 'My charts'), 'a new section')}
      >
        Add a section
      </Button>
    </>
  )
  return (
    <div className={styles.bar}>
      <AxisField {...fields} />
      {isWide ? (
        <>
          <SmoothingField {...fields} />
          <Checkbox
            size="xs"
            label="Log y"
            checked={state.look.logY}
            onChange={(event) => state.changeLook({ logY: event.currentTarget.checked })}
          />
          <GroupingField {...fields} />
        </>
      ) : null}
      <span className={styles.barEnd}>
        <ViewUndo />
        <Popover position="bottom-end" width={260} trapFocus returnFocus>
          <Popover.Target>
            <Tooltip label="More settings of all charts">
              <ActionIcon variant="subtle" color="gray" size={28} aria-label="More settings of all charts">
                <SlidersHorizontal size={16} strokeWidth={1.75} aria-hidden />
              </ActionIcon>
            </Tooltip>
          </Popover.Target>
          <Popover.Dropdown>
            <div className={styles.more}>{more}</div>
          </Popover.Dropdown>
        </Popover>
      </span>
      <ChartSearchField search={props.search} count={props.count} />
    </div>
  )
}

/** An id that no other part of a layout has. */
export const newId = (): string => `own:${crypto.randomUUID().slice(0, 8)}`

/** A regular expression over the names of charts; what is wrong with it is said at its right end. */
function ChartSearchField({ search, count }: { search: ChartSearch; count: number }) {
  const { state } = useParts()
  const { charts } = state.words
  const [text, setText] = useState(charts)
  useEffect(() => setText(charts), [charts])
  return (
    <TextInput
      className={styles.search}
      aria-label="Search charts by regular expression"
      placeholder="Search charts: loss|acc$"
      leftSection={<Search size={14} strokeWidth={1.75} aria-hidden />}
      value={text}
      maxLength={200}
      rightSectionWidth="auto"
      rightSection={
        <span className={styles.searchEnd} role="status" data-wrong={search.kind === 'wrong' || undefined}>
          {search.kind === 'wrong'
            ? `expected ${search.expected}`
            : `${count.toLocaleString('en')} ${count === 1 ? 'chart' : 'charts'}`}
        </span>
      }
      onChange={(event) => {
        setText(event.currentTarget.value)
        state.search(event.currentTarget.value)
      }}
      onKeyDown={(event) => {
        if (event.key !== 'Escape' || text === '') return
        event.stopPropagation()
        setText('')
        state.search('')
      }}
    />
  )
}
