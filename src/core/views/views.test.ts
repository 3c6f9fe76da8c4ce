import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { changedWords, viewState } from './views.ts'

describe('the state of a view', () => {
  it('has one form, whatever the order of its words, and does not hold the name of a view', () => {
    expect(viewState('?sort=loss&q=state+%3D+running&view=h3Kd92mPqz')).toBe('q=state+%3D+running&sort=loss')
    expect(viewState('q=state%20%3D%20running&sort=loss')).toBe('q=state+%3D+running&sort=loss')
  })

  it('in its one form it stays as it is', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.string(), fc.string())), (words) => {
        const state = viewState(new URLSearchParams(words).toString())
        expect(viewState(state)).toBe(state)
      }),
    )
  })

  it('two states are told apart word by word', () => {
    expect(changedWords('q=a&x=step', 'q=b&log=true&x=step')).toEqual([
      { word: 'log', from: null, to: 'true' },
      { word: 'q', from: 'a', to: 'b' },
    ])
    expect(changedWords('q=a', 'q=a')).toEqual([])
  })
})
