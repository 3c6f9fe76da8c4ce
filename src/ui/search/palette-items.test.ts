import { describe, expect, test } from 'vitest'
import type { Everything } from '#src/protocol/found.ts'
import { actionItems, filterItems, foundGroups } from './palette-items.ts'

const NONE = { items: [], found: 0 }
const NOTHING: Everything = { ms: 1, projects: NONE, stages: NONE, runs: NONE, checkpoints: NONE, keys: NONE }
const PLACE = { workspace: 'acme', project: 'p' }

describe('what was found', () => {
  test('comes in groups in a fixed order, each with its count; empty ones are left out', () => {
    const found: Everything = {
      ...NOTHING,
      projects: { found: 1, items: [{ slug: 'q', name: 'Q', runs: 1 }] },
      runs: {
        found: 9,
        items: [
          {
            project: 'q',
            id: 'u',
            number: 8,
            name: 'task_replay',
            state: 'running',
            stage: { name: 'Task', stage_kind: 'task' },
            because: 'tag = keep',
          },
        ],
      },
    }
    const groups = foundGroups(PLACE, found)
    expect(groups.map(({ title, found: count }) => [title, count])).toEqual([
      ['Runs', 9],
      ['Projects', 1],
    ])
    expect(groups[0]?.items[0]).toMatchObject({
      title: 'task_replay',
      detail: '#8, Task, tag = keep, q',
      right: 'running',
      go: { href: '/acme/q/runs/8' },
    })
  })

  test('a key leads to the runs that have it; outside of a project only benchmarks lead anywhere', () => {
    const found: Everything = {
      ...NOTHING,
      keys: {
        found: 2,
        items: [
          { field: 'config.`data set`', kind: 'config', key: 'data set', name: null },
          { field: 'eval.mmlu', kind: 'benchmark', key: 'mmlu', name: 'MMLU' },
        ],
      },
    }
    expect(foundGroups(PLACE, found)[0]?.items[0]?.go).toEqual({
      href: '/acme/p/runs?q=config.%60data+set%60+is+not+missing',
    })
    const outside = foundGroups({ workspace: 'acme', project: null }, found)[0]
    expect(outside?.items.map(({ title }) => title)).toEqual(['mmlu'])
    expect(outside?.found).toBe(1)
  })
})

describe('actions', () => {
  test('what was typed can be searched for in the runs, in the grammar where it is some, else in quotes', () => {
    const title = (text: string) => filterItems(PLACE, text)[0]?.title
    expect(title('repl')).toBe('Filter runs: repl')
    expect(title('config.lr>0.1')).toBe('Filter runs: config.lr > 0.1')
    expect(title('two words')).toBe('Filter runs: "two words"')
    expect(filterItems({ workspace: 'acme', project: null }, 'repl')).toEqual([])
    expect(filterItems(PLACE, ' ')).toEqual([])
  })

  test('pages and themes are found by every word that was typed', () => {
    const pages = [{ key: 'runs', word: 'Runs', href: '/acme/p/runs' }]
    const titles = (text: string) => actionItems(pages, text).map(({ title }) => title)
    expect(titles('')).toEqual(['Go to runs', 'Light theme', 'Dark theme', 'Theme of the system'])
    expect(titles('theme dark')).toEqual(['Dark theme'])
    expect(titles('runs go')).toEqual(['Go to runs'])
  })
})
