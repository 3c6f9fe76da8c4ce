/** From a layout and the keys that runs have logged to the sections and panels on the screen. */
import { LOSS_KEYS } from '../lineage/loss-keys.ts'
import { isTelemetryKey } from '../metrics/metric-key.ts'
import { keyPanelId, type Layout, type Panel, prefixOf, prefixSectionId, type Section } from './layout.ts'

/** A section as it is shown: its panels and those that its keys have without anybody's doing. */
export interface ShownSection {
  section: Section
  panels: Panel[]
  /** Panels that a search of charts leaves out. */
  left: number
}

/**
 * The sections in their order: moved ones, those that were made, keys without a prefix, prefixes by the alphabet, telemetry. A section
 * without a panel is shown only if it was made by hand; under a search only if something in it matches.
 *
 * @param keys metric keys, each once
 * @param matches whether a search of charts keeps a name; null: no search
 */
export function composeSections(
  layout: Pick<Layout, 'sections' | 'order'>,
  keys: readonly string[],
  matches: ((name: string) => boolean) | null = null,
): ShownSection[] {
  const byPrefix = new Map<string, string[]>()
  for (const key of keys) {
    const prefix = prefixOf(key)
    const of = byPrefix.get(prefix)
    if (of) of.push(key)
    else byPrefix.set(prefix, [key])
  }
  const known = new Map(layout.sections.map((section) => [section.id, section]))
  const sections = [
    ...layout.sections.filter((section) => section.prefix === undefined || !byPrefix.has(section.prefix)),
    ...[...byPrefix.keys()]
      .sort(byPlace)
      .map((prefix) => known.get(prefixSectionId(prefix)) ?? untouchedSection(prefix)),
  ]
  // A chart that was moved to another section has left the one of its key.
  const placed = new Set(layout.sections.flatMap((section) => section.panels.map((panel) => panel.id)))
  const places = new Map((layout.order ?? []).map((id, i) => [id, i]))
  const placeOf = ({ id }: Section) => places.get(id) ?? places.size
  return sections
    .map((section, i) => ({ section, i }))
    .sort((a, b) => placeOf(a.section) - placeOf(b.section) || a.i - b.i)
    .flatMap(({ section }) => {
      const all = panelsOf(section, byPrefix.get(section.prefix ?? '\n') ?? [], placed)
      const panels = matches ? all.filter((panel) => matches(panelName(panel))) : all
      // One whose charts were all taken away stays, since its menu brings them back.
      const isWaiting = section.prefix === undefined || (section.removed ?? []).length > 0
      const isKept = panels.length > 0 || (matches === null && isWaiting)
      return isKept ? [{ section, panels, left: all.length - panels.length }] : []
    })
}

/** The section of a prefix as it is before anybody changes it; telemetry is folded. */
export const untouchedSection = (prefix: string): Section => ({
  id: prefixSectionId(prefix),
  title: prefix,
  prefix,
  collapsed: isTelemetryKey(`${prefix}/`),
  panels: [],
})

/** What a panel is called, and searched by. */
export function panelName(panel: Panel): string {
  if (panel.title) return panel.title
  switch (panel.kind) {
    case 'line':
      return panel.metrics.join(', ')
    case 'scatter':
      return `${panel.y} over ${panel.x}`
    case 'bar':
      return panel.by ? `${panel.field} by ${panel.by}` : panel.field
    case 'histogram':
      return `Distribution of ${panel.field}`
    case 'parallel':
      return [...panel.fields, ...(panel.target ? [panel.target] : [])].join(', ')
    case 'table':
      return panel.fields.join(', ')
    case 'text':
      return /^#*\s*(.*)$/m.exec(panel.markdown)?.[1]?.slice(0, 80) || 'Text'
    case 'number':
      return `${panel.aggregate} of ${panel.field}`
  }
}

function panelsOf(section: Section, keys: readonly string[], placed: ReadonlySet<string>): Panel[] {
  const removed = new Set(section.removed)
  const changed = section.changed ?? {}
  const own: Panel[] = keys
    .toSorted(section.prefix === '' ? byLossFirst : byName)
    .filter((key) => !placed.has(keyPanelId(key)) && !removed.has(keyPanelId(key)))
    .map((key) => {
      const id = keyPanelId(key)
      return { id, kind: 'line', metrics: [key], ...changed[id] }
    })
  return [...section.panels, ...own]
}

const RANKS: ReadonlyMap<string, number> = new Map(LOSS_KEYS.map((key, i) => [key, i]))
const rankOf = (key: string): number => RANKS.get(key) ?? RANKS.size

// Numbers within names count: layer 2 stands before layer 10.
const names = new Intl.Collator('en', { numeric: true })
const byName = (a: string, b: string): number => names.compare(a, b) || (a < b ? -1 : 1)
const byLossFirst = (a: string, b: string): number => rankOf(a) - rankOf(b) || byName(a, b)

function byPlace(a: string, b: string): number {
  const rank = (prefix: string) => (prefix === '' ? 0 : isTelemetryKey(`${prefix}/`) ? 2 : 1)
  return rank(a) - rank(b) || byName(a, b)
}
