import { defineConfig } from '@playwright/test'

/** A real server with a folder of its own is started once; see test/e2e/setup. The build must exist: npm run build. */
export default defineConfig({
  testDir: 'test/e2e',
  testMatch: '**/*.e2e.ts',
  snapshotPathTemplate: 'test/fixtures/charts/pictures/{arg}{ext}',
  globalSetup: './test/e2e/setup/start-server.ts',
  workers: 1,
  fullyParallel: false,
  forbidOnly: Boolean(process.env.CI),
  timeout: 45_000,
  expect: { timeout: 10_000 },
  reporter: 'list',
  use: {
    browserName: 'chromium',
    viewport: { width: 1440, height: 900 },
    video: 'off',
    // Recording each step takes a third of the time on two cores; `--trace on` records a test that failed.
    trace: 'off',
    screenshot: 'only-on-failure',
    launchOptions: { executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium' },
  },
})
