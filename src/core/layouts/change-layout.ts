/** What a person does to a layout; each gives a new one and leaves the old as it is. */
import type { ShownSection } from './compose.ts'
import {
  COLUMNS,
  keyPanelId,
  type Layout,
  type LookOverride,
  type Panel,
  type PanelChange,
  prefixOf,
  type Section,
} from './layout.ts'

type Parts = Pick<Layout, 'sections' | 'order'>

export const HEIGHT_MIN = 80
export const HEIGHT_MAX = 800
export const WIDTH_MIN = 2

/** With one section changed; one that was untouched is kept from now on, one that says nothing any more is forgotten. */
export function changeSection<L extends Parts>(layout: L, shown: Section, change: (section: Section) => Section): L {
  const isKnown = layout.sections.some((section) => section.id === shown.id)
  const next = change(layout.sections.find((section) => section.id === shown.id) ?? shown)
  const sections = isKnown
    ? layout.sections.map((section) => (section.id === shown.id ? next : section))
    : [...layout.sections, next]
  return { ...layout, sections }
}

/** With a section folded or unfolded. */
export const foldSection = <L extends Parts>(layout: L, section: Section, collapsed: boolean): L =>
  changeSection(layout, section, (s) => ({ ...s, collapsed }))

/** With what a section has of its own; an empty override drops it. */
export const lookAtSection = <L extends Parts>(layout: L, section: Section, look: LookOverride): L =>
  changeSection(layout, section, (s) => withLook(s, look))

/** With a panel's title, size or look changed where it stands; a look without a word drops it. */
export function changePanel<L extends Parts>(layout: L, section: Section, panelId: string, change: PanelChange): L {
  return changeSection(layout, section, (s) => {
    if (s.panels.some((panel) => panel.id === panelId))
      return {
        ...s,
        panels: s.panels.map((panel) => (panel.id === panelId ? merged(panel, change) : panel)),
      }
    const next = merged(s.changed?.[panelId] ?? {}, change)
    const { [panelId]: _, ...others } = s.changed ?? {}
    const changed = Object.keys(next).length === 0 ? others : { ...others, [panelId]: next }
    const { changed: _before, ...rest } = s
    return Object.keys(changed).length === 0 ? rest : { ...rest, changed }
  })
}

/** With a panel of another size, within bounds: columns from 2 to 12, height in steps of 10 px. */
export const resizePanel = <L extends Parts>(
  layout: L,
  section: Section,
  panelId: string,
  size: { width?: number; height?: number },
): L =>
  changePanel(layout, section, panelId, {
    ...(size.width !== undefined && { width: Math.round(Math.min(COLUMNS, Math.max(WIDTH_MIN, size.width))) }),
    ...(size.height !== undefined && {
      height: Math.round(Math.min(HEIGHT_MAX, Math.max(HEIGHT_MIN, size.height)) / 10) * 10,
    }),
  })

/** With a new panel at the beginning of a section, or in the place of the one with its id. */
export const putPanel = <L extends Parts>(layout: L, section: Section, panel: Panel): L =>
  changeSection(layout, section, (s) =>
    s.panels.some((other) => other.id === panel.id)
      ? { ...s, panels: s.panels.map((other) => (other.id === panel.id ? panel : other)) }
      : { ...s, panels: [panel, ...s.panels] },
  )

/** Without a panel; that of a key stays away until it is brought back. */
export const removePanel = <L extends Parts>(layout: L, section: Section, panelId: string): L =>
  changeSection(layout, section, (s) => ({
    ...withoutPanel(s, panelId),
    ...(isOfKey(panelId, s) && { removed: [...new Set([...(s.removed ?? []), panelId])] }),
  }))

/** With everything that was taken away from a section back in it. */
export const restoreRemoved = <L extends Parts>(layout: L, section: Section): L =>
  changeSection(layout, section, ({ removed: _, ...rest }) => rest)

/**
 * With a panel before another one of the same or another section, or at a section's end.
 *
 * @param shown the sections as they are on the screen: what stands before the place from now on stands there for good
 */
export function movePanel<L extends Parts>(
  layout: L,
  shown: readonly ShownSection[],
  panelId: string,
  to: { section: string; before: string | null },
): L {
  const source = shown.find(({ panels }) => panels.some((panel) => panel.id === panelId))
  const target = shown.find(({ section }) => section.id === to.section)
  const panel = source?.panels.find((p) => p.id === panelId)
  if (!source || !target || !panel || to.before === panelId) return layout
  const others = target.panels.filter((p) => p.id !== panelId)
  const found = to.before === null ? -1 : others.findIndex((p) => p.id === to.before)
  const place = found === -1 ? others.length : found
  const placed = new Set(target.section.panels.map((p) => p.id))
  const lastPlaced = others.findLastIndex((p) => placed.has(p.id))
  const fixed = [...others.slice(0, place), panel, ...others.slice(place, Math.max(place, lastPlaced + 1))]
  const fixedIds = new Set(fixed.map((p) => p.id))
  const isSame = source.section.id === target.section.id
  const left = isSame ? layout : changeSection(layout, source.section, (s) => withoutPanel(s, panelId))
  return changeSection(left, target.section, ({ changed, removed, ...rest }) => {
    const kept = Object.entries(changed ?? {}).filter(([id]) => !fixedIds.has(id))
    const gone = (removed ?? []).filter((id) => id !== panelId)
    return {
      ...rest,
      panels: fixed,
      ...(kept.length > 0 && { changed: Object.fromEntries(kept) }),
      ...(gone.length > 0 && { removed: gone }),
    }
  })
}

/** With a section one place up or down among those shown. */
export function moveSection<L extends Parts>(layout: L, shown: readonly ShownSection[], id: string, by: 1 | -1): L {
  const ids = shown.map(({ section }) => section.id)
  const at = ids.indexOf(id)
  const to = at + by
  if (at === -1 || to < 0 || to >= ids.length) return layout
  ids.splice(at, 1)
  ids.splice(to, 0, id)
  return { ...layout, order: ids.slice(0, Math.max(at, to) + 1) }
}

/** With an empty section in front. */
export const addSection = <L extends Parts>(layout: L, id: string, title: string): L => ({
  ...layout,
  sections: [{ id, title, collapsed: false, panels: [] }, ...layout.sections],
  ...(layout.order && { order: [id, ...layout.order] }),
})

/** Without a section that was made by hand, and without its panels. */
export const removeSection = <L extends Parts>(layout: L, id: string): L => ({
  ...layout,
  sections: layout.sections.filter((section) => section.id !== id),
  ...(layout.order && { order: layout.order.filter((other) => other !== id) }),
})

const KEY = keyPanelId('')

/** Whether a panel is that of a key, in the section where it stands without anybody's doing. */
const isOfKey = (panelId: string, section: Section): boolean =>
  panelId.startsWith(KEY) && section.prefix === prefixOf(panelId.slice(KEY.length))

const withoutPanel = (section: Section, panelId: string): Section => ({
  ...section,
  panels: section.panels.filter((panel) => panel.id !== panelId),
})

function withLook<T extends { look?: LookOverride }>(part: T, look: LookOverride): T {
  const { look: _, ...rest } = part
  return Object.keys(look).length === 0 ? (rest as T) : { ...part, look }
}

/** What is undefined is left away. */
function merged<T extends PanelChange>(part: T, change: PanelChange): T {
  const next = Object.fromEntries(Object.entries({ ...part, ...change }).filter(([, value]) => value !== undefined))
  return withLook(next as T, (next as T).look ?? {})
}
