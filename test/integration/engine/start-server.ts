import { spawn } from 'node:child_process'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { onTestFinished } from 'vitest'

export type ServerWord = { serving?: number; engine?: number; adopted?: boolean; applied?: number; refused?: string }

const script = path.join(path.dirname(fileURLToPath(import.meta.url)), 'server-process.ts')

/** Starts a server process on a data folder and waits for its one word. */
export function startServer(dataDir: string, waitMs: number) {
  const child = spawn(process.execPath, ['--import', 'tsx', script, dataDir, String(waitMs)], {
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  let noise = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    noise += text
  })
  const word = new Promise<ServerWord>((resolve, reject) => {
    child.stdout.setEncoding('utf8').on('data', (text: string) => resolve(JSON.parse(text)))
    void ended.then(() => reject(new Error(`the server ended without a word: ${noise}`)))
  })
  const end = async (signal: NodeJS.Signals) => {
    child.kill(signal)
    await ended
  }
  onTestFinished(() => end('SIGKILL'))
  return { word, kill: () => end('SIGKILL'), stop: () => end('SIGTERM') }
}
