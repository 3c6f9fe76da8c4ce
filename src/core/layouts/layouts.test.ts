import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  addSection,
  changePanel,
  foldSection,
  lookAtSection,
  movePanel,
  moveSection,
  putPanel,
  removePanel,
  resizePanel,
  restoreRemoved,
} from './change-layout.ts'
import { composeSections, type ShownSection } from './compose.ts'
import { DEFAULT_LOOK, type Layout, lookOf } from './layout.ts'
import { type Arrangement, arrangementText, NO_ARRANGEMENT, readArrangement } from './layout-text.ts'

const KEYS = ['lr', 'loss', 'grad_norm', 'eval/acc', 'system/cpu', 'act/layer10', 'act/layer2', 'eval/bpb']

const idsOf = (shown: readonly ShownSection[], id: string) =>
  shown.find(({ section }) => section.id === id)?.panels.map((panel) => panel.id)
const sectionOf = (shown: readonly ShownSection[], id: string) => {
  const found = shown.find(({ section }) => section.id === id)
  if (!found) throw new Error(`no section ${id}`)
  return found.section
}

describe('sections', () => {
  const shown = composeSections(NO_ARRANGEMENT, KEYS)

  test('are made from prefixes: keys without one first, the loss before all, telemetry last and folded', () => {
    expect(shown.map(({ section }) => section.title)).toEqual(['', 'act', 'eval', 'system'])
    expect(idsOf(shown, 'keys:')).toEqual(['key:loss', 'key:grad_norm', 'key:lr'])
    expect(sectionOf(shown, 'keys:system').collapsed).toBe(true)
  })

  test('sort numbers within names as numbers', () => {
    expect(idsOf(shown, 'keys:act')).toEqual(['key:act/layer2', 'key:act/layer10'])
  })

  test('keep under a search what matches, and say how much they leave out', () => {
    const found = composeSections(NO_ARRANGEMENT, KEYS, (name) => /acc|lr/.test(name))
    expect(found.map(({ section, left }) => [section.title, left])).toEqual([
      ['', 2],
      ['eval', 1],
    ])
  })

  test('move up and down, and a new key finds its place behind', () => {
    const moved = moveSection<Arrangement>(NO_ARRANGEMENT, shown, 'keys:eval', -1)
    expect(composeSections(moved, [...KEYS, 'zeta/x']).map(({ section }) => section.title)).toEqual([
      '',
      'eval',
      'act',
      'zeta',
      'system',
    ])
  })

  test('made by hand stand first, empty too', () => {
    const made = addSection<Arrangement>(NO_ARRANGEMENT, 'own', 'Mine')
    expect(composeSections(made, KEYS)[0]?.section.title).toBe('Mine')
    expect(composeSections(made, KEYS, () => true)[0]?.section.title).toBe('')
  })
})

describe('panels', () => {
  const shown = composeSections(NO_ARRANGEMENT, KEYS)

  test('move before others and stay there when a key comes', () => {
    const moved = movePanel<Arrangement>(NO_ARRANGEMENT, shown, 'key:lr', { section: 'keys:', before: 'key:loss' })
    expect(idsOf(composeSections(moved, [...KEYS, 'a']), 'keys:')).toEqual(
      ['key:lr', 'key:loss', 'key:a', 'key:grad_norm'].filter((id, i, all) => all.indexOf(id) === i),
    )
  })

  test('move into another section and leave their own', () => {
    const moved = movePanel<Arrangement>(NO_ARRANGEMENT, shown, 'key:eval/acc', { section: 'keys:', before: 'key:lr' })
    const after = composeSections(moved, KEYS)
    expect(idsOf(after, 'keys:')).toEqual(['key:loss', 'key:grad_norm', 'key:eval/acc', 'key:lr'])
    expect(idsOf(after, 'keys:eval')).toEqual(['key:eval/bpb'])
  })

  test('that are taken away stay away until they are brought back', () => {
    const gone = removePanel<Arrangement>(NO_ARRANGEMENT, sectionOf(shown, 'keys:'), 'key:lr')
    const after = composeSections(gone, KEYS)
    expect(idsOf(after, 'keys:')).toEqual(['key:loss', 'key:grad_norm'])
    expect(idsOf(composeSections(restoreRemoved(gone, sectionOf(after, 'keys:')), KEYS), 'keys:')).toHaveLength(3)
  })

  test('that were moved go home when their new section lets them go, and stand nowhere twice', () => {
    const made = addSection<Arrangement>(NO_ARRANGEMENT, 'own', 'Mine')
    const moved = movePanel(made, composeSections(made, KEYS), 'key:lr', { section: 'own', before: null })
    const after = composeSections(restoreRemoved(moved, sectionOf(shown, 'keys:')), KEYS)
    expect(after.flatMap(({ panels }) => panels).filter(({ id }) => id === 'key:lr')).toHaveLength(1)
    expect(idsOf(after, 'own')).toEqual(['key:lr'])
    const back = composeSections(removePanel(moved, sectionOf(after, 'own'), 'key:lr'), KEYS)
    expect(idsOf(back, 'keys:')).toContain('key:lr')
  })

  test('that were all taken away leave their section, which can bring them back', () => {
    let gone: Arrangement = NO_ARRANGEMENT
    for (const id of ['key:act/layer2', 'key:act/layer10'])
      gone = removePanel(gone, sectionOf(composeSections(gone, KEYS), 'keys:act'), id)
    expect(idsOf(composeSections(gone, KEYS), 'keys:act')).toEqual([])
  })

  test('are resized within bounds where they stand', () => {
    const wide = resizePanel<Arrangement>(NO_ARRANGEMENT, sectionOf(shown, 'keys:'), 'key:lr', {
      width: 40,
      height: 203,
    })
    expect(composeSections(wide, KEYS)[0]?.panels[2]).toMatchObject({ id: 'key:lr', width: 12, height: 200 })
  })

  test('of every kind come back from text', () => {
    const added = putPanel<Arrangement>(NO_ARRANGEMENT, sectionOf(shown, 'keys:'), {
      id: 'p1',
      kind: 'scatter',
      x: 'config.lr',
      y: 'metrics.loss.min',
      logX: true,
    })
    expect(readArrangement(arrangementText(added))).toEqual({ arrangement: added, ignored: 0 })
  })
})

