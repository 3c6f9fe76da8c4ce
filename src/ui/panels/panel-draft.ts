/** What the form of a panel holds while a person fills it in. Pure. */
import type { PanelKind } from '#src/core/layouts/layout.ts'
import type { Aggregate, BarSpread, PanelContent } from '#src/core/panels/panel-content.ts'

export type ContentKind = Exclude<PanelKind, 'line'>

/** One draft for all kinds: what was chosen for one stays when another is looked at. */
export interface PanelDraft {
  kind: ContentKind
  title: string
  x: string | null
  y: string | null
  colour: string | null
  logX: boolean
  logY: boolean
  field: string | null
  by: string | null
  aggregate: Aggregate
  spread: BarSpread
  byValue: boolean
  bins: number | null
  fields: string[]
  target: string | null
  markdown: string
}

/** The draft of a panel, or of a new one. */
export function draftOf(panel: (PanelContent & { title?: string }) | null): PanelDraft {
  const empty: PanelDraft = {
    ...{ kind: 'scatter', title: panel?.title ?? '', x: null, y: null, colour: null, logX: false, logY: false },
    ...{ field: null, by: null, aggregate: 'mean', spread: 'sd', byValue: false, bins: null },
    ...{ fields: [], target: null, markdown: '' },
  }
  if (panel === null) return empty
  const draft = { ...empty, kind: panel.kind }
  switch (panel.kind) {
    case 'scatter': {
      const { x, y, colour = null, logX = false, logY = false } = panel
      return { ...draft, x, y, colour, logX, logY }
    }
    case 'bar': {
      const { field, by = null, aggregate = 'mean', spread = 'sd', order } = panel
      return { ...draft, field, by, aggregate, spread, byValue: order === 'value' }
    }
    case 'histogram':
      return { ...draft, field: panel.field, bins: panel.bins ?? null, logX: panel.log ?? false }
    case 'parallel':
      return { ...draft, fields: panel.fields, target: panel.target ?? null }
    case 'table':
      return { ...draft, fields: panel.fields }
    case 'text':
      return { ...draft, markdown: panel.markdown }
    case 'number':
      return { ...draft, field: panel.field, aggregate: panel.aggregate }
  }
}

/** What is missing, by the part of the form where it belongs. */
export type DraftProblem = { at: 'x' | 'y' | 'field' | 'fields' | 'markdown'; says: string }

/** What the draft shows, defaults left out; else the first thing that it lacks. */
export function contentOf(draft: PanelDraft): PanelContent | DraftProblem {
  const { kind, x, y, field, fields, target } = draft
  const lacks = (at: DraftProblem['at'], says: string): DraftProblem => ({ at, says })
  switch (kind) {
    case 'scatter':
      if (x === null) return lacks('x', 'Choose what lies across')
      if (y === null) return lacks('y', 'Choose what lies upwards')
      return {
        ...{ kind, x, y },
        ...(draft.colour !== null && { colour: draft.colour }),
        ...(draft.logX && { logX: true }),
        ...(draft.logY && { logY: true }),
      }
    case 'bar':
      if (field === null) return lacks('field', 'Choose what the bars tell')
      return {
        ...{ kind, field },
        ...(draft.by !== null && { by: draft.by }),
        ...(draft.aggregate !== 'mean' && { aggregate: draft.aggregate }),
        ...(draft.spread !== 'sd' && { spread: draft.spread }),
        ...(draft.byValue && { order: 'value' }),
      }
    case 'histogram':
      if (field === null) return lacks('field', 'Choose what is counted')
      return { kind, field, ...(draft.bins !== null && { bins: draft.bins }), ...(draft.logX && { log: true }) }
    case 'parallel': {
      const others = fields.filter((one) => one !== target)
      if (others.length + (target === null ? 0 : 1) < 2) return lacks('fields', 'Choose two axes or more')
      return { kind, fields: others, ...(target !== null && { target }) }
    }
    case 'table':
      return fields.length === 0 ? lacks('fields', 'Choose a column') : { kind, fields }
    case 'text':
      return draft.markdown.trim() === '' ? lacks('markdown', 'Write some text') : { kind, markdown: draft.markdown }
    case 'number':
      return field === null ? lacks('field', 'Choose which number') : { kind, field, aggregate: draft.aggregate }
  }
}
