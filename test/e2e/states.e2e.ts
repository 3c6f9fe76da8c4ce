/** What pages show while something is missing, broken, away or refused; and that many tabs of one person share what a browser has. */
import { randomUUID } from 'node:crypto'
import { readDatabase } from './setup/database.ts'
import type { Door } from './setup/door.ts'
import { breakCharts, breakProcedure } from './setup/failures.ts'
import { expect, test, WORKSPACE } from './setup/fixtures.ts'
import { seedLineage } from './setup/seed-lineage.ts'

test.beforeEach(async ({ login }) => {
  await login()
})

test('while the server is away a banner says so, nothing typed is lost, pauses grow, and it goes by itself', async ({
  page,
  noise,
  accessible,
}) => {
  noise.allow(/ERR_CONNECTION_REFUSED/)
  const name = `Kept ${Date.now()}`
  await page.goto(`/${WORKSPACE}`)
  await expect(page.getByRole('heading', { level: 1, name: 'Projects' })).toBeVisible()
  await page.getByRole('button', { name: 'Create project' }).click()
  const dialog = page.getByRole('dialog', { name: 'Create project' })
  await dialog.getByLabel('Name').fill(name)

  const tries: number[] = []
  await page.route(
    (url) => url.pathname.startsWith('/api/'),
    (route) => {
      if (route.request().url().endsWith('/me.get')) tries.push(Date.now())
      return route.abort('connectionrefused')
    },
  )
  await dialog.getByRole('button', { name: 'Create project' }).click()
  const banner = page.getByText('The server does not answer.')
  await expect(banner).toBeVisible()
  await expect(page.getByText(/Trying again( in \d s)?\./)).toBeVisible()
  await expect(dialog.getByLabel('Name')).toHaveValue(name)
  await accessible(page)
  await page.keyboard.press('Escape')
  await expect(dialog).toBeHidden()

  // The table stays, and a link does not lead to the browser's own page of a server that is away.
  await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Settings' }).first().click()
  await expect(page.getByText('That page can be opened once it does: press it again then.')).toBeVisible()
  await expect(page).toHaveURL(`/${WORKSPACE}`)
  // Nor does what goes to a page without being a link.
  await page.keyboard.press('ControlOrMeta+k')
  await page.getByRole('combobox', { name: 'Search everything' }).fill('>Settings')
  await page.keyboard.press('Enter')
  await expect(page.getByRole('combobox', { name: 'Search everything' })).toHaveCount(0)
  await expect(page).toHaveURL(`/${WORKSPACE}`)
  await expect.poll(() => tries.length, { timeout: 15_000 }).toBeGreaterThanOrEqual(4)
  await page.unrouteAll()
  // It is asked again after 15 s at most.
  await expect(banner).toHaveCount(0, { timeout: 30_000 })

  await page.getByRole('button', { name: 'Create project' }).click()
  await expect(dialog.getByLabel('Name')).toHaveValue(name)
  await dialog.getByRole('button', { name: 'Create project' }).click()
  await page.waitForURL(/\/kept-\d+$/)
})

test('one chart that fails says so with a retry and a request id beside charts that work; so does a part of a page', async ({
  page,
  door,
  accessible,
}) => {
  const project = `broken-${Date.now()}`
  const sent = await openRun(door, project)
  await sent.points({ loss: [3, 2, 1], lr: [1, 1, 1], 'grad/norm': [5, 4, 3] })
  const mend = await breakCharts(page, 'lr', 'chart-7')
  await page.goto(`/${WORKSPACE}/${project}/runs/1`)
  const lr = page.getByRole('figure', { name: 'lr', exact: true })
  await expect(lr.getByRole('alert')).toContainText('lr could not be loaded')
  await expect(lr.getByRole('alert')).toContainText('Request chart-7')
  await expect(page.getByRole('group', { name: /^loss over step, 3 points/ })).toBeVisible()
  await expect(page.getByRole('group', { name: /^norm over step, 3 points/ })).toBeVisible()
  await accessible(page)
  await mend()
  await lr.getByRole('button', { name: 'Try again' }).click()
  await expect(page.getByRole('group', { name: /^lr over step, 3 points/ })).toBeVisible()

  // Partly loaded: the rest of the page is used meanwhile.
  const mendList = await breakProcedure(page, 'runs.metrics', 'list-8')
  await page.reload()
  const problem = page.getByRole('alert').filter({ hasText: 'The list of metrics could not be loaded' })
  await expect(problem).toContainText('Request list-8')
  await expect(page.getByRole('heading', { level: 1, name: 'first' })).toBeVisible()
  await expect(page.getByText('line 1', { exact: true })).toBeVisible()
  const again = problem.getByRole('button', { name: 'Try again' })
  await expect(again).toBeVisible()
  await mendList()
  // News of the run may bring it before that.
  await again.click({ timeout: 2_000 }).catch(() => {})
  await expect(page.getByRole('group', { name: /^loss over step, 3 points/ })).toBeVisible()
})

test('a run without metrics says its state, the last contact and the last lines; the first point comes by itself', async ({
  page,
  door,
}) => {
  const project = `early-${Date.now()}`
  const sent = await openRun(door, project)
  await page.goto(`/${WORKSPACE}/${project}/runs/1`)
  await expect(page.getByText('Running', { exact: true }).first()).toBeVisible()
  await expect(page.getByText('The first point appears here by itself.')).toBeVisible()
  await expect(page.getByText(/^Last contact \d+ (s|min) ago\.$/)).toBeVisible()
  await expect(page.getByText('line 1', { exact: true })).toBeVisible()
  await sent.points({ loss: [3, 2] })
  await expect(page.getByRole('group', { name: /^loss over step, 2 points/ })).toBeVisible()
})

