import { expect, test } from 'vitest'
import { telemetryOf, telemetryValue } from './telemetry-words.ts'

test('a key of telemetry tells its machine, its device and its unit', () => {
  expect(telemetryOf('system/gpu-7/gpu.1.util')).toEqual({ node: 'gpu-7', word: 'GPU 1', unit: '%' })
  expect(telemetryOf('system/gpu-7/proc.mem_bytes')).toEqual({
    node: 'gpu-7',
    word: 'Memory of the run',
    unit: 'bytes',
  })
  expect(telemetryOf('system/gpu-7/disk.3')).toEqual({ node: 'gpu-7', word: 'disk.3', unit: null })
  expect(telemetryOf('system/load')).toEqual({ node: '', word: 'load', unit: null })
  expect(telemetryOf('train/loss')).toBeNull()
})

test('a value of telemetry is told in its unit', () => {
  expect(telemetryValue(2_187_706, 'bytes')).toEqual({ value: '2.09 MiB', unit: '' })
  expect(telemetryValue(87.26, '%')).toEqual({ value: '87.3', unit: '%' })
  expect(telemetryValue(312.4, 'W')).toEqual({ value: '312.4', unit: 'W' })
})
