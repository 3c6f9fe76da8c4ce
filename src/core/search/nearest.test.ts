import { expect, test } from 'vitest'
import { nearest } from './nearest.ts'

const words = ['experiments', 'evaluate', 'params', 'mixture', 'stage']

test('a letter too few', () => expect(nearest('experiment', words)).toBe('experiments'))
test('two neighbours swapped', () => expect(nearest('stgae', words)).toBe('stage'))
test('another case', () => expect(nearest('Params', words)).toBe('params'))
test('nothing close is null, not a guess', () => expect(nearest('color', words)).toBeNull())
test('an empty word has no neighbour', () => expect(nearest('', words)).toBeNull())
