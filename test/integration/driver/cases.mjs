// One promise of the patched driver, in a process of its own, since as published most of them end the process.
//   node cases.mjs NAME DRIVER CONNECTION     NAME: a case below; DRIVER: the entry file of a build; CONNECTION: JSON, {path,…} or {url}
// Prints "holds" or "broken WHY"; ending in any other way is a failure too. ROUNDS sets the length of the storm, SEED its dice.
import net from 'node:net'
import { pathToFileURL } from 'node:url'

const [name, driver, connection] = process.argv.slice(2)
const postgres = (await import(pathToFileURL(driver).href)).default
const { url, ...server } = JSON.parse(connection)
const connect = (options) => (url ? postgres(url, options) : postgres({ ...server, ...options }))

const common = { fetch_types: false, onnotice() {} }
const applicationName = `driver case ${name} ${process.pid}`
const open = (max, more = {}) => connect({ ...common, max, connection: { application_name: applicationName }, ...more })
const admin = connect({ ...common, max: 1 })

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms))
const outcome = (promise) =>
  promise.then(
    () => 'done',
    (error) => error.code ?? error.message,
  )
async function within(ms, promise, what) {
  const late = pause(ms).then(() => {
    throw new Error(`${what} took over ${ms} ms`)
  })
  return Promise.race([promise, late])
}
function must(truth, why) {
  if (!truth) throw new Error(why)
}
function gate() {
  let open
  const shut = new Promise((resolve) => {
    open = resolve
  })
  return { open, shut }
}

/** mulberry32; a failure is repeated with its seed. */
const seed = Number(process.env.SEED ?? Date.now() % 2 ** 31)
let dice = seed
function random() {
  dice = (dice + 0x6d2b79f5) | 0
  let t = Math.imul(dice ^ (dice >>> 15), 1 | dice)
  t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
  return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32
}

/** Ends backends of the pool under test: all, or some at random. */
const terminate = (share = 1) =>
  admin`select pg_terminate_backend(pid) from pg_stat_activity where application_name = ${applicationName} and random() < ${share}::float8`
const insert = (handle, label, n) => handle`insert into moves values (${label}, ${n}::int, pg_current_xact_id()::text)`
const count = async (label) =>
  (await admin`select count(*)::int n, count(distinct xid)::int xids from moves where label = ${label}`)[0]

/** A transaction that goes on using its handle after its connection died. */
async function goOnAfterDeath(pool, label, die) {
  const late = gate()
  const begun = outcome(
    pool.begin(async (tx) => {
      await insert(tx, label, 1)
      await die(tx)
      late.open(await outcome(insert(tx, label, 2)))
    }),
  )
  must(
    (await within(3000, late.shut, 'the late query')) !== 'done',
    'a query on the handle of a dead connection was run',
  )
  must((await within(3000, begun, 'begin')) !== 'done', 'the transaction of a dead connection was committed')
  must((await count(label)).n === 0, 'a statement was stored outside its transaction')
}

async function recovers(pool, queries = 20) {
  const got = await within(
    5000,
    Promise.all(Array.from({ length: queries }, (_, i) => pool`select ${i}::int x`)),
    'the pool',
  )
  got.forEach((rows, i) => {
    must(rows.length === 1 && rows[0].x === i, `query ${i} got ${JSON.stringify([...rows])}`)
  })
}

/** A pool of one whose socket the case can break. */
function openWithSocket() {
  const held = { socket: null }
  const make = () =>
    new Promise((resolve) => {
      const target = url ? new URL(url) : null
      const socket = target ? net.connect(Number(target.port || 5432), target.hostname) : net.connect(server.path)
      held.socket = socket
      socket.once('connect', () => resolve(socket))
    })
  return { held, pool: open(1, { socket: make }) }
}

