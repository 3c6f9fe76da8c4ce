import { writeBinaryBatch } from '#src/core/metrics/binary-batch.ts'

export const KEYS = 20

/** Marsaglia's xorshift: the same numbers in every run. */
export function randomNumbers(seed: number): () => number {
  let state = seed
  return () => {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    return (state >>> 0) / 2 ** 32
  }
}

/** Half of the keys as `loss.item()` gives them (float32 widened), a quarter full doubles, a quarter rounded to 1e-4. */
export function randomValues(random: () => number, key: number, n: number): number[] {
  return Array.from({ length: n }, () => {
    const x = random()
    return key % 4 < 2 ? Math.fround(x) : key % 4 === 2 ? x : Math.round(x * 1e4) / 1e4
  })
}

/** JSON bodies of 20 keys × `steps`, regular steps, jittered times: a few prepared ones, given their first step when sent. */
export function makeBodies(steps: number): ((firstStep: number) => string)[] {
  const random = randomNumbers(7)
  return Array.from({ length: 8 }, () => {
    const t = Array.from({ length: steps }, (_, i) => 1_700_000_000_000 + i * 100 + Math.floor(random() * 20))
    const keys = Array.from({ length: KEYS }, (_, k) => `"train/key_${k}":[${randomValues(random, k, steps)}]`)
    const rest = `],"t":[${t}],"m":{${keys}}}]}`
    return (firstStep) => `{"groups":[{"step":[${Array.from({ length: steps }, (_, i) => firstStep + i)}${rest}`
  })
}

/** The points of `makeBodies` in binary, for one connection: the bytes are those of the call before, given another first step. */
export function makeBinaryBodies(steps: number): ((firstStep: number) => Buffer)[] {
  const random = randomNumbers(7)
  return Array.from({ length: 8 }, () => {
    const times = Float64Array.from(
      { length: steps },
      (_, i) => 1_700_000_000_000 + i * 100 + Math.floor(random() * 20),
    )
    const keys = Array.from({ length: KEYS }, (_, k) => ({
      key: `train/key_${k}`,
      values: Float64Array.from(randomValues(random, k, steps)),
    }))
    const body = writeBinaryBatch([{ steps: Float64Array.from({ length: steps }, (_, i) => i), times, keys }])
    const names = keys.reduce((bytes, { key }) => bytes + 2 + key.length, 6)
    return (firstStep) => {
      body.writeDoubleLE(firstStep, names + 8)
      return body
    }
  })
}
