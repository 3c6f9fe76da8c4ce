/** The words of an address that a workspace of charts keeps: how all charts are looked at, what was arranged, what is in view. */
import { createParser, parseAsBoolean, parseAsString, parseAsStringLiteral, type Values } from 'nuqs'
import { GROUPED_BY, type Look, type LookOverride } from '#src/core/layouts/layout.ts'
import { arrangementText, NO_ARRANGEMENT, readArrangement } from '#src/core/layouts/layout-text.ts'
import { GROUP_BANDS, GROUP_CENTERS, X_AXES } from '#src/core/metrics/chart-choices.ts'
import { asSmoothing, DEFAULT_SMOOTHING } from '#src/ui/charts/chart-look.ts'
import type { YZooms } from '#src/ui/charts/group-state.tsx'

type Ends = readonly [number | null, number | null]

const NUMBER = '-?(?:\\d+\\.?\\d*|\\.\\d+)(?:e[+-]?\\d+)?'
const ENDS = new RegExp(`^(${NUMBER})?\\.\\.(${NUMBER})?$`, 'i')

/** `0..4`, `..4` and `0..`: numbers with their ends, the smaller first. */
export function readEnds(text: string): Ends | null {
  const found = ENDS.exec(text)
  if (!found) return null
  const [from, to] = [found[1], found[2]].map((end) => (end === undefined ? null : Number(end))) as [
    number | null,
    number | null,
  ]
  if (from === null && to === null) return null
  return from !== null && to !== null && from >= to ? null : [from, to]
}

export const endsText = ([from, to]: Ends): string => `${from ?? ''}..${to ?? ''}`

const asEnds = createParser<Ends>({
  parse: readEnds,
  serialize: endsText,
  eq: (a, b) => endsText(a) === endsText(b),
})

const asRange = createParser<readonly [number, number]>({
  parse(text) {
    const ends = readEnds(text)
    return ends && ends[0] !== null && ends[1] !== null ? [ends[0], ends[1]] : null
  },
  serialize: endsText,
  eq: (a, b) => endsText(a) === endsText(b),
})

const YZOOMS_MAX = 100

/** `{"key:loss":[0,2]}` as it stands in JSON. */
const asYZooms = createParser<YZooms>({
  parse(text) {
    const told: unknown = JSON.parse(text)
    if (typeof told !== 'object' || told === null || Array.isArray(told)) return null
    const zooms = Object.entries(told)
      .slice(0, YZOOMS_MAX)
      .flatMap(([id, ends]) => {
        const [from, to]: unknown[] = Array.isArray(ends) ? ends : []
        return typeof from === 'number' && typeof to === 'number' && from < to
          ? [[id, [from, to] as const] as const]
          : []
      })
    return Object.fromEntries(zooms)
  },
  serialize: (zooms) => JSON.stringify(zooms),
  eq: (a, b) => JSON.stringify(a) === JSON.stringify(b),
})

const asArrangement = createParser({
  parse: (text) => readArrangement(text).arrangement,
  serialize: arrangementText,
  eq: (a, b) => arrangementText(a) === arrangementText(b),
})

export const WORDS = {
  x: parseAsStringLiteral(X_AXES).withDefault('step'),
  x_metric: parseAsString,
  smooth: asSmoothing.withDefault(DEFAULT_SMOOTHING),
  log_x: parseAsBoolean.withDefault(false),
  log_y: parseAsBoolean.withDefault(false),
  outliers: parseAsBoolean.withDefault(true),
  y: asEnds,
  together: parseAsStringLiteral(GROUPED_BY),
  together_key: parseAsString,
  center: parseAsStringLiteral(GROUP_CENTERS).withDefault('mean'),
  band: parseAsStringLiteral(GROUP_BANDS).withDefault('min_max'),
  members: parseAsBoolean.withDefault(false),
  superseded: parseAsBoolean.withDefault(false),
  charts: parseAsString.withDefault(''),
  layout: asArrangement.withDefault(NO_ARRANGEMENT),
  zoom: asRange,
  zoom_y: asYZooms,
  chart: parseAsString,
}

export type Words = Values<typeof WORDS>
type Change = { [K in keyof Words]?: Words[K] | null }

/** The look that the words mean; an axis without its metric, and groups without their key, are as if they were not there. */
export function lookOfWords(words: Words): Look {
  const { x, x_metric, smooth, together, together_key, center, band } = words
  const isGrouped = together !== null && (together !== 'config' || !!together_key)
  return {
    x: x === 'metric' && !x_metric ? 'step' : x,
    xMetric: x_metric,
    smoothing: smooth === 'off' ? null : smooth,
    logX: words.log_x,
    logY: words.log_y,
    outliers: words.outliers,
    yMin: words.y?.[0] ?? null,
    yMax: words.y?.[1] ?? null,
    group: isGrouped
      ? { by: together, ...(together === 'config' && together_key && { key: together_key }), center, band }
      : null,
    members: words.members,
    superseded: words.superseded,
  }
}

/** The words that a change of the look writes. Places on one axis mean nothing on another: a new axis shows all of itself. */
export function wordsOfLook(change: LookOverride, before: Look): Change {
  const words: Change = {}
  if (change.x !== undefined) words.x = change.x
  if (change.xMetric !== undefined) words.x_metric = change.xMetric
  if (change.x !== undefined || change.xMetric !== undefined) words.zoom = null
  if (change.smoothing !== undefined) words.smooth = change.smoothing ?? 'off'
  if (change.logX !== undefined) words.log_x = change.logX
  if (change.logY !== undefined) words.log_y = change.logY
  if (change.outliers !== undefined) words.outliers = change.outliers
  if (change.yMin !== undefined || change.yMax !== undefined) {
    const ends = [
      change.yMin === undefined ? before.yMin : change.yMin,
      change.yMax === undefined ? before.yMax : change.yMax,
    ] as const
    words.y = ends[0] === null && ends[1] === null ? null : ends
  }
  if (change.group === null) Object.assign(words, { together: null, together_key: null })
  else if (change.group)
    Object.assign(words, {
      together: change.group.by,
      together_key: change.group.key ?? null,
      center: change.group.center,
      band: change.group.band,
    })
  if (change.members !== undefined) words.members = change.members
  if (change.superseded !== undefined) words.superseded = change.superseded
  return words
}
