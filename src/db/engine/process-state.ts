import { execFileSync } from 'node:child_process'
import { readFileSync, readlinkSync, realpathSync } from 'node:fs'
import path from 'node:path'

/** Does the process run? A zombie counts as dead: it holds nothing any more, and in a container nobody may ever collect it. */
export function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0)
  } catch (error) {
    // Somebody else's process may not be signalled, but it runs.
    if (!(error instanceof Error && 'code' in error && error.code === 'EPERM')) return false
  }
  return processLetter(pid) !== 'Z'
}

function processLetter(pid: number): string {
  try {
    if (process.platform !== 'linux')
      return execFileSync('ps', ['-o', 'stat=', '-p', String(pid)], { encoding: 'utf8' }).trim()[0] ?? 'Z'
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8')
    return text[text.lastIndexOf(')') + 2] ?? '?' // the name in front may hold anything
  } catch {
    return '?'
  }
}

/** Is a running process the `postgres` of this data folder, or did the system give its number to another program? */
export function isEngineOf(pid: number, data: string): boolean {
  if (process.platform !== 'linux') return isEngineByCommand(command(pid), data)
  try {
    // PostgreSQL makes the data folder its working directory.
    return (
      readlinkSync(`/proc/${pid}/cwd`) === realpathSync(data) &&
      /postgres/.test(readFileSync(`/proc/${pid}/comm`, 'utf8'))
    )
  } catch {
    return isEngineByCommand(command(pid), data)
  }
}

function command(pid: number): string {
  try {
    if (process.platform !== 'linux')
      return execFileSync('ps', ['-o', 'command=', '-p', String(pid)], { encoding: 'utf8' })
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ')
  } catch {
    return ''
  }
}

function isEngineByCommand(text: string, data: string): boolean {
  return path.basename(text.split(' ')[0] ?? '').includes('postgres') && text.includes(data)
}
