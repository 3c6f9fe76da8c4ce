import { expect, test } from 'vitest'
import { GroupCommit } from './group-commit.ts'

/** A commit that ends when told; `a1` and `a2` are two items of the key `a`. */
function openQueue(limits: { items?: number; bytes?: number; inFlight?: number } = {}) {
  const groups: { items: string[]; end: (error?: Error) => void }[] = []
  const queue = new GroupCommit<string, string>(
    { items: 64, bytes: 1_000, inFlight: 4, ...limits },
    (item) => ({ key: item.slice(0, 1), bytes: 10 }),
    (items) =>
      new Promise((resolve, reject) => {
        groups.push({ items, end: (error) => (error ? reject(error) : resolve(items.map((item) => `${item} done`))) })
      }),
  )
  const turn = () => new Promise((resolve) => setImmediate(resolve))
  return { queue, groups, turn, taken: () => groups.map((group) => group.items) }
}

test('what arrives in one turn goes together, and each item is answered with its own result', async () => {
  const { queue, groups, turn } = openQueue()
  const answers = ['a1', 'b1', 'c1'].map((item) => queue.add(item))
  await turn()
  expect(groups.map((group) => group.items)).toEqual([['a1', 'b1', 'c1']])
  groups[0]?.end()
  expect(await Promise.all(answers)).toEqual(['a1 done', 'b1 done', 'c1 done'])
  expect(queue.isIdle).toBe(true)
})

test('an item waits until an earlier one of its key was answered, while others go on', async () => {
  const { queue, groups, turn, taken } = openQueue()
  const told: string[] = []
  const add = (item: string) => queue.add(item).then((answer) => told.push(answer))
  void add('a1')
  void add('a2')
  void add('b1')
  await turn()
  void add('a3')
  void add('c1')
  await turn()
  expect(taken()).toEqual([['a1', 'b1'], ['c1']])
  groups[1]?.end()
  await turn()
  expect(taken()).toHaveLength(2)
  groups[0]?.end()
  await turn()
  await turn()
  expect(told).toEqual(['c1 done', 'a1 done', 'b1 done'])
  expect(taken()[2]).toEqual(['a2'])
  groups[2]?.end()
  await turn()
  await turn()
  expect(taken()[3]).toEqual(['a3'])
  let isDrained = false
  const drained = queue.drained().then(() => {
    isDrained = true
  })
  await turn()
  expect(isDrained).toBe(false)
  groups[3]?.end()
  await drained
  expect(told.slice(3)).toEqual(['a2 done', 'a3 done'])
})

test('a group that fails refuses its own items alone, and lets the next of their keys through', async () => {
  const { queue, groups, turn, taken } = openQueue()
  const first = queue.add('a1')
  const second = queue.add('a2')
  await turn()
  groups[0]?.end(new Error('the database is gone'))
  await expect(first).rejects.toThrow('the database is gone')
  await turn()
  expect(taken()).toEqual([['a1'], ['a2']])
  groups[1]?.end()
  expect(await second).toBe('a2 done')
})

test.each([
  ['items', { items: 2 }, [['a1', 'b1'], ['c1', 'd1'], ['e1']]],
  [
    'bytes',
    { bytes: 30 },
    [
      ['a1', 'b1', 'c1'],
      ['d1', 'e1'],
    ],
  ],
  ['groups under way', { items: 2, inFlight: 1 }, [['a1', 'b1']]],
])('a limit of %s is kept', async (_, limits, expected) => {
  const { queue, turn, taken } = openQueue(limits)
  for (const item of ['a1', 'b1', 'c1', 'd1', 'e1']) void queue.add(item)
  await turn()
  expect(taken()).toEqual(expected)
})
