import type { Browser, BrowserContext } from '@playwright/test'
import type { Product } from './product.ts'

export type Cookies = Awaited<ReturnType<BrowserContext['cookies']>>

/** Signs the first owner in, which a product's link does once: the cookies of the session. */
export async function signIn(browser: Browser, product: Product): Promise<Cookies> {
  const context = await browser.newContext()
  const page = await context.newPage()
  await page.goto(product.signInLink)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page.waitForURL((url) => !url.pathname.includes('sign-in'))
  const cookies = await context.cookies()
  await context.close()
  return cookies
}
