import { expect, test } from 'vitest'
import { hardwareWords, machineFacts } from './agent-words.ts'

test('a machine without a GPU says so', () => {
  expect(hardwareWords({ labels: { cpus: 2, memory_bytes: 8 * 1024 ** 3, gpus: [] } })).toBe(
    '2 CPU cores, 8.00 GiB, no GPU',
  )
})

test('alike GPUs are counted', () => {
  const gpu = (uuid: string) => ({ uuid, name: 'H100', memory_bytes: null })
  expect(hardwareWords({ labels: { gpus: [gpu('a'), gpu('b')] } })).toBe('2 × H100')
})

test('what was not reported is left out, and a missing torch is said', () => {
  expect(machineFacts({ labels: {} })).toEqual([])
  expect(machineFacts({ labels: { torch: null } })).toEqual([{ value: 'none', term: 'torch' }])
})
