import fs from 'node:fs'
import path from 'node:path'
import { parse } from 'yaml'
import * as z from 'zod'

const Common = { required: z.boolean().default(false) }
const Parameter = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.enum(['int', 'float']),
    min: z.number().optional(),
    max: z.number().optional(),
    default: z.number().optional(),
    ...Common,
  }),
  z.strictObject({
    type: z.literal('string'),
    enum: z.array(z.string()).optional(),
    max_length: z.number().int().default(4000),
    default: z.string().optional(),
    ...Common,
  }),
  z.strictObject({ type: z.literal('bool'), default: z.boolean().optional(), ...Common }),
  z.strictObject({
    type: z.literal('path'),
    /** Folders of which one must hold the path; any when absent. Relative ones are below working_dir. */
    below: z.array(z.string()).optional(),
    default: z.string().optional(),
    ...Common,
  }),
])
export type Parameter = z.infer<typeof Parameter>

const RecipeEntry = z.strictObject({
  /** `{python}`, or an absolute program. */
  program: z.string().min(1),
  /** Arguments; `{name}` stands for a parameter. Parameters reach the program as JSON in DESCENT_CONFIG as well. */
  args: z.array(z.string()).default([]),
  /** Relative to the file; the job's private folder when absent. */
  working_dir: z.string().optional(),
  /** Variables of the agent's own environment that the program may see. */
  env: z.array(z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/)).default([]),
  params: z.record(z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/), Parameter).default({}),
})
const RecipesFile = z.strictObject({
  version: z.literal(1),
  recipes: z.record(z.string().min(1).max(100), RecipeEntry),
})

/** A program that this agent may run, with everything resolved on this machine. */
export interface Recipe {
  name: string
  /** Absolute. */
  program: string
  args: readonly string[]
  /** Absolute; null: the job's private folder. */
  workingDir: string | null
  env: readonly string[]
  params: Readonly<Record<string, Parameter>>
}

/**
 * The allow-list of this machine. The server can name what stands here and nothing else.
 *
 * @throws Error naming the file and the field when it is no list of recipes, or a program that is not there
 */
export function readRecipes(file: string, python: string): ReadonlyMap<string, Recipe> {
  const folder = path.dirname(path.resolve(file))
  const parsed = RecipesFile.safeParse(readYaml(file))
  if (!parsed.success) {
    const [issue] = parsed.error.issues
    throw new Error(`${file}: ${issue?.path.join('.') || 'the file'}: ${issue?.message ?? 'is not understood'}`)
  }
  const interpreter = findInterpreter(python)
  const recipes = new Map<string, Recipe>()
  for (const [name, entry] of Object.entries(parsed.data.recipes)) {
    const program = entry.program === '{python}' ? interpreter : findProgram(entry.program)
    if (!program || !path.isAbsolute(program))
      throw new Error(`${file}: recipes.${name}.program: "${entry.program}" is no absolute program of this machine`)
    recipes.set(name, {
      name,
      program,
      args: entry.args,
      workingDir: entry.working_dir === undefined ? null : path.resolve(folder, entry.working_dir),
      env: entry.env,
      params: entry.params,
    })
  }
  return recipes
}

function readYaml(file: string): unknown {
  try {
    return parse(fs.readFileSync(file, 'utf8'))
  } catch (error) {
    throw new Error(
      `The recipes file ${file} cannot be read: ${error instanceof Error ? error.message : String(error)}`,
    )
  }
}

/**
 * The absolute path of the interpreter.
 *
 * @throws Error when it is not there
 */
export function findInterpreter(python: string): string {
  const found = findProgram(python)
  if (found) return found
  throw new Error(`There is no interpreter at "${python}". Pass --python with the path of a Python that has torch.`)
}

/** The absolute path of a program: as given, or found in the operator's PATH; null when it is not there. */
function findProgram(name: string): string | null {
  const places = name.includes(path.sep)
    ? [path.resolve(name)]
    : (process.env.PATH ?? '').split(path.delimiter).map((folder) => path.join(folder, name))
  return places.find(isProgram) ?? null
}

function isProgram(file: string): boolean {
  try {
    fs.accessSync(file, fs.constants.X_OK)
    return fs.statSync(file).isFile()
  } catch {
    return false
  }
}
