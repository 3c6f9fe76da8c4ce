#!/usr/bin/env node
// npx descent: the command line inside the project. Built on first use.
import fs from 'node:fs'
import { bundle } from './ensure-build.mjs'
import { ensurePackages } from './ensure-packages.mjs'
import { inProject } from './place.mjs'

await ensurePackages(console.error)
if (!fs.existsSync(inProject('dist', 'cli.mjs'))) await bundle()
await import(inProject('dist', 'cli.mjs'))
