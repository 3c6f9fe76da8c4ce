/** What sort of number a benchmark gives; losses are compared as differences in nats or bits per byte. */
export const BENCHMARK_KINDS = ['accuracy', 'rate', 'loss', 'elo', 'other'] as const
export type BenchmarkKind = (typeof BENCHMARK_KINDS)[number]

/** What a benchmark means to a stage: what it tries to improve, what it should not lose, what must stay safe. */
export const BENCHMARK_ROLES = ['target', 'retention', 'safety'] as const
export type BenchmarkRole = (typeof BENCHMARK_ROLES)[number]

/** Whether people steer by a benchmark while they develop, or keep it unseen until the end. */
export const BENCHMARK_USES = ['development', 'unseen'] as const
export type BenchmarkUse = (typeof BENCHMARK_USES)[number]
