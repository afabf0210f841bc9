import { ATTACKS, DATASET_DEFINITIONS, FIGURES, LEARNING_RULES, NETWORKS, REGULARISERS } from '../contract/index.js'

/** A list of the code of a family, derived from its definitions. */
export interface MemberFile {
  path: string
  text: string
}

const kinds = (members: readonly { kind: string }[]): string[] => members.map(({ kind }) => kind)
const FIGURE_MEMBERS = FIGURES.map(({ name }) => `figure${name}`)

/** Folders with one file of code for each member of a family. */
const LISTS = [
  { definitions: 'attacks', code: 'engine/attacks', members: kinds(ATTACKS) },
  { definitions: 'datasets', code: 'engine/datasets', members: kinds(DATASET_DEFINITIONS) },
  { definitions: 'learningRules', code: 'engine/learning', members: kinds(LEARNING_RULES) },
  { definitions: 'networks', code: 'engine/networks', members: kinds(NETWORKS) },
  { definitions: 'regularisers', code: 'engine/regularisers', members: kinds(REGULARISERS) },
  { definitions: 'figures', code: 'figures', members: FIGURE_MEMBERS },
  { definitions: 'figures', code: 'lab/figures', members: FIGURE_MEMBERS },
] as const

/** The lists of code that follow from the indexes of definitions. */
export const memberFiles = (): MemberFile[] =>
  LISTS.map(({ definitions, code, members }) => ({
    path: `${code}/members.ts`,
    text: [
      `// Written by \`npm run docs\` from contract/${definitions}/index.ts; do not edit.\n`,
      ...members.map((name) => `export { ${name} } from './${name}.js'\n`),
    ].join(''),
  }))
