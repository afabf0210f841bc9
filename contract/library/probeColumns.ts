import type { ColumnFacts } from './column.js'

/** A column of probe results: `robustness.pgd.linf.medianNorm`, `pruned.spectra.hidden.cifar10.alpha`. @param parts - empty ones are left out */
export const probeColumn = (parts: readonly string[]): string => parts.filter((part) => part !== '').join('.')

/** The numbers of probe results, by the last part of their column. */
const MEASURES = {
  epsilonAtHalf: {
    label: 'ε at half accuracy',
    help: 'Perturbation size at which half of the correctly classified images are fooled, in the newest finished sweep.',
  },
  medianNorm: {
    label: 'Median ‖Δx‖',
    help: 'Median L2 norm of the smallest perturbation that fools an image, in the newest finished sweep.',
  },
  cleanAccuracy: { label: 'Clean accuracy', help: 'Fraction of the images of the sweep classified correctly.' },
  neverFooled: { label: 'Never fooled', help: 'Fraction of the attacked images that no size of the sweep fooled.' },
  alpha: { label: 'Exponent α', help: 'Slope of the covariance spectrum in its window, newest measurement.' },
  alphaError: { label: 'Standard error of α', help: 'Standard error of that slope.' },
  participationRatio: { label: 'Participation ratio', help: '(Σλ)²/Σλ² of the newest measured spectrum.' },
} as const satisfies Record<string, Pick<ColumnFacts, 'label' | 'help'>>

/** Label and help of a column of probe results; null for other columns. */
export function probeColumnFacts(name: string): Pick<ColumnFacts, 'label' | 'help'> | null {
  const parts = name.split('.')
  const last = parts.at(-1) ?? ''
  if (!parts.slice(0, 2).some((part) => part === 'robustness' || part === 'spectra')) return null
  const known = Object.hasOwn(MEASURES, last) ? MEASURES[last as keyof typeof MEASURES] : null
  return known === null ? null : { label: `${known.label} (${parts.slice(0, -1).join(' ')})`, help: known.help }
}
