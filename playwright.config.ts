import { defineConfig } from '@playwright/test'

/** Each worker has a real server with a folder of its own; see test/e2e/setup. The build must exist: npm run build. */
export default defineConfig({
  testDir: 'test/e2e',
  testMatch: '**/*.e2e.ts',
  snapshotPathTemplate: 'test/fixtures/charts/pictures/{arg}{ext}',
  globalSetup: './test/e2e/setup/start-server.ts',
  // Each test waits half of its time, so that two fill two cores.
  workers: 2,
  fullyParallel: false,
  forbidOnly: Boolean(process.env.CI),
  // A test takes 4 s where nothing else runs, and may take many times that on busy cores.
  timeout: 120_000,
  expect: { timeout: 20_000 },
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
