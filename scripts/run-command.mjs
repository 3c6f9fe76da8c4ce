// Runs one command to its end.
import { spawn } from 'node:child_process'

/**
 * Resolves with { code, output } (the last 200 kB of stdout and stderr together).
 * `show`: also passes the output on to the terminal. Never rejects: a program that cannot be started has code 127.
 */
export function runCommand(file, args, { cwd, env, show = false, timeoutMs = 0, input } = {}) {
  return new Promise((resolve) => {
    const child = spawn(file, args, {
      cwd,
      env: env ?? process.env,
      stdio: [input === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'],
    })
    let output = ''
    const take = (chunk) => {
      output = (output + chunk).slice(-200_000)
      if (show) process.stderr.write(chunk)
    }
    child.stdout.on('data', take)
    child.stderr.on('data', take)
    if (input !== undefined) child.stdin.end(input)
    const limit = timeoutMs ? setTimeout(() => child.kill('SIGKILL'), timeoutMs) : null
    child.once('error', (error) => {
      if (limit) clearTimeout(limit)
      resolve({ code: 127, output: `${output}${error.message}` })
    })
    child.once('close', (code, signal) => {
      if (limit) clearTimeout(limit)
      resolve({ code: code ?? (signal ? 128 : 1), output })
    })
  })
}
