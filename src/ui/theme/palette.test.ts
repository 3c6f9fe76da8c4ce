/** Colours are told apart by everybody: in both themes, and under simulated protan, deutan and tritan sight. */
import fs from 'node:fs'
import { describe, expect, test } from 'vitest'
import { colourDistance, contrast, labOf, SIGHTS } from '#src/core/colours/sight.ts'
import { runLook } from '#src/ui/charts/run-colour.ts'
import { RAMP } from '#src/ui/panels/panel-colours.ts'

const [light = {}, dark = {}] = fs
  .readFileSync(new URL('./tokens.css', import.meta.url), 'utf8')
  .split(":root[data-mantine-color-scheme='dark']")
  .map(
    (theme) =>
      Object.fromEntries(
        [...theme.matchAll(/--([\w-]+): (#[0-9a-f]{6});/g)].map(([, name, hex]) => [name, hex]),
      ) as Record<string, string>,
  )
const THEMES = [
  { theme: 'light', tokens: light, at: 1 },
  { theme: 'dark', tokens: dark, at: 2 },
] as const

const token = (tokens: Record<string, string>, name: string): string => {
  const hex = tokens[name]
  if (hex === undefined) throw new Error(`tokens.css has no --${name}`)
  return hex
}
/** The colour of one theme of `light-dark(#…, #…)`. */
const ofTheme = (css: string, at: 1 | 2): string => /^light-dark\((#\w{6}), (#\w{6})\)$/.exec(css)?.[at] ?? css

const RUNS = Array.from({ length: 8 }, (_, i) => runLook(i + 1).colour)
const STAGES = ['external', 'pretrain', 'cpt', 'instruct', 'domain', 'task', 'pref', 'rl', 'merge', 'prompt'] as const
const OKABE_ITO = ['#000000', '#E69F00', '#56B4E9', '#009E73', '#F0E442', '#0072B2', '#D55E00', '#CC79A7']

/** The two that are nearest to each other, and how far they are apart. */
function nearest(colours: readonly string[], sight: (typeof SIGHTS)[number]) {
  const pairs = colours.flatMap((a, i) =>
    colours.slice(i + 1).map((b) => ({ a, b, distance: colourDistance(a, b, sight) })),
  )
  return pairs.sort((x, y) => x.distance - y.distance)[0] ?? { a: '', b: '', distance: Number.POSITIVE_INFINITY }
}

describe('the measure', () => {
  test('of lightness and of distance is that of the standards', () => {
    expect(labOf('#ffffff')[0]).toBeCloseTo(100, 3)
    expect(labOf('#808080')[0]).toBeCloseTo(53.585, 2)
    expect(contrast('#000000', '#ffffff')).toBeCloseTo(21, 6)
    expect(contrast('#767676', '#ffffff')).toBeCloseTo(4.54, 2)
  })

  test('knows who confuses what: red and green to those without red or green cones, not to others', () => {
    const [red, green] = ['#c0392b', '#6e8b1f']
    expect(colourDistance(red, green, 'deutan')).toBeLessThan(colourDistance(red, green) / 3)
    expect(colourDistance(red, green, 'protan')).toBeLessThan(colourDistance(red, green) / 2)
    expect(colourDistance(red, green, 'tritan')).toBeGreaterThan(colourDistance(red, green) / 2)
  })

  test('keeps grey grey, whoever looks', () => {
    for (const sight of SIGHTS) expect(colourDistance('#808080', '#808080', sight)).toBe(0)
    for (const sight of SIGHTS) expect(Math.hypot(...labOf('#808080', sight).slice(1))).toBeLessThan(1)
  })
})

describe.each(THEMES)('in the $theme theme', ({ theme, tokens, at }) => {
  const page = token(tokens, 'bg')

  test.each(SIGHTS)('any two of the eight colours of runs are told apart by %s sight', (sight) => {
    const { a, b, distance } = nearest(
      RUNS.map((css) => ofTheme(css, at)),
      sight,
    )
    expect(distance, `${a} and ${b}`).toBeGreaterThanOrEqual(15)
  })

  test.each(SIGHTS)('any two kinds of stages are told apart by %s sight, before icon and word', (sight) => {
    const { a, b, distance } = nearest(
      STAGES.map((kind) => token(tokens, `st-${kind}`)),
      sight,
    )
    expect(distance, `${a} and ${b}`).toBeGreaterThanOrEqual(9)
  })

  test('every line of a run and every mark of a stage stands out 3:1 from the page', () => {
    const marks = [...RUNS.map((css) => ofTheme(css, at)), ...STAGES.map((kind) => token(tokens, `st-${kind}`))]
    for (const colour of marks) expect(contrast(colour, page), colour).toBeGreaterThanOrEqual(3)
  })

  test.each(SIGHTS)('gained and lost are told apart by %s sight, and both from no change', (sight) => {
    for (const step of [3, 4, 5]) {
      const [gained, lost] = [token(tokens, `gain-${step}`), token(tokens, `lost-${step}`)]
      expect(colourDistance(gained, lost, sight)).toBeGreaterThanOrEqual(20)
      expect(colourDistance(gained, token(tokens, 'zero'), sight)).toBeGreaterThanOrEqual(10)
      expect(colourDistance(lost, token(tokens, 'zero'), sight)).toBeGreaterThanOrEqual(10)
    }
  })

  test('numbers run from dark to light over cividis, each step told apart and 3:1 from the page', () => {
    const steps = RAMP.map((css) => ofTheme(css, at))
    for (const sight of SIGHTS) {
      const lightness = steps.map((hex) => labOf(hex, sight)[0])
      expect(lightness).toEqual([...lightness].sort((a, b) => a - b))
      expect(nearest(steps, sight).distance).toBeGreaterThanOrEqual(7)
    }
    for (const hex of steps) expect(contrast(hex, page), hex).toBeGreaterThanOrEqual(3)
  })

  test('text is 4.5:1, controls and the ring of the focus are 3:1 on the page and on what lies on it', () => {
    for (const ground of ['bg', 'bg-1', 'bg-2', 'float']) {
      for (const ink of ['text', 'text-2', 'text-3', 'accent-ink', 'lost-ink', 'gain-ink'])
        expect(contrast(token(tokens, ink), token(tokens, ground)), `${ink} on ${ground}`).toBeGreaterThanOrEqual(4.5)
      for (const edge of ['ctl', 'accent'])
        expect(contrast(token(tokens, edge), token(tokens, ground)), `${edge} on ${ground}`).toBeGreaterThanOrEqual(3)
    }
    expect(contrast(token(tokens, 'warn-ink'), token(tokens, 'warn-soft'))).toBeGreaterThanOrEqual(4.5)
  })

  test('of Okabe and Ito yellow is for dark pages alone and black for light ones; no two are confused by anybody', () => {
    const left = theme === 'light' ? '#F0E442' : '#000000'
    expect(contrast(left, page)).toBeLessThan(1.5)
    for (const sight of SIGHTS) expect(nearest(OKABE_ITO, sight).distance).toBeGreaterThanOrEqual(15)
  })
})
