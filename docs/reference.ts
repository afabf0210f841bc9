import type { z } from 'zod'
import {
  ATTACKS,
  attacksOf,
  DATASET_DEFINITIONS,
  DATASETS,
  fieldMeta,
  FIGURES,
  LEARNING_RULES,
  NETWORKS,
  RATE_SCHEDULES,
  REGULARISERS,
} from '../contract/index.js'

/** What a table needs of a definition. */
interface Member {
  kind: string
  label: string
  summary: string
  source: string
  settings: z.ZodRawShape
  first: object
}

const cell = (text: string): string => text.replaceAll('|', '\\|')

/** The settings of a member as rows: key, label, option, default, meaning. @param place - of the member in a specification; null for options of their own */
function settingRows({ settings, first }: Member, place: string | null): string[] {
  return Object.entries(settings).map(([key, schema]) => {
    const meta = fieldMeta(schema as z.ZodType)
    const usual = (first as Record<string, unknown>)[key]
    const option = place === null ? meta?.cli?.flag : `--set ${place}.${key}`
    return `| \`${key}\` | ${cell(meta?.label ?? '')} | ${option === undefined ? '' : `\`${option}\``} | ${usual === null || usual === undefined ? '–' : cell(typeof usual === 'object' ? JSON.stringify(usual) : String(usual))} | ${cell(meta?.help ?? '')} |`
  })
}

function section(member: Member, place: string | null): string {
  const rows = settingRows(member, place)
  const table =
    rows.length === 0
      ? 'No settings.'
      : ['| setting | label | option | default | meaning |', '| --- | --- | --- | --- | --- |', ...rows].join('\n')
  return `### \`${member.kind}\`: ${member.label}\n\n${member.summary} Source: ${member.source}\n\n${table}\n`
}

const family = (title: string, text: string, members: readonly Member[], place: string | null): string =>
  [`## ${title}\n`, `${text}\n`, ...members.map((member) => section(member, place))].join('\n')

/** A dataset as other members are: its facts are the summary. */
function datasetMember({ kind, label, settings, citation, whole }: (typeof DATASET_DEFINITIONS)[number]): Member {
  const { shape, trainImages, testImages, classNames, generated } = DATASETS[kind]
  const classes = classNames.length === 1 ? 'without classes' : `in ${classNames.length} classes`
  return {
    kind,
    label,
    summary: `${trainImages} training and ${testImages} test images of ${shape.join(' x ')} values ${classes}, ${generated ? 'generated' : 'read from files'}.`,
    source: `${citation.replace(/^./, (letter) => letter.toUpperCase())}.`,
    settings,
    first: whole(1),
  }
}

/** What the numbers of a figure come from, in words. */
const INPUT_WORDS = {
  sweep: 'robustness sweeps',
  spectrum: 'spectra',
  plane: 'decision planes',
  run: 'one run',
} as const

/** Every figure with what it shows and is drawn from. */
function figuresTable(): string {
  const rows = FIGURES.map(
    ({ name, text, style, fileStem, inputs }) =>
      `| \`${name}\` | ${text} | ${INPUT_WORDS[inputs.kind]}${attacksOf(name).length === 0 ? '' : `: ${attacksOf(name).join(', ')}`} | ${style} | \`${fileStem}\` |`,
  )
  return [
    '## Figures\n',
    '`lab figure NAME`, and the page Figures. The style sheet is the published one.\n',
    '| name | shows | drawn from | style sheet | files |',
    '| --- | --- | --- | --- | --- |',
    ...rows,
    '',
  ].join('\n')
}

/** The page of all members of the families that are made from definitions. */
export function referencePage(): string {
  return [
    '# Reference\n',
    'Generated from the definitions in `contract/` by `npm run docs`; do not edit.\n',
    figuresTable(),
    family(
      'Learning rules',
      'The `rule` in the specification of a receptive-field layer. `lab run … --set rule=JSON` replaces it. Defaults are those of the paper.',
      LEARNING_RULES,
      'rule',
    ),
    family(
      'Datasets',
      'The `dataset` of a specification, and `--dataset KIND` of `lab robustness`, `lab spectrum`, `lab plane` and `lab evaluate`. Defaults are those of the whole set; see docs/DATASETS.md.',
      DATASET_DEFINITIONS.map(datasetMember),
      null,
    ),
    family(
      'Attacks',
      'Settings of `lab robustness --attack KIND` and of the form of a sweep. Defaults are those of the paper.',
      ATTACKS,
      null,
    ),
    family(
      'Networks',
      'The `model` in the specification of a classifier. `lab run … --set model=JSON` replaces it. Defaults are those of the paper.',
      NETWORKS,
      'model',
    ),
    family(
      'Rate schedules',
      'The `schedule.rate` of a classifier; each has a `learningRate` besides. Defaults are those of the paper.',
      RATE_SCHEDULES,
      'schedule.rate',
    ),
    family(
      'Penalties',
      'Entries of `regularisers` in the specification of a classifier; each has a `strength` besides. Defaults are those of the paper.',
      REGULARISERS,
      'regularisers.0',
    ),
  ].join('\n')
}
