import { expect, it } from 'vitest'
import { parseGpus } from './gpus.ts'

it('reads the CSV of nvidia-smi; what a sensor does not give is null', () => {
  const csv = `GPU-5f1c, NVIDIA H100 80GB HBM3, 81559, 1024, 97, 668.12, 64
GPU-77ab, NVIDIA A10G, 23028, [N/A], [Not Supported], [N/A], 31
`
  expect(parseGpus(csv)).toEqual([
    {
      uuid: 'GPU-5f1c',
      name: 'NVIDIA H100 80GB HBM3',
      memoryBytes: 81559 * 1024 ** 2,
      usedBytes: 1024 ** 3,
      util: 97,
      powerW: 668.12,
      tempC: 64,
    },
    {
      uuid: 'GPU-77ab',
      name: 'NVIDIA A10G',
      memoryBytes: 23028 * 1024 ** 2,
      usedBytes: null,
      util: null,
      powerW: null,
      tempC: 31,
    },
  ])
  expect(parseGpus('NVIDIA-SMI has failed because it could not communicate with the NVIDIA driver.\n')).toEqual([])
})
