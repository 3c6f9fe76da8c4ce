// Keeps one program of ours running: starts it again when it died, and ends it well.
import { spawn } from 'node:child_process'
import fs from 'node:fs'
import { inData, projectDir } from '../place.mjs'

const GIVE_UP_AFTER = 5
const GIVE_UP_WITHIN_MS = 60_000
const STOP_MS = 30_000

/**
 * Starts `node …args`; its output goes to logs/<name>.log in the data folder. A death that was not asked for is followed by a
 * new start after 0.5 s; five deaths within a minute end it for good.
 */
export function supervise(name, args, env, say) {
  const file = inData('logs', `${name}.log`)
  fs.mkdirSync(inData('logs'), { recursive: true })
  const log = fs.createWriteStream(file, { flags: 'a' })
  const deaths = []
  let child
  let stopping = false
  let gaveUp = null

  const start = () => {
    let said = ''
    child = spawn(process.execPath, ['--enable-source-maps', ...args], {
      cwd: projectDir,
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (chunk) => {
        said = (said + chunk).slice(-4000)
        log.write(chunk)
      })
    child.once('exit', (code, signal) => {
      if (stopping) return
      deaths.push(Date.now())
      const recent = deaths.filter((at) => Date.now() - at < GIVE_UP_WITHIN_MS)
      if (recent.length >= GIVE_UP_AFTER || (code === 1 && recent.length >= 2 && said.length < 4000)) {
        gaveUp = new Error(
          `The ${name} ended again and again (${signal ?? `exit code ${code}`}). Its log: ${file}\n${said.trim().split('\n').slice(-5).join('\n')}`,
        )
        return
      }
      say(`The ${name} died (${signal ?? `exit code ${code}`}); starting it again.`)
      setTimeout(() => stopping || start(), 500)
    })
  }
  start()

  return {
    name,
    /** Asks every 200 ms until `question` is true. */
    async until(question, limitMs, otherwise) {
      const end = Date.now() + limitMs
      while (Date.now() < end) {
        if (gaveUp) throw gaveUp
        if (await question()) return
        await new Promise((resolve) => setTimeout(resolve, 200))
      }
      throw new Error(`${otherwise} within ${limitMs / 1000} s. Log of the ${name}: ${file}`)
    },
    stop() {
      stopping = true
      return new Promise((resolve) => {
        if (child.exitCode !== null || child.signalCode !== null) return resolve()
        const insist = setTimeout(() => child.kill('SIGKILL'), STOP_MS)
        child.once('exit', () => {
          clearTimeout(insist)
          resolve()
        })
        child.kill('SIGTERM')
      })
    },
  }
}
