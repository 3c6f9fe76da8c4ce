// Our patch of postgres.js 3.4.9, as exact replacements for both builds (src and cjs/src). `patches/postgres.mjs` is its command line,
// `src/db/assert-patched.ts` the assertion where clients are made, `test/integration/driver` the proof.
//
// (a) Whatever is pending when a connection dies is rejected, and nothing is written to, or kept for, a socket that is gone.
//     As published, a small write of a dead connection throws outside every try/catch and ends the process.
//     https://github.com/porsager/postgres/issues/1208
// (b) The handle of a transaction whose connection died, or that has ended, rejects every further query.
//     As published, such queries run outside the transaction, or inside another one. https://github.com/porsager/postgres/pull/1155
// (c) Bytes for a `bytea` parameter travel as they are. As published they are written as hex text: twice the bytes, and the server's
//     time to read them back.
import { readFileSync, renameSync, writeFileSync } from 'node:fs'
import path from 'node:path'

export const DRIVER_VERSION = '3.4.9'

/** The value of `postgres.patch` in a patched driver; `src/db/assert-patched.ts` looks for the same. */
export const DRIVER_MARK = 'descent-2'

const BUILDS = ['src', 'cjs/src']

/** Each text occurs exactly once in its file, before or after. */
const EDITS = [
  {
    // (a) A query for a connection without a socket fails at once.
    file: 'connection.js',
    published: `  function execute(q) {
    if (terminated)`,
    patched: `  function execute(q) {
    if (!socket) {
      queryError(q, Errors.connection('CONNECTION_CLOSED', options))
      return true
    }

    if (terminated)`,
  },
  {
    // (a) The timer of a small write may find the socket gone; its query has been rejected by then.
    file: 'connection.js',
    published: `  function nextWrite(fn) {
    const x`,
    patched: `  function nextWrite(fn) {
    if (!socket) {
      clearImmediate(nextWriteTimer)
      chunk = nextWriteTimer = null
      return true
    }
    const x`,
  },
  {
    // (a) Bytes and timer of the dead socket must not reach the next one: its start-up message would never be sent.
    file: 'connection.js',
    published: `    incomings = null
    clearImmediate(nextWriteTimer)
    socket.removeListener('data', data)`,
    patched: `    incomings = null
    clearImmediate(nextWriteTimer)
    chunk = nextWriteTimer = null
    socket.removeListener('data', data)`,
  },
  {
    // (a) Reject also what came between the socket's 'error' and its 'close', and forget all of it: a query left over would
    //     block the next connection for ever, a row count left over would put empty places in front of the next result.
    file: 'connection.js',
    published: `    !hadError && (query || sent.length) && error(Errors.connection('CONNECTION_CLOSED', options, socket))
    closedTime`,
    patched: `    if (query || sent.length)
      error(Errors.connection('CONNECTION_CLOSED', options, socket))
    query = results = errorResponse = null
    result = new Result()
    rows = 0
    closedTime`,
  },
  {
    // (b) `gone` is the error that ended the connection or the transaction of this handle.
    file: 'index.js',
    published: `      , connection
      , prepare = null

    try {`,
    patched: `      , connection
      , prepare = null
      , gone = null

    try {`,
  },
  {
    file: 'index.js',
    published: `        new Promise((_, reject) => connection.onclose = reject)
      ])
    } catch (error) {
      throw error
    }`,
    patched: `        new Promise((_, reject) => connection.onclose = error => {
          gone = error
          while (queries.length)
            queries.shift().reject(error)
          reject(error)
        })
      ])
    } finally {
      gone || (gone = Errors.generic('TRANSACTION_ENDED', 'The transaction of this handle has ended'))
    }`,
  },
  {
    file: 'index.js',
    published: `        q.catch(e => uncaughtError || (uncaughtError = e))
        c.queue === full`,
    patched: `        q.catch(e => uncaughtError || (uncaughtError = e))
        if (gone)
          return q.reject(gone)
        c.queue === full`,
  },
  {
    // (c) A format code for each parameter, where one is binary: 1 for that, 0 for text. 17 is bytea.
    file: 'connection.js',
    published: `    b().B().str(portal + b.N).str(statement + b.N).i16(0).i16(parameters.length)
`,
    patched: `    const isBytes = (x, i) => x instanceof Uint8Array && types[i] === 17
    b().B().str(portal + b.N).str(statement + b.N)
    if (parameters.some(isBytes)) {
      b.room(parameters.reduce((size, x) => size + (x instanceof Uint8Array ? x.length : 32), 64))
      b.i16(parameters.length)
      parameters.forEach((x, i) => b.i16(isBytes(x, i) ? 1 : 0))
    } else
      b.i16(0)
    b.i16(parameters.length)
`,
  },
  {
    file: 'connection.js',
    published: `        return b.i32(0xFFFFFFFF)

      type = types[i]`,
    patched: `        return b.i32(0xFFFFFFFF)

      if (isBytes(x, i))
        return b.i32(x.length).bytes(x)

      type = types[i]`,
  },
  {
    file: 'bytes.js',
    published: `  i16(x) {
    fit(2)`,
    patched: `  endWith(tail) {
    const at = b.i
    fit(tail.length)
    buffer.set(tail, at)
    buffer.writeUInt32BE(at - 1, 1)
    const out = buffer.subarray(0, at + tail.length)
    b.i = 0
    buffer = Buffer.allocUnsafe(size)
    return out
  },
  room(x) {
    fit(x)
    return b
  },
  bytes(x) {
    fit(x.length)
    buffer.set(x, b.i)
    b.i += x.length
    return b
  },
  i16(x) {
    fit(2)`,
  },
  {
    // (c) What executes a statement stands in one piece of memory with its parameters.
    file: 'connection.js',
    published: `    b.i16(0)

    return b.end()
  }

  function Parse(`,
    patched: `    b.i16(0)

    return tail ? b.endWith(tail) : b.end()
  }

  function Parse(`,
  },
  {
    file: 'connection.js',
    published: `  function Bind(parameters, types, statement = '', portal = '') {
    let prev`,
    patched: `  function Bind(parameters, types, statement = '', portal = '', tail) {
    let prev`,
  },
  {
    file: 'connection.js',
    published: `    return Buffer.concat([
      Bind(q.parameters, q.statement.types, q.statement.name, q.cursorName),
      q.cursorFn`,
    patched: `    return !q.cursorFn ? Bind(q.parameters, q.statement.types, q.statement.name, q.cursorName, ExecuteUnnamed) : Buffer.concat([
      Bind(q.parameters, q.statement.types, q.statement.name, q.cursorName),
      q.cursorFn`,
  },
  {
    // (c) A message is a piece of memory of its own, that nobody writes to again: sent without another copy.
    file: 'connection.js',
    published: `    chunk = chunk ? Buffer.concat([chunk, x]) : Buffer.from(x)
`,
    patched: `    chunk = chunk ? Buffer.concat([chunk, x]) : x
`,
  },
  {
    // The mark exists only where both files are patched: index.js takes it from connection.js.
    file: 'connection.js',
    published: `function parseError(x) {
  const error = {}`,
    patched: `Connection.patch = '${DRIVER_MARK}'

function parseError(x) {
  const error = {}`,
  },
  {
    file: 'index.js',
    published: `Object.assign(Postgres, {
  PostgresError,`,
    patched: `Object.assign(Postgres, {
  patch: Connection.patch,
  PostgresError,`,
  },
]

