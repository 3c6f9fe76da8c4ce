/** Floors: imports only go down. Needs @swc/core, which reads the TypeScript files; test/house asserts the number of modules. */
const below = (floor, allowed, comment) => ({
  name: `${floor}-imports-down`,
  comment,
  severity: 'error',
  from: { path: `^src/${floor}/` },
  to: { path: '^(src|workers)/', pathNot: allowed.map((a) => `^${a}`) },
})

module.exports = {
  forbidden: [
    {
      name: 'core-imports-core',
      comment:
        'Rules: no I/O, no clock, no framework. Distributions come from leaf packages of @stdlib, decimals from big.js.',
      severity: 'error',
      from: { path: '^src/core/', pathNot: '\\.test\\.ts$' },
      to: { pathNot: ['^src/core/', 'node_modules/@stdlib/', 'node_modules/(@types/)?big.js/'] },
    },
    below('protocol', ['src/protocol/', 'src/core/'], 'Words on the wire know rules only.'),
    below('db', ['src/db/', 'src/core/', 'src/env.ts'], 'Memory knows rules and settings.'),
    below('services', ['src/services/', 'src/db/', 'src/core/', 'src/protocol/'], 'Stories load, decide and save.'),
    below(
      'api',
      [
        'src/api/',
        'src/services/',
        'src/protocol/',
        'src/core/',
        'src/env.ts',
        'src/ui/paths.ts',
        'src/db/scope.ts',
        'src/db/clients.ts',
      ],
      'Doors call verbs and translate.',
    ),
    below(
      'server',
      ['src/server/', 'src/api/', 'src/services/', 'src/db/', 'src/env.ts', 'src/core/', 'src/protocol/'],
      'The process puts things together.',
    ),
    below(
      'cli',
      [
        'src/cli/',
        'src/services/',
        'src/protocol/',
        'src/core/',
        'src/db/',
        'src/env.ts',
        'workers/agent/',
        'src/server/',
      ],
      'Commands call verbs or doors.',
    ),
    below(
      'ui',
      ['src/ui/', 'src/core/', 'src/protocol/', 'src/api/trpc/'],
      'Screens share parts; of the doors they know types only.',
    ),
    below('app', ['src/app/', 'src/ui/', 'src/core/', 'src/protocol/', 'src/api/'], 'The map mounts screens.'),
    {
      name: 'workers-import-protocol-and-core',
      severity: 'error',
      from: { path: '^workers/agent/' },
      to: { path: '^src/', pathNot: ['^src/protocol/', '^src/core/'] },
    },
    {
      name: 'no-cycles',
      severity: 'error',
      from: { path: '^(src|workers)/' },
      to: { circular: true, viaOnly: { pathNot: '^src/api/trpc/' } },
    },
    {
      name: 'sql-only-in-db',
      comment: 'The driver is imported in db only.',
      severity: 'error',
      from: { path: '^(src|workers)/', pathNot: '^src/db/' },
      to: { path: 'node_modules/postgres/' },
    },
    {
      name: 'charts-in-one-room',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/ui/charts/' },
      to: { path: 'node_modules/echarts/' },
    },
    {
      name: 'graph-in-one-room',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/ui/graph/' },
      to: { path: 'node_modules/@xyflow/' },
    },
    {
      name: 'next-auth-in-one-room',
      severity: 'error',
      from: { path: '^src/', pathNot: ['^src/api/auth/', '^src/app/api/auth/', '^src/app/sign-in/', '^src/ui/shell/'] },
      to: { path: 'node_modules/next-auth/' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: ['\\.next/', 'dist/'] },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
      extensions: ['.ts', '.tsx', '.js', '.mjs', '.cjs', '.json'],
    },
  },
}
