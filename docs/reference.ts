import type { z } from 'zod'
import { ATTACKS, fieldMeta, REGULARISERS } from '../contract/index.js'

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

/** The settings of a member as rows: key, label, option, default, meaning. */
function settingRows({ settings, first }: Member): string[] {
  return Object.entries(settings).map(([key, schema]) => {
    const meta = fieldMeta(schema as z.ZodType)
    const usual = (first as Record<string, unknown>)[key]
    const option = meta?.cli === undefined ? '' : `\`${meta.cli.flag}\``
    return `| \`${key}\` | ${cell(meta?.label ?? '')} | ${option} | ${usual === null ? '–' : cell(String(usual))} | ${cell(meta?.help ?? '')} |`
  })
}

function section(member: Member): string {
  const rows = settingRows(member)
  const table =
    rows.length === 0
      ? 'No settings.'
      : ['| setting | label | option | default | meaning |', '| --- | --- | --- | --- | --- |', ...rows].join('\n')
  return `### \`${member.kind}\`: ${member.label}\n\n${member.summary} Source: ${member.source}\n\n${table}\n`
}

const family = (title: string, text: string, members: readonly Member[]): string =>
  [`## ${title}\n`, `${text}\n`, ...members.map(section)].join('\n')

/** The page of all members of the families that are made from definitions. */
export function referencePage(): string {
  return [
    '# Reference\n',
    'Generated from the definitions in `contract/` by `npm run docs`; do not edit.\n',
    family(
      'Attacks',
      'Settings of `lab robustness --attack KIND` and of the form of a sweep. Defaults are those of the paper.',
      ATTACKS,
    ),
    family(
      'Penalties',
      'Entries of `regularisers` in the specification of a classifier; each has a `strength` besides. Defaults are those of the paper.',
      REGULARISERS,
    ),
  ].join('\n')
}