describe('a look', () => {
  test('of a chart stands before that of its section, and that before all', () => {
    const layout = { look: DEFAULT_LOOK }
    const section = { look: { logY: true, smoothing: null } }
    expect(lookOf(layout, section, { look: { logY: false } })).toMatchObject({
      x: 'step',
      logY: false,
      smoothing: null,
    })
  })

  test('without a word of its own leaves no trace', () => {
    const shown = composeSections(NO_ARRANGEMENT, KEYS)
    const section = sectionOf(shown, 'keys:')
    const own = lookAtSection<Arrangement>(NO_ARRANGEMENT, section, { logY: true })
    expect(arrangementText(own)).toContain('logY')
    expect(arrangementText(lookAtSection(own, section, {}))).toBe('')
    const chart = changePanel<Arrangement>(NO_ARRANGEMENT, section, 'key:lr', { look: { logY: true } })
    expect(arrangementText(changePanel(chart, section, 'key:lr', { look: {} }))).toBe('')
  })
})

describe('a text', () => {
  test('that nothing was changed in is empty', () => {
    const shown = composeSections(NO_ARRANGEMENT, KEYS)
    const folded = foldSection<Arrangement>(NO_ARRANGEMENT, sectionOf(shown, 'keys:'), true)
    expect(arrangementText(foldSection(folded, sectionOf(shown, 'keys:'), false))).toBe('')
  })

  test('with parts that nobody understands holds the rest and counts them', () => {
    const text = '{"s":[{"k":"eval","p":["eval/acc",{"id":"a","kind":"hologram"}]},{"id":7},{"k":"eval"}]}'
    const { arrangement, ignored } = readArrangement(text)
    expect(ignored).toBe(3)
    expect(arrangement.sections).toHaveLength(1)
    expect(arrangement.sections[0]?.panels).toEqual([{ id: 'key:eval/acc', kind: 'line', metrics: ['eval/acc'] }])
  })

  test('of anything is read without a throw', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 200 }), (text) => {
        expect(readArrangement(text).arrangement.sections).toBeInstanceOf(Array)
      }),
    )
  })

  test('of any JSON is read without a throw, and what was read comes back', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const { arrangement } = readArrangement(JSON.stringify({ s: value, o: value }))
        expect(readArrangement(arrangementText(arrangement)).arrangement).toEqual(arrangement)
      }),
    )
  })

  const move = fc.record({ panel: fc.nat(20), before: fc.nat(20), section: fc.nat(5), end: fc.boolean() })
  test('after any moves keeps every chart once, in the order on the screen', () => {
    fc.assert(
      fc.property(fc.array(move, { maxLength: 12 }), (moves) => {
        let layout: Pick<Layout, 'sections' | 'order'> = NO_ARRANGEMENT
        const all = (l: typeof layout) => composeSections(l, KEYS).flatMap(({ panels }) => panels.map((p) => p.id))
        for (const { panel, before, section, end } of moves) {
          const shown = composeSections(layout, KEYS)
          const ids = all(layout)
          const to = shown[section % shown.length] as ShownSection
          const anchor = to.panels[before % Math.max(1, to.panels.length)]?.id ?? null
          layout = movePanel(layout, shown, ids[panel % ids.length] as string, {
            section: to.section.id,
            before: end ? null : anchor,
          })
        }
        expect(all(layout).toSorted()).toEqual(KEYS.map((key) => `key:${key}`).toSorted())
        expect(all(readArrangement(arrangementText(layout)).arrangement)).toEqual(all(layout))
      }),
    )
  })
})
