import { expect, test } from 'vitest'
import { mergeParams } from './params.ts'

test('a later layer wins', () => expect(mergeParams({ steps: 10, lr: 1 }, { steps: 2 })).toEqual({ steps: 2, lr: 1 }))
test('null takes a parameter away', () => expect(mergeParams({ steps: 10 }, { steps: null })).toEqual({}))
test('no layers, no parameters', () => expect(mergeParams(undefined, {})).toEqual({}))
