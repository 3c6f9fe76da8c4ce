// The harness whose files the importer reads, in an environment of its own: the integration tests let it write some.
import { ensureEnvironment } from '../ensure-python.mjs'
import { inData } from '../place.mjs'

/** @returns {ReturnType<typeof ensureEnvironment>} */
export const ensureLmEval = (say = () => {}) =>
  ensureEnvironment(
    {
      home: inData('lm-eval'),
      requirements: 'test/fixtures/lm-eval/requirements.txt',
      modules: ['lm_eval'],
      what: 'a Python environment with lm-evaluation-harness (about 30 s)',
    },
    say,
  )
