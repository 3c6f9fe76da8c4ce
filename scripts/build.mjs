// npm run build: pages and bundles, always anew.
import { ensureBuild } from './ensure-build.mjs'
import { ensurePackages } from './ensure-packages.mjs'

await ensurePackages(console.error)
await ensureBuild(console.error, { force: true })
