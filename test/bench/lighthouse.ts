/** Lighthouse's word on pages, in the machine's Chromium. */
import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import os from 'node:os'
import path from 'node:path'
import { promisify } from 'node:util'
import { chromium } from '@playwright/test'
import type { Cookies } from './sign-in.ts'

/** Two hundred packages that nothing else needs: npm brings them when this bench runs. 13 needs a newer Node than the product does. */
const LIGHTHOUSE = 'lighthouse@12.8.2'
const CATEGORIES = ['performance', 'accessibility', 'best-practices'] as const
export type Category = (typeof CATEGORIES)[number]
export type Form = 'desktop' | 'mobile'

export interface LighthouseFigures {
  page: string
  /** A screen with a fast line; or Lighthouse's own default, a mid-range phone on slow 4G, both simulated. */
  form: Form
  /** 0 to 100. */
  scores: Record<Category, number>
  /** Audits that took points off, by their ids with what they say. */
  lost: string[]
  /** ms as simulated: first and largest paint, blocking; and the shift. */
  measured: Record<string, number>
}

/**
 * Each address once per form, as whoever has the cookies.
 *
 * @throws Error when Lighthouse could not measure a page, with its word
 */
export async function runLighthouse(
  pages: readonly { page: string; address: string }[],
  cookies: Cookies,
  say: (sentence: string) => void,
): Promise<LighthouseFigures[]> {
  if (pages.length === 0) return []
  const profile = mkdtempSync(path.join(os.tmpdir(), 'descent-lighthouse-'))
  const port = await freePort()
  const context = await chromium.launchPersistentContext(profile, {
    executablePath: process.env.CHROMIUM || '/usr/bin/chromium',
    args: [`--remote-debugging-port=${port}`],
  })
  try {
    // Lighthouse opens tabs of its own in the same profile and leaves cookies as they are.
    await context.addCookies(cookies)
    const figures: LighthouseFigures[] = []
    for (const form of ['desktop', 'mobile'] as const)
      for (const { page, address } of pages) {
        const seen = await measure({ page, address, form, port })
        const lost = seen.lost.map((text) => `\n  ${text}`).join('')
        say(`Lighthouse, ${page}, ${form}: ${JSON.stringify(seen.scores)} ${JSON.stringify(seen.measured)}${lost}`)
        figures.push(seen)
      }
    return figures
  } finally {
    await context.close()
    rmSync(profile, { recursive: true, force: true })
  }
}

/** What is read of a report. */
interface Report {
  runtimeError?: { message: string }
  audits: Record<string, { title: string; score: number | null; displayValue?: string; numericValue?: number }>
  categories: Record<string, { score: number | null; auditRefs: { id: string; weight: number }[] }>
}

async function measure({ page, address, form, port }: { page: string; address: string; form: Form; port: number }) {
  const { stdout } = await promisify(execFile)(
    'npx',
    [
      ...['--yes', LIGHTHOUSE, address, `--port=${port}`, '--output=json', '--quiet'],
      `--only-categories=${CATEGORIES.join(',')}`,
      ...(form === 'desktop' ? ['--preset=desktop'] : []),
    ],
    { maxBuffer: 256 * 1024 * 1024 },
  )
  const { runtimeError, audits, categories } = JSON.parse(stdout) as Report
  if (runtimeError) throw new Error(`Lighthouse could not measure ${address}: ${runtimeError.message}`)
  const scoreOf = (category: Category) => Math.round((categories[category]?.score ?? 0) * 100)
  const counted = CATEGORIES.flatMap((category) => categories[category]?.auditRefs ?? []).filter(
    ({ weight }) => weight > 0,
  )
  const lost = counted.flatMap(({ id }) => {
    const audit = audits[id]
    return audit && audit.score !== null && audit.score < 0.9
      ? [`${id}: ${audit.title}${audit.displayValue ? ` (${audit.displayValue})` : ''}`]
      : []
  })
  const number = (id: string) => Math.round((audits[id]?.numericValue ?? Number.NaN) * 1_000) / 1_000
  return {
    page,
    form,
    scores: {
      performance: scoreOf('performance'),
      accessibility: scoreOf('accessibility'),
      'best-practices': scoreOf('best-practices'),
    },
    lost: [...new Set(lost)],
    measured: {
      firstPaint: number('first-contentful-paint'),
      largestPaint: number('largest-contentful-paint'),
      blocking: number('total-blocking-time'),
      speedIndex: number('speed-index'),
      shift: number('cumulative-layout-shift'),
    },
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer().once('error', reject)
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address()
      probe.close(() => resolve(typeof address === 'object' && address ? address.port : 0))
    })
  })
}