/**
 * Which driver lies in a package folder.
 *
 * @param {string} folder the folder that holds the driver's package.json
 * @returns {'applied' | 'plain' | 'half applied'}
 * @throws when the version is another one, or a text to be patched is not there
 */
export function driverState(folder) {
  const states = new Set(readBuilds(folder).flatMap((file) => file.edits.map((edit) => edit.state)))
  return states.size > 1 ? 'half applied' : [...states][0]
}

/**
 * Applies or reverses the patch; doing it twice changes nothing.
 *
 * @param {string} folder the folder that holds the driver's package.json
 * @param {'apply' | 'reverse'} direction
 * @returns {'applied' | 'plain' | 'half applied'} the state afterwards
 */
export function patchDriver(folder, direction) {
  const [before, from, into] =
    direction === 'apply' ? ['plain', 'published', 'patched'] : ['applied', 'patched', 'published']
  for (const { at, text, edits } of readBuilds(folder)) {
    const due = edits.filter((edit) => edit.state === before)
    if (due.length === 0) continue
    const changed = due.reduce((all, edit) => all.replace(edit[from], () => edit[into]), text)
    // Renamed over, not written into: the installed file may be a hard link into a package cache.
    writeFileSync(`${at}.new`, changed)
    renameSync(`${at}.new`, at)
  }
  return driverState(folder)
}

function readBuilds(folder) {
  const { name, version } = JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8'))
  if (name !== 'postgres' || version !== DRIVER_VERSION)
    throw new Error(
      `The patch is for postgres ${DRIVER_VERSION}; ${folder} holds ${name} ${version}. Pin that version, or write the patch anew.`,
    )
  return BUILDS.flatMap((build) =>
    [...new Set(EDITS.map((edit) => edit.file))].map((file) => {
      const at = path.join(folder, build, file)
      const text = readFileSync(at, 'utf8')
      return {
        at,
        text,
        edits: EDITS.filter((edit) => edit.file === file).map((edit) => ({
          ...edit,
          state: editState(at, text, edit),
        })),
      }
    }),
  )
}

function editState(at, text, { published, patched }) {
  const count = (part) => text.split(part).length - 1
  if (count(patched) === 1) return 'applied'
  if (count(published) === 1) return 'plain'
  throw new Error(`${at}: the text to be patched is not there:\n${published}`)
}
