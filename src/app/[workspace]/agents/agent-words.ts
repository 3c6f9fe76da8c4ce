/** What is said of a machine, from the labels it reported; nothing is guessed. Pure. */
import { formatBytes } from '#src/core/format/bytes.ts'
import { formatNumber } from '#src/core/format/number.ts'
import type { Agent } from '#src/protocol/agents.ts'

/** "2 CPU cores, 15.6 GiB, no GPU". */
export function hardwareWords({ labels }: Pick<Agent, 'labels'>): string {
  const parts: string[] = []
  if (labels.cpus !== undefined) parts.push(`${labels.cpus} CPU ${labels.cpus === 1 ? 'core' : 'cores'}`)
  if (labels.memory_bytes !== undefined) parts.push(formatBytes(labels.memory_bytes))
  if (labels.gpus !== undefined) parts.push(gpuWords(labels.gpus.map((gpu) => gpu.name)))
  return parts.join(', ')
}

function gpuWords(names: readonly string[]): string {
  const [first] = names
  if (first === undefined) return 'no GPU'
  if (names.every((name) => name === first)) return names.length === 1 ? first : `${names.length} × ${first}`
  return names.join(', ')
}

/** Facts that decide whether a job suits: processor, measured speed, Python, torch, platform. */
export function machineFacts({ labels }: Pick<Agent, 'labels'>): { term: string; value: string }[] {
  const facts: { term: string; value: string }[] = []
  if (labels.cpu_model) facts.push({ value: labels.cpu_model, term: 'processor' })
  if (labels.matmul_gflops != null) {
    facts.push({ value: `${formatNumber(labels.matmul_gflops, 0)} GFLOP/s`, term: 'measured, 512 × 512 matmul' })
  }
  if (labels.torch !== undefined) facts.push({ value: labels.torch === null ? 'none' : labels.torch, term: 'torch' })
  if (labels.python) facts.push({ value: labels.python, term: 'Python' })
  if (labels.platform) facts.push({ value: labels.platform, term: 'platform' })
  return facts
}
