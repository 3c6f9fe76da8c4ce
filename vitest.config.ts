import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    pool: 'forks',
    maxWorkers: 2,
    projects: [
      {
        // Pure: no database, no port, no process.
        extends: true,
        test: {
          name: 'unit',
          include: [
            'src/**/*.test.ts',
            'src/**/*.test.tsx',
            'workers/**/*.test.ts',
            'patches/**/*.test.ts',
            'test/house/**/*.test.ts',
          ],
        },
      },
      {
        // Against a real PostgreSQL: an embedded one that lives as long as the run, or the server at TEST_DATABASE_URL.
        extends: true,
        test: {
          name: 'integration',
          include: ['test/integration/**/*.test.ts'],
          globalSetup: ['test/setup/start-database.ts'],
          testTimeout: 30_000,
          hookTimeout: 30_000,
          // What is waited for comes at once on an idle machine, and within seconds where both cores are busy.
          expect: { poll: { timeout: 10_000 } },
        },
      },
    ],
  },
})
