// A stamp tells whether something that was made (packages, a build, a Python environment) still fits what it was made from.
import { createHash } from 'node:crypto'
import fs from 'node:fs'
import path from 'node:path'

/** SHA-256 over names and contents of files and folders below `root`, in a fixed order. Dot files and `skip` are left out. */
export function hashOf(root, entries, skip = ['node_modules', '__pycache__']) {
  const hash = createHash('sha256')
  for (const entry of [...entries].sort())
    for (const file of filesBelow(path.join(root, entry), skip))
      hash.update(path.relative(root, file)).update('\0').update(fs.readFileSync(file)).update('\0')
  return hash.digest('hex')
}

function filesBelow(at, skip) {
  const stat = fs.statSync(at, { throwIfNoEntry: false })
  if (!stat) return []
  if (stat.isFile()) return [at]
  return fs
    .readdirSync(at)
    .sort()
    .filter((name) => !name.startsWith('.') && !skip.includes(name))
    .flatMap((name) => filesBelow(path.join(at, name), skip))
}

export function fits(file, stamp) {
  return fs.existsSync(file) && fs.readFileSync(file, 'utf8').trim() === stamp
}

/** Written after what it vouches for is complete. */
export function setStamp(file, stamp) {
  fs.mkdirSync(path.dirname(file), { recursive: true })
  fs.writeFileSync(`${file}.new`, `${stamp}\n`)
  fs.renameSync(`${file}.new`, file)
}
