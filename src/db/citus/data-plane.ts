/**
 * The tables of the data plane, which one value of `run_id` keeps together. The first is distributed, the others lie with it. All
 * other tables are the control plane and stay on the coordinator, `metric_latest` too.
 */
export const DATA_PLANE = [
  'metric_tail',
  'metric_run',
  'metric_attempt',
  'metric_stream',
  'metric_seal',
  'metric_block',
  'metric_series',
  'console_chunk',
] as const
