import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import * as z from 'zod'
import { asProcessEnv, SAFE_PATH } from './build-environment.ts'

const run = promisify(execFile)

const PROGRAM = `
import json, sys, time
out = {"python": sys.version.split()[0], "torch": None, "matmul_gflops": None}
try:
    import torch
    out["torch"] = torch.__version__
    torch.set_num_threads(1)
    a = torch.rand(512, 512)
    a @ a
    start, n = time.perf_counter(), 0
    while time.perf_counter() - start < 0.3:
        a @ a
        n += 1
    out["matmul_gflops"] = round(2 * 512**3 * n / (time.perf_counter() - start) / 1e9, 1)
except ImportError:
    pass
print(json.dumps(out))
`

const Answer = z.object({ python: z.string(), torch: z.string().nullable(), matmul_gflops: z.number().nullable() })
export type Interpreter = z.infer<typeof Answer>

/**
 * What the interpreter is: its version, that of torch, and how fast one core multiplies 512 × 512 matrices, in 10⁹ operations
 * per second. Takes a second or more; null when it cannot be started.
 */
export async function probeInterpreter(python: string): Promise<Interpreter | null> {
  try {
    const env = asProcessEnv({ PATH: SAFE_PATH, OMP_NUM_THREADS: '1', HOME: process.env.HOME ?? '/' })
    const { stdout } = await run(python, ['-c', PROGRAM], { timeout: 120_000, env })
    return Answer.parse(JSON.parse(stdout))
  } catch {
    return null
  }
}
