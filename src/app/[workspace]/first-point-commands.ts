/** The commands of the first-run page, ready to be copied: they run as they are. Pure. */
export interface FirstPointFacts {
  /** Address of the server, without a slash at the end. */
  origin: string
  project: string
  key: string
}

export const pythonSetup = ({ origin, key }: FirstPointFacts): string =>
  ['pip install ./workers/sdk', `export DESCENT_URL=${origin}`, `export DESCENT_API_KEY=${key}`].join('\n')

export const pythonProgram = ({ project }: FirstPointFacts): string =>
  [
    'import descent',
    '',
    'run = descent.init(',
    `    project="${project}",`,
    '    experiment="base", stage="pretrain",',
    '    config={"lr": 2.5e-3},',
    ')',
    'for step in range(100):',
    '    run.log({"loss": 7.0 / (step + 1)}, step=step)',
    'run.finish()',
  ].join('\n')

export const curlCommands = ({ origin, project, key }: FirstPointFacts): string =>
  [
    `API=${origin}/api/v1`,
    `KEY=${key}`,
    'RUN=$(uuidgen || cat /proc/sys/kernel/random/uuid)',
    'send() { curl -fsS -H "authorization: Bearer $KEY" -H "content-type: application/json" "$@"; echo; }',
    '',
    `send -X PUT $API/projects/${project} -d '{}'`,
    `send -X PUT $API/projects/${project}/runs/$RUN -d '{"name":"first"}'`,
    "send -X POST $API/runs/$RUN/attempts -d '{}'",
    'send -X POST $API/runs/$RUN/metrics -H "x-stream: $RUN" -H "x-seq: 1" -H "x-attempt: 1" \\',
    '  -d \'{"groups":[{"step":[0],"t":[\'$(date +%s)\'000],"m":{"loss":[6.96]}}]}\'',
  ].join('\n')

export const launchCommands = ({ origin, project, key }: FirstPointFacts): string =>
  [
    `export DESCENT_API_KEY=${key}`,
    'npx descent launch workers/recipes/lifecycle.yaml \\',
    `  --server ${origin} --project ${project}`,
  ].join('\n')

export const demoCommand = 'npm run demo'
