'use client'
import { useDroppable } from '@dnd-kit/core'
import { ActionIcon } from '@mantine/core'
import { ChevronRight, Ellipsis } from 'lucide-react'
import { useState } from 'react'
import {
  changeSection,
  foldSection,
  moveSection,
  removeSection,
  restoreRemoved,
} from '#src/core/layouts/change-layout.ts'
import type { ShownSection } from '#src/core/layouts/compose.ts'
import { Menu } from '#src/ui/kit/menu.tsx'
import { AddPanel } from './add-panel.tsx'
import { OwnLook } from './own-look.tsx'
import { RenameDialog } from './rename-dialog.tsx'
import styles from './workspace.module.css'
import { sectionName, useParts } from './workspace-context.tsx'

/** The head of a section: folds it, says how much is in it and what is set for it alone, and takes charts that are dropped on it. */
export function SectionHead({ shown }: { shown: ShownSection }) {
  const { section, panels, left } = shown
  const { state, sections, askLook } = useParts()
  const [renames, setRenames] = useState(false)
  const name = sectionName(section)
  const { setNodeRef, isOver } = useDroppable({
    id: `head ${section.id}`,
    data: { section: section.id, before: 'first' },
  })
  const place = sections.findIndex((other) => other.section.id === section.id)
  const removed = section.removed?.length ?? 0
  return (
    <div ref={setNodeRef} className={styles.sectionHead} data-over={isOver || undefined}>
      <h2 className={styles.sectionTitle}>
        <button
          type="button"
          className={styles.fold}
          aria-expanded={!section.collapsed}
          onClick={() =>
            state.arrange(
              (before) => foldSection(before, section, !section.collapsed),
              `${section.collapsed ? 'unfold' : 'fold'} ${name}`,
            )
          }
        >
          <ChevronRight size={14} strokeWidth={1.75} aria-hidden />
          {name}
        </button>
      </h2>
      <span className={styles.sectionCount}>
        {panels.length.toLocaleString('en')} {panels.length === 1 ? 'chart' : 'charts'}
        {left > 0 ? ` of ${(panels.length + left).toLocaleString('en')}` : ''}
      </span>
      <span className={styles.sectionEnd}>
        <OwnLook look={section.look} what={`the section ${name}`} section={section} panel={null} />
        <AddPanel section={section} />
        <Menu position="bottom-end" width={220} withInitialFocusPlaceholder={false}>
          <Menu.Target>
            <ActionIcon variant="subtle" color="gray" size={24} aria-label={`More for the section ${name}`}>
              <Ellipsis size={14} strokeWidth={1.75} aria-hidden />
            </ActionIcon>
          </Menu.Target>
          <Menu.Dropdown>
            <Menu.Item onClick={() => askLook(section, null)}>Look of this section…</Menu.Item>
            <Menu.Item onClick={() => setRenames(true)}>Rename…</Menu.Item>
            {place > 0 ? (
              <Menu.Item
                onClick={() => state.arrange((b) => moveSection(b, sections, section.id, -1), `move ${name} up`)}
              >
                Move up
              </Menu.Item>
            ) : null}
            {place < sections.length - 1 ? (
              <Menu.Item
                onClick={() => state.arrange((b) => moveSection(b, sections, section.id, 1), `move ${name} down`)}
              >
                Move down
              </Menu.Item>
            ) : null}
            {removed > 0 ? (
              <Menu.Item
                onClick={() => state.arrange((b) => restoreRemoved(b, section), `bring charts back to ${name}`)}
              >
                Bring back {removed} {removed === 1 ? 'chart' : 'charts'}
              </Menu.Item>
            ) : null}
            {section.prefix === undefined ? (
              <Menu.Item
                onClick={() => state.arrange((b) => removeSection(b, section.id), `remove the section ${name}`)}
              >
                Remove the section
              </Menu.Item>
            ) : null}
          </Menu.Dropdown>
        </Menu>
      </span>
      {renames ? (
        <RenameDialog
          what={`the section ${name}`}
          name={name}
          onName={(title) =>
            state.arrange((b) => changeSection(b, section, (s) => ({ ...s, title })), `rename ${name}`)
          }
          onClose={() => setRenames(false)}
        />
      ) : null}
    </div>
  )
}
