import { generateKeyPairSync, sign } from 'node:crypto'
import { openDoor } from './setup/door.ts'
import { fitsWidth } from './setup/fits-width.ts'
import { expect, test, WORKSPACE } from './setup/fixtures.ts'

const PAGE = `/${WORKSPACE}/agents`

test.beforeEach(async ({ login }) => {
  await login()
})

test('an agent joins with the token of the panel and appears with its load', async ({ page, accessible }) => {
  await page.goto(PAGE)
  await page.getByRole('button', { name: 'Join an agent' }).click()
  const panel = page.getByRole('complementary', { name: 'Join an agent' })
  await panel.getByRole('button', { name: 'Make a token' }).click()
  const command = panel.locator('pre').filter({ hasText: 'descent agent' })
  await expect(command).toContainText('--token dsc_reg-')
  const token = /dsc_reg-\w+/.exec((await command.textContent()) ?? '')?.[0] ?? ''
  await expect(panel.getByRole('status')).toContainText('Waiting for the agent')

  const agent = await join(token)
  await expect(panel.getByRole('status')).toContainText('e2e-box has joined')
  await agent.beat()
  await page.reload()
  const row = page.getByRole('listitem').filter({ has: page.getByRole('heading', { name: 'e2e-box' }) })
  await expect(row).toContainText('2 CPU cores')
  await expect(row).toContainText('none on this machine')
  await expect(row).toContainText('37 %')
  await accessible(page)
})

test('a token joins once', async ({ page }) => {
  await page.goto(`${PAGE}?join=true`)
  const panel = page.getByRole('complementary', { name: 'Join an agent' })
  await panel.getByRole('button', { name: 'Make a token' }).click()
  const command = panel.locator('pre').filter({ hasText: 'descent agent' })
  const token = /dsc_reg-\w+/.exec((await command.textContent()) ?? '')?.[0] ?? ''
  await join(token)
  await expect(join(token)).rejects.toThrow(/401/)
})

test('a queue is paused and resumed', async ({ page }) => {
  await page.goto(PAGE)
  const queue = page.getByRole('row').filter({ has: page.getByRole('rowheader', { name: 'default', exact: true }) })
  await queue.getByRole('button', { name: 'Pause queue' }).click()
  await expect(queue).toContainText('paused')
  await queue.getByRole('button', { name: 'Resume queue' }).click()
  await expect(queue).toContainText('open')
})

test('a revoked agent is gone', async ({ page }) => {
  await page.goto(PAGE)
  const rows = page.getByRole('listitem').filter({ has: page.getByRole('heading', { name: 'e2e-box' }) })
  await expect(rows.first()).toBeVisible()
  const before = await rows.count()
  await rows.first().getByRole('button', { name: 'More for e2e-box' }).click()
  await page.getByRole('menuitem', { name: 'Revoke this agent' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Revoke agent' }).click()
  await expect(rows).toHaveCount(before - 1)
})

test('on a phone the page does not scroll sideways', async ({ page }) => {
  await page.setViewportSize({ width: 390, height: 844 })
  await page.goto(PAGE)
  await expect(page.getByRole('heading', { level: 1, name: 'Agents' })).toBeVisible()
  await fitsWidth(page)
})

/** Registers a machine as the agent's program does: a key of its own, a challenge, a heartbeat. */
async function join(token: string) {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519')
  const raw = publicKey.export({ format: 'der', type: 'spki' }).subarray(-32)
  const registered = await openDoor(token).send<{ agent_id: string }>('POST', '/agents/register', {
    name: 'e2e-box',
    public_key: raw.toString('base64'),
    labels: { cpus: 2, gpus: [], torch: null },
    slots: 2,
  })
  const id = registered.agent_id
  const open = openDoor(null)
  const { challenge } = await open.send<{ challenge: string }>('POST', '/agents/token', { agent_id: id })
  const signature = sign(null, Buffer.from(challenge), privateKey).toString('base64')
  const access = await open.send<{ token: string }>('POST', '/agents/token', { agent_id: id, challenge, signature })
  const beat = () =>
    openDoor(access.token).send('POST', `/agents/${id}/heartbeat`, {
      slots: 2,
      busy: 0,
      load: {
        t: Date.now(),
        cpu_pct: 37,
        mem_used_bytes: 2 * 1024 ** 3,
        mem_total_bytes: 8 * 1024 ** 3,
        pressure_cpu_some: null,
        gpus: [],
      },
      jobs: [],
      recipes: [],
    })
  await beat()
  return { id, beat }
}
