/**
 * What a person changed of a layout as one line of text for an address or a saved view, and back. Reading is forgiving: a part that is
 * not understood is left out and counted, the rest holds.
 */
import { GROUP_BANDS, GROUP_CENTERS, SMOOTHINGS, X_AXES } from '../metrics/chart-choices.ts'
import {
  AGGREGATES,
  BAR_SPREADS,
  HISTOGRAM_BINS_MAX,
  PANEL_FIELDS_MAX,
  PANEL_TEXT_MAX,
} from '../panels/panel-content.ts'
import { untouchedSection } from './compose.ts'
import {
  COLUMNS,
  GROUPED_BY,
  type Grouping,
  keyPanelId,
  type Layout,
  type LookOverride,
  type Panel,
  type PanelChange,
  prefixSectionId,
  type Section,
} from './layout.ts'

/** The part of a layout that is kept here; the look of all charts is kept beside it. */
export type Arrangement = Pick<Layout, 'sections' | 'order'>

export const NO_ARRANGEMENT: Arrangement = { sections: [] }

const SECTIONS_MAX = 500
const PANELS_MAX = 2000
const TEXT_MAX = 400_000
const NAME_MAX = 256
const METRICS_MAX = 50

/** One line of JSON; '' where nothing was changed. Charts of keys that were only moved are written as their key. */
export function arrangementText({ sections, order }: Arrangement): string {
  const written = sections.flatMap((section) => sectionValue(section) ?? [])
  if (written.length === 0 && !order?.length) return ''
  return JSON.stringify({ ...(written.length > 0 && { s: written }), ...(order?.length && { o: order }) })
}

/** The layout that a text holds, and how many of its parts were not understood. */
export function readArrangement(text: string): { arrangement: Arrangement; ignored: number } {
  if (text === '') return { arrangement: NO_ARRANGEMENT, ignored: 0 }
  const told = text.length > TEXT_MAX ? null : parsed(text)
  if (!isObject(told)) return { arrangement: NO_ARRANGEMENT, ignored: 1 }
  const ids = new Set<string>()
  let ignored = 0
  const sections = listOf(told.s, SECTIONS_MAX).flatMap((value) => {
    const read = readSection(value)
    if (!read || ids.has(read.section.id)) {
      ignored++
      return []
    }
    ids.add(read.section.id)
    ignored += read.ignored
    return [read.section]
  })
  const order = listOf(told.o, SECTIONS_MAX * 10).filter((id) => typeof id === 'string')
  return { arrangement: { sections, ...(order.length > 0 && { order }) }, ignored }
}

function sectionValue(section: Section): object | null {
  const plain = section.prefix === undefined ? null : untouchedSection(section.prefix)
  const value = {
    ...(plain ? { k: section.prefix } : { id: section.id, t: section.title }),
    ...(section.collapsed !== (plain?.collapsed ?? false) && { c: section.collapsed }),
    ...(section.look && { l: section.look }),
    ...(section.panels.length > 0 && { p: section.panels.map(panelValue) }),
    ...(section.removed?.length && { r: section.removed }),
    ...(section.changed && { x: section.changed }),
  }
  return plain && Object.keys(value).length === 1 ? null : value
}

/** A key's own chart, moved and not changed, is its key. */
function panelValue(panel: Panel): unknown {
  const [metric] = panel.kind === 'line' ? panel.metrics : []
  const isPlain = metric !== undefined && panel.id === keyPanelId(metric) && Object.keys(panel).length === 3
  return isPlain && panel.kind === 'line' && panel.metrics.length === 1 ? metric : panel
}

function readSection(value: unknown): { section: Section; ignored: number } | null {
  if (!isObject(value)) return null
  const isOfKeys = isName(value.k) || value.k === ''
  if (!isOfKeys && !(isName(value.id) && isName(value.t))) return null
  const begin: Section = isOfKeys
    ? untouchedSection(value.k as string)
    : { id: value.id as string, title: value.t as string, collapsed: false, panels: [] }
  if (!isOfKeys && begin.id.startsWith(prefixSectionId(''))) return null
  const told = listOf(value.p, PANELS_MAX)
  const ids = new Set<string>()
  const panels = told.flatMap((item) => {
    const panel = readPanel(item)
    if (!panel || ids.has(panel.id)) return []
    ids.add(panel.id)
    return [panel]
  })
  const look = readLook(value.l)
  const removed = listOf(value.r, PANELS_MAX).filter(isName)
  const changed = Object.entries(isObject(value.x) ? value.x : {})
    .slice(0, PANELS_MAX)
    .flatMap(([id, change]) => (isObject(change) ? [[id, readFrame(change)] as const] : []))
  return {
    section: {
      ...begin,
      ...(typeof value.c === 'boolean' && { collapsed: value.c }),
      ...(Object.keys(look).length > 0 && { look }),
      panels,
      ...(removed.length > 0 && { removed }),
      ...(changed.length > 0 && { changed: Object.fromEntries(changed) }),
    },
    ignored: told.length - panels.length,
  }
}

