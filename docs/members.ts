import { ATTACKS, DATASET_DEFINITIONS, LEARNING_RULES, REGULARISERS } from '../contract/index.js'

/** A list of the code of a family, derived from its definitions. */
export interface MemberFile {
  path: string
  text: string
}

const FAMILIES = [
  { name: 'attacks', code: 'attacks', members: ATTACKS },
  { name: 'datasets', code: 'datasets', members: DATASET_DEFINITIONS },
  { name: 'learningRules', code: 'learning', members: LEARNING_RULES },
  { name: 'regularisers', code: 'regularisers', members: REGULARISERS },
] as const

/** The lists of code that follow from the indexes of definitions. */
export const memberFiles = (): MemberFile[] =>
  FAMILIES.map(({ name, code, members }) => ({
    path: `engine/${code}/members.ts`,
    text: [
      `// Written by \`npm run docs\` from contract/${name}/index.ts; do not edit.\n`,
      ...members.map(({ kind }) => `export { ${kind} } from './${kind}.js'\n`),
    ].join(''),
  }))
