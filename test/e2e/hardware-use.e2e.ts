import { expect, test, WORKSPACE } from './setup/fixtures.ts'
import { seedGpu } from './setup/seed-gpu.ts'

test('how a run used its hardware is read by keys and pointer, a part of the time is summed up, and the address keeps it', async ({
  page,
  door,
  login,
  accessible,
}) => {
  await login()
  const project = `use-${Date.now()}`
  await seedGpu(door, project)
  await page.goto(`/${WORKSPACE}/${project}/runs/1`)
  const use = page.getByRole('region', { name: 'Hardware use', exact: true })
  await use.scrollIntoViewIfNeeded()
  // Two hours were held; the first half hour stood idle, and nothing told the power of the device.
  const fact = (term: string) => use.locator('dl > div', { has: page.getByText(term, { exact: true }) }).locator('dd')
  await expect(fact('Held')).toContainText('2.00 h')
  await expect(fact('Idle')).toContainText('25 %')
  await expect(fact('Energy')).toContainText('estimated')
  await expect(use).toContainText('MFU: ')
  await accessible(page)

  const drawing = use.getByRole('group', { name: /Hardware use over time/ })
  await drawing.focus()
  await page.keyboard.press('ArrowRight')
  await expect(use.getByRole('status')).toHaveText(/^After 72\.0 s: GPU 2\.0 %, idle$/)
  await page.keyboard.press('Home')
  for (let i = 0; i < 5; i++) await page.keyboard.press('Shift+ArrowRight')
  await expect(page).toHaveURL(/use=0-360/)
  await expect(fact('Held')).toContainText('360 s')
  await expect(fact('Idle')).toContainText('100 %')
  await page.keyboard.press('0')
  await expect(page).not.toHaveURL(/use=/)

  const box = await drawing.boundingBox()
  if (!box) throw new Error('The drawing has no box.')
  await page.mouse.move(box.x + box.width / 2, box.y + 20)
  await page.mouse.down()
  await page.mouse.move(box.x + box.width - 12, box.y + 20, { steps: 4 })
  await page.mouse.up()
  await expect(use.getByRole('textbox', { name: /^From, seconds/ })).not.toHaveValue('from 0 s')
  await expect(fact('Used')).toContainText('90 % of what was held')
  await expect(fact('Idle')).toHaveCount(0)
  const shared = page.url()
  await page.goto('about:blank')
  await page.goto(shared)
  await use.scrollIntoViewIfNeeded()
  await expect(fact('Used')).toContainText('90 % of what was held')
  await use.getByRole('button', { name: 'All of the time' }).click()
  await use.getByRole('button', { name: 'Show as table' }).click()
  await expect(use.getByRole('row', { name: /idle/ })).toContainText('2.0 %')
  await accessible(page)
})
