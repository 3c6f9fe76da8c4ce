import { expect, test } from 'vitest'
import { PLACES_MAX, type Place, readPlaces, withPlace } from './recent-places.ts'

const place = (n: number, word = `run ${n}`): Place => ({ href: `/w/p/runs/${n}`, word, within: 'p, Runs' })

test('the newest stands first, a place once, and the list ends', () => {
  const many = Array.from({ length: 20 }, (_, i) => i).reduce<Place[]>((list, n) => withPlace(list, place(n)), [])
  expect([many.length, many[0]?.word]).toEqual([PLACES_MAX, 'run 19'])
  const again = withPlace(many, place(15, 'renamed'))
  expect([again.length, again[0]?.word, again.filter(({ href }) => href === '/w/p/runs/15').length]).toEqual([
    PLACES_MAX,
    'renamed',
    1,
  ])
})

test('what was kept is read back, and anything else is no place', () => {
  expect(readPlaces(JSON.stringify([place(1)]))).toEqual([place(1)])
  const foreign = [
    { href: 'https://example.org', word: 'x', within: '' },
    { href: '//example.org', word: 'x', within: '' },
  ]
  for (const text of [null, 'no JSON', '{}', '[1]', JSON.stringify(foreign)]) expect(readPlaces(text)).toEqual([])
})