const cases = {
  async 'in-flight'() {
    const pool = open(2)
    await goOnAfterDeath(pool, 'a', async (tx) => {
      const running = outcome(tx`select pg_sleep(30)`)
      await pause(50)
      await terminate()
      await running
    })
    await recovers(pool)
  },

  async between() {
    const pool = open(2)
    await goOnAfterDeath(pool, 'a', async () => {
      await terminate()
      await pause(50)
    })
    await recovers(pool)
  },

  async reconnected() {
    const pool = open(1)
    await goOnAfterDeath(pool, 'a', async () => {
      await terminate()
      await pause(50)
      await pool`select 1`
    })
    await recovers(pool)
  },

  async innocent() {
    const pool = open(1)
    const [begun, ended] = [gate(), gate()]
    const first = goOnAfterDeath(pool, 'a', async () => {
      await terminate()
      await begun.shut
      ended.open()
    })
    const second = pause(100).then(() =>
      pool.begin(async (tx) => {
        await insert(tx, 'b', 1)
        begun.open()
        await ended.shut
        await pause(50) // the late query and the rollback of the first transaction come now
        await insert(tx, 'b', 2)
      }),
    )
    await Promise.all([first, second])
    const { n, xids } = await count('b')
    must(n === 2 && xids === 1, `an innocent transaction kept ${n} of 2 rows, in ${xids} transactions`)
    await recovers(pool)
  },

  async queued() {
    const pool = open(1)
    const settled = []
    const begun = outcome(
      pool.begin(async (tx) => {
        const all = ['pg_sleep(30)', '1', '2', '3'].map((x) =>
          outcome(tx.unsafe(`select ${x}`, [], { prepare: true })).then((end) => settled.push(end)),
        )
        await pause(50)
        await terminate()
        await Promise.all(all)
      }),
    )
    await within(2000, begun, 'begin')
    await pause(50)
    must(
      settled.length === 4 && !settled.includes('done'),
      `${settled.length} of 4 queries of the transaction were settled`,
    )
    await recovers(pool)
  },

  async ended() {
    const pool = open(1)
    let late
    await pool
      .begin((tx) => {
        late = insert(tx, 'a', 1)
          .catch(() => {})
          .then(() => pause(50))
          .then(() => outcome(insert(tx, 'a', 2)))
        return Promise.all([tx`select 1/0`, late])
      })
      .catch(() => {})
    must((await within(2000, late, 'the late query')) !== 'done', 'a query after the rollback was run')
    must((await count('a')).n === 0, 'a statement was stored outside its transaction')
    await recovers(pool)
  },

  async 'small-write'() {
    const { held, pool } = openWithSocket()
    await pool`select 1`
    for (let i = 0; i < 5; i++) {
      // In the check phase a small write waits for the next turn of the event loop, and the close comes before it.
      const lost = new Promise((resolve) =>
        setImmediate(() => {
          resolve(outcome(pool`select ${i}::int lost`))
          held.socket.destroy()
        }),
      )
      must(
        (await within(2000, lost, 'the pending query')) === 'CONNECTION_CLOSED',
        'the pending query was not rejected as closed',
      )
      await recovers(pool)
    }
  },

  async 'after-error'() {
    const { held, pool } = openWithSocket()
    await pool`select 1`
    const running = outcome(pool`select pg_sleep(1)`)
    await pause(50)
    const late = new Promise((resolve) => held.socket.once('error', () => resolve(outcome(pool`select 'late' x`))))
    held.socket.destroy(new Error('reset'))
    must((await within(2000, running, 'the running query')) !== 'done', 'the running query was not rejected')
    must((await within(2000, late, 'the late query')) !== 'done', 'the late query was answered by a dead connection')
    await recovers(pool)
  },

  async 'half-result'() {
    const pool = open(1)
    let rows = 0
    const broken = outcome(
      pool`select g, repeat('x', 200) from generate_series(1, 5000000) g`.forEach(() => {
        if (++rows === 1000) terminate().execute()
      }),
    )
    must((await within(6000, broken, 'the broken query')) !== 'done', 'the query ended before its backend')
    const whole = outcome(pool`select g from generate_series(1, 3000000) g`) // the same with rows that are kept
    await pause(300)
    await terminate()
    await whole
    const next = await within(3000, pool`select 7 x`, 'the next query')
    must(next.length === 1 && next[0]?.x === 7, `the next query got ${next.length} rows`)
    await recovers(pool)
  },

  async storm() {
    const rounds = Number(process.env.ROUNDS ?? 60)
    const pool = open(8)
    const other = open(4)
    const tally = { committed: 0, failed: 0, answered: 0, refused: 0 }
    const committed = new Set()

    // Careless on purpose: the error of a query is swallowed and the handle is used on.
    async function transaction(label, through) {
      const left = gate()
      let entered = false
      const end = await outcome(
        through.begin(async (tx) => {
          entered = true
          for (let n = 0; n < 4; n++) {
            await insert(tx, label, n).catch(() => {})
            if (random() < 0.6) await pause(random() * 6)
          }
          left.open()
        }),
      )
      if (end === 'done') {
        tally.committed++
        committed.add(label)
      } else tally.failed++
      if (entered) await left.shut // its function goes on after begin has failed
    }
    async function question(x) {
      await pause(random() * 10)
      try {
        const rows = await pool`select ${x}::int x`
        must(rows.length === 1 && rows[0].x === x, `query ${x} got ${JSON.stringify([...rows])}`)
        tally.answered++
      } catch (error) {
        if (!error.code) throw error
        tally.refused++
      }
    }
    async function killer() {
      for (let k = 0; k < 3; k++) {
        await pause(random() * 6)
        await terminate(0.3)
      }
    }

    for (let round = 0; round < rounds; round++) {
      const eight = [0, 1, 2, 3, 4, 5, 6, 7]
      const transactions = eight.map((i) => transaction(`${round}.${i}`, i % 2 ? pool : other))
      const questions = eight.map((i) => question(round * 8 + i))
      await within(20_000, Promise.all([...transactions, ...questions, killer()]), `round ${round}`)
    }
    const stored = await admin`select label, count(*)::int n, count(distinct xid)::int xids from moves group by 1`
    for (const { label, n, xids } of stored)
      must(n === 4 && xids === 1, `transaction ${label} has ${n} of 4 rows, in ${xids} transactions`)
    const labels = new Set(stored.map((row) => row.label))
    for (const label of committed) must(labels.has(label), `committed transaction ${label} is not stored`)
    await recovers(pool, 100)
    await recovers(other, 100)
    must(tally.committed > rounds && tally.failed > rounds / 10, `the storm was too mild: ${JSON.stringify(tally)}`)
    return `${rounds} rounds, seed ${seed}: ${tally.committed} transactions committed, ${tally.failed} failed, ${stored.length} stored; ${tally.answered} queries answered, ${tally.refused} refused`
  },
}

try {
  await admin.unsafe(
    'drop table if exists moves; create table moves (label text not null, n int not null, xid text not null)',
  )
  console.log('holds', (await cases[name]()) ?? '')
  process.exit(0)
} catch (error) {
  console.log('broken', error.message, `(seed ${seed})`)
  process.exit(1)
}
