import { expect, test } from 'vitest'
import { changeOfMetric, metricWords } from './metric-words.ts'

test('values of metrics are grouped by thousands and told in the unit of their telemetry', () => {
  expect(metricWords('train/tokens', 2187706)).toBe('2,187,706')
  expect(metricWords('train/tokens', 12345678)).toBe('12,345,678')
  expect(metricWords('train/loss', 2.31642)).toBe('2.316')
  expect(metricWords('train/loss', '-Infinity')).toBe('−∞')
  expect(metricWords('system/gpu-7/proc.mem_bytes', 2187706)).toBe('2.09 MiB')
  expect(metricWords('system/gpu-7/gpu.0.util', 41.26)).toBe('41.3 %')
})

test('a change has its sign and the unit of its values', () => {
  expect(changeOfMetric('train/loss', 0.39812)).toBe('+0.398')
  expect(changeOfMetric('train/loss', -2.1e-7)).toBe('−2.10e−7')
  expect(changeOfMetric('train/tokens', -12345)).toBe('−12,300')
  expect(changeOfMetric('system/gpu-7/proc.mem_bytes', -2187706)).toBe('−2.09 MiB')
  expect(changeOfMetric('system/gpu-7/gpu.0.util', -3.04)).toBe('−3.0 %')
  expect(changeOfMetric('system/gpu-7/gpu.0.util', 0.04)).toBe('+0.04 %')
})