function readPanel(value: unknown): Panel | null {
  if (isName(value)) return { id: keyPanelId(value), kind: 'line', metrics: [value] }
  if (!isObject(value) || !isName(value.id)) return null
  const frame = { id: value.id, ...readFrame(value) }
  const fields = (told: unknown, max: number): string[] | null => {
    const list = listOf(told, max)
    return list.length > 0 && list.every(isName) ? list : null
  }
  const mayBe = <K extends string>(name: K, told: unknown): { [k in K]?: string } =>
    (isName(told) ? { [name]: told } : {}) as { [k in K]?: string }
  switch (value.kind) {
    case 'line': {
      const metrics = fields(value.metrics, METRICS_MAX)
      return metrics && { ...frame, kind: 'line', metrics }
    }
    case 'scatter': {
      const { x, y } = value
      if (!isName(x) || !isName(y)) return null
      const scales = { ...(value.logX === true && { logX: true }), ...(value.logY === true && { logY: true }) }
      return { ...frame, kind: 'scatter', x, y, ...mayBe('colour', value.colour), ...scales }
    }
    case 'bar': {
      if (!isName(value.field)) return null
      const aggregate = oneOf(AGGREGATES, value.aggregate)
      const spread = oneOf(BAR_SPREADS, value.spread)
      return {
        ...frame,
        kind: 'bar',
        field: value.field,
        ...mayBe('by', value.by),
        ...(aggregate && { aggregate }),
        ...(spread && { spread }),
        ...(value.order === 'value' && { order: 'value' }),
      }
    }
    case 'histogram': {
      const { field, bins } = value
      if (!isName(field)) return null
      const isCount = isNumber(bins) && Number.isInteger(bins) && bins > 0
      return {
        ...frame,
        kind: 'histogram',
        field,
        ...(isCount && { bins: Math.min(bins, HISTOGRAM_BINS_MAX) }),
        ...(value.log === true && { log: true }),
      }
    }
    case 'parallel': {
      const list = fields(value.fields, PANEL_FIELDS_MAX)
      return list && { ...frame, kind: 'parallel', fields: list, ...mayBe('target', value.target) }
    }
    case 'table': {
      const list = fields(value.fields, PANEL_FIELDS_MAX)
      return list && { ...frame, kind: 'table', fields: list }
    }
    case 'text': {
      const { markdown } = value
      return typeof markdown === 'string'
        ? { ...frame, kind: 'text', markdown: markdown.slice(0, PANEL_TEXT_MAX) }
        : null
    }
    case 'number':
      return isName(value.field)
        ? { ...frame, kind: 'number', field: value.field, aggregate: oneOf(AGGREGATES, value.aggregate) ?? 'mean' }
        : null
    default:
      return null
  }
}

function readFrame(value: Readonly<Record<string, unknown>>): PanelChange {
  const { title, width, height } = value
  const look = readLook(value.look)
  return {
    ...(isName(title) && { title }),
    ...(isNumber(width) && { width: Math.round(Math.min(COLUMNS, Math.max(1, width))) }),
    ...(isNumber(height) && { height: Math.round(Math.min(2000, Math.max(40, height))) }),
    ...(Object.keys(look).length > 0 && { look }),
  }
}

/** What of a value can be looked at by; words that are unknown are left out. */
export function readLook(value: unknown): LookOverride {
  if (!isObject(value)) return {}
  const look: LookOverride = {}
  const x = oneOf(X_AXES, value.x)
  if (x && (x !== 'metric' || isName(value.xMetric))) look.x = x
  if (value.xMetric === null || isName(value.xMetric)) look.xMetric = value.xMetric
  if (value.smoothing === null) look.smoothing = null
  else if (isObject(value.smoothing)) {
    const { amount } = value.smoothing
    const kind = oneOf(SMOOTHINGS, value.smoothing.kind)
    if (kind && isNumber(amount) && amount > 0 && amount <= (kind === 'ema' ? 0.999 : 4000))
      look.smoothing = { kind, amount }
  }
  for (const name of ['logX', 'logY', 'outliers', 'members', 'superseded'] as const) {
    const told = value[name]
    if (typeof told === 'boolean') look[name] = told
  }
  for (const name of ['yMin', 'yMax'] as const) {
    const told = value[name]
    if (told === null || isNumber(told)) look[name] = told
  }
  if (value.group === null) look.group = null
  else {
    const group = readGrouping(value.group)
    if (group) look.group = group
  }
  return look
}

function readGrouping(value: unknown): Grouping | null {
  if (!isObject(value)) return null
  const by = oneOf(GROUPED_BY, value.by)
  if (!by || (by === 'config' && !isName(value.key))) return null
  return {
    by,
    ...(by === 'config' && { key: value.key as string }),
    center: oneOf(GROUP_CENTERS, value.center) ?? 'mean',
    band: oneOf(GROUP_BANDS, value.band) ?? 'min_max',
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const isName = (value: unknown): value is string =>
  typeof value === 'string' && value.length > 0 && value.length <= NAME_MAX

const isNumber = (value: unknown): value is number => typeof value === 'number' && Number.isFinite(value)

const listOf = (value: unknown, max: number): unknown[] => (Array.isArray(value) ? value.slice(0, max) : [])

const oneOf = <T extends string>(words: readonly T[], value: unknown): T | undefined =>
  words.find((word) => word === value)
