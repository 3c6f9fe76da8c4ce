import type { Benchmark } from '#src/protocol/evaluations.ts'

/** The unit of a benchmark, to be said beside its name; null without one or where the name holds it ("General bpb"). */
export const unitBeside = ({ name, unit }: Pick<Benchmark, 'name' | 'unit'>): string | null =>
  unit === null || name.toLowerCase().includes(unit.toLowerCase()) ? null : unit
