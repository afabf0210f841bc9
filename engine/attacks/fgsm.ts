import type { AttackSpec } from '../../contract/index.js'
import type { AttackCode } from './attack.js'
import { firstDirection } from './gradients.js'

/**
 * Fast gradient sign method, x + s ε sign ∇_x L (g / ‖g‖_p in other norms), s = -1 towards a target. The gradient does not depend on
 * ε: it is computed once.
 *
 * Source: I. Goodfellow et al., ICLR 2015; docs/SOURCES.md 6.
 */
export const fgsm: AttackCode<Extract<AttackSpec, { kind: 'fgsm' }>> = {
  open: async (batch, { norm }, tools) => {
    const { direction, size } = await firstDirection(batch, norm, tools)
    return { gradientSize: size, end: async () => ({ kind: 'line', direction }) }
  },
}
