// node patches/postgres.mjs apply|reverse|status [folder of the postgres package]
// Run by `postinstall` and by the image build. This file is a command line only: what it does is in postgres-edits.mjs, and the
// server asserts the patch with src/db/assert-patched.ts, which is safe to bundle.
import { createRequire } from 'node:module'
import path from 'node:path'
import { DRIVER_VERSION, driverState, patchDriver } from './postgres-edits.mjs'

const [command = 'status', folder = installedDriver()] = process.argv.slice(2)
if (!['apply', 'reverse', 'status'].includes(command)) {
  console.error(`patches/postgres.mjs knows apply, reverse and status, not "${command}".`)
  process.exit(1)
}
try {
  console.log(
    `postgres ${DRIVER_VERSION}: ${command === 'status' ? driverState(folder) : patchDriver(folder, command)}`,
  )
} catch (error) {
  console.error(error.message)
  process.exit(1)
}

function installedDriver() {
  const entry = createRequire(import.meta.url).resolve('postgres') // …/postgres/cjs/src/index.js
  return path.resolve(path.dirname(entry), '../..')
}