test('a stage that was not measured names the benchmarks that it lacks and the lines that fill them in', async ({
  page,
  door,
}) => {
  const { project } = await seedLineage(door, `unmeasured-${Date.now()}`)
  await door.send('PUT', `/projects/${project}/experiments/after`, {
    name: 'after',
    stage: 'sft',
    parents: [{ experiment: 'cpt', kind: 'init' }],
  })
  const uid = randomUUID()
  await door.send('PUT', `/projects/${project}/runs/${uid}`, { experiment: 'after', name: 'after' })
  await door.send('POST', `/runs/${uid}/attempts`, {})
  const checkpoint = await door.send<{ id: string }>('POST', `/runs/${uid}/checkpoints`, {
    attempt: 1,
    step: 2,
    location: 'file:///elsewhere/2',
  })
  await door.send('POST', `/runs/${uid}/finish`, { attempt: 1, reason: 'finished' })
  await page.goto(`/${WORKSPACE}/${project}/experiments/6`)
  await expect(page.getByText(/Not measured here: .*General bpb/)).toBeVisible()
  await page.getByText('How to fill').click()
  await expect(page.getByText(new RegExp(`log_eval\\(.*${checkpoint.id}`, 's')).first()).toBeVisible()
})

test('what is absent and what is not shared are one page to a stranger; a member reads who gives access', async ({
  page,
  noise,
  accessible,
}) => {
  noise.allow(/404/)
  const elsewhere = `elsewhere-${Date.now()}`
  await readDatabase((sql) => sql`insert into workspaces (slug, name) values (${elsewhere}, ${elsewhere})`)
  const said: string[] = []
  for (const address of [`/${elsewhere}`, '/no-such-workspace', `/${elsewhere}/secret`, '/no-such-workspace/secret']) {
    const answer = await page.goto(address)
    expect(answer?.status()).toBe(404)
    said.push((await page.locator('.full-page').textContent()) ?? '')
  }
  expect(new Set(said).size).toBe(1)
  expect(said[0]).not.toContain('Owner')

  await page.goto(`/${WORKSPACE}/no-such-project`)
  await expect(page.getByText(/^In this workspace .+ \(.+\) gives access\.$/)).toBeVisible()
  await accessible(page)
})

test('a form that is refused says why at the field, the focus goes there, and entries stay', async ({
  page,
  noise,
}) => {
  noise.allow(/status of 400/)
  // Refused by the server.
  await page.goto(`/${WORKSPACE}`)
  await page.getByRole('button', { name: 'Create project' }).click()
  const dialog = page.getByRole('dialog', { name: 'Create project' })
  await dialog.getByLabel('Name').fill('Refused')
  const address = dialog.getByLabel('Address')
  await address.fill('Not An Address')
  await dialog.getByRole('button', { name: 'Create project' }).click()
  await expect(address).toBeFocused()
  await expect(address).toHaveAccessibleDescription(/lower-case/i)
  await expect(dialog.getByLabel('Name')).toHaveValue('Refused')
  await expect(address).toHaveValue('Not An Address')

  // Refused by the form itself.
  await page.goto(`/${WORKSPACE}/settings/keys`)
  await page.getByRole('button', { name: 'Make key' }).click()
  await expect(page.getByLabel('Name')).toBeFocused()
  await expect(page.getByLabel('Name')).toHaveAccessibleDescription(/Say what it is for/)
})

test('twenty tabs of one person all hear of a new run at once over one stream, and the twentieth still asks and is answered', async ({
  page,
  context,
  door,
}) => {
  test.setTimeout(240_000)
  const project = `tabs-${Date.now()}`
  await openRun(door, project)
  const tabs = [page]
  while (tabs.length < 20) tabs.push(await context.newPage())
  for (const tab of tabs) {
    await tab.goto(`/${WORKSPACE}/${project}/runs?pane=table`)
    await expect(tab.getByRole('row').filter({ hasText: 'first' })).toBeVisible()
  }
  await openRun(door, project, 'second')
  // By news: without it they ask every 30 seconds.
  for (const tab of tabs)
    await expect(tab.getByRole('row').filter({ hasText: 'second' })).toBeVisible({ timeout: 25_000 })
})

/** A run that has started and printed three lines. */
async function openRun(door: Door, project: string, name = 'first') {
  const uid = randomUUID()
  await door.send('PUT', `/projects/${project}`, { name: project })
  await door.send('PUT', `/projects/${project}/experiments/base`, {
    stage: 'pretrain',
    root: { kind: 'random_init' },
    params: 1000,
  })
  await door.send('PUT', `/projects/${project}/runs/${uid}`, { experiment: 'base', name })
  await door.send('POST', `/runs/${uid}/attempts`, {})
  const stream = () => ({ 'x-stream': randomUUID(), 'x-seq': '1', 'x-attempt': '1' })
  const lines = [0, 1, 2].map((i) => ({ t: Date.now() + i, fd: 1, text: `line ${i}` }))
  await door.send('POST', `/runs/${uid}/logs`, { lines }, stream())
  return {
    uid,
    points: async (m: Record<string, number[]>) => {
      const step = (Object.values(m)[0] ?? []).map((_, i) => i)
      await door.send(
        'POST',
        `/runs/${uid}/metrics`,
        { groups: [{ step, t: step.map(() => Date.now()), m }] },
        stream(),
      )
    },
  }
}
