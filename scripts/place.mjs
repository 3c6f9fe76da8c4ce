// Where things lie: the project, the data folder, and what the set-up makes.
import path from 'node:path'
import { fileURLToPath } from 'node:url'

export const projectDir = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..')
export const dataDir = path.resolve(projectDir, process.env.DATA_DIR ?? '.descent')
export const inProject = (...parts) => path.join(projectDir, ...parts)
export const inData = (...parts) => path.join(dataDir, ...parts)
