import { expect, test } from 'vitest'
import { files, read } from './repository.ts'

/** Sheets that set the words of drawings, the graph and the cells of the matrix, whose places are computed in px. */
const DRAWN = [
  'src/app/[workspace]/[project]/capability/capability.module.css',
  'src/app/[workspace]/[project]/preferences/preferences.module.css',
  'src/app/[workspace]/[project]/retention/triangle.module.css',
  'src/app/[workspace]/[project]/runs/[number]/run.module.css',
  'src/ui/changes/dumbbell.module.css',
  'src/ui/charts/charts.module.css',
  'src/ui/cost/cost.module.css',
  'src/ui/forest/forest.module.css',
  'src/ui/graph/card.module.css',
  'src/ui/graph/graph.module.css',
  'src/ui/graph/strip.module.css',
  'src/ui/hardware/hardware.module.css',
  'src/ui/matrix/matrix.module.css',
  'src/ui/media/media.module.css',
  'src/ui/panels/panels.module.css',
  'src/ui/side-by-side/side-by-side.module.css',
  'src/ui/slope/slope.module.css',
]
const sheets = () => files().filter((file) => /^src\/.*\.css$/.test(file))

test('type is set in rem, so that it grows with the lettering of the browser; in px only in drawings', () =>
  expect(
    sheets().filter((file) => /(font(-size)?|line-height):[^;]*\dpx/.test(read(file)) && !DRAWN.includes(file)),
  ).toEqual([]))

test('layouts change at widths in em, so that large lettering has the layout of a narrow window', () =>
  expect(sheets().filter((file) => /@media[^{]*\dpx/.test(read(file)))).toEqual([]))
