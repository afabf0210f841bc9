import { z } from 'zod'
import { defineFigure } from './definition.js'
import { finite, float32, float64, fraction, label, model, MOST_MODELS, type FigureModel } from './parts.js'

/** Maps of one model over a plane; row i is the i-th ξ, column j the j-th ε. */
export interface FigurePlane {
  model: FigureModel
  /** Class of every point, 0 to 9. */
  classes: Uint8Array
  /** Largest softmax value, 0 to 1. */
  confidence: Float32Array
  /** ‖J‖_F. */
  jacobianNorm: Float32Array
}

/** Data of Figure 4 (section 8.5). */
export interface Figure4Data {
  /** ε of the columns, and ξ of the rows. */
  epsilonAxis: Float64Array
  xiAxis: Float64Array
  /** How many classes the colour bar shows, 2 to 10. */
  classCount: number
  /** Names beside the bands of the colour bar, one for each class; absent: their numbers. */
  classNames?: readonly string[]
  planes: readonly FigurePlane[]
}

const MOST_CLASSES = 10
const plane = z.strictObject({
  model,
  classes: z
    .array(
      z
        .int()
        .min(0)
        .max(MOST_CLASSES - 1),
    )
    .transform((values) => Uint8Array.from(values)),
  confidence: float32(fraction),
  jacobianNorm: float32(z.number().min(0)),
})
const data: z.ZodType<Figure4Data> = z
  .strictObject({
    epsilonAxis: float64(finite),
    xiAxis: float64(finite),
    classCount: z.int().min(2).max(MOST_CLASSES),
    classNames: z.array(label).exactOptional(),
    planes: z.array(plane).min(1).max(MOST_MODELS),
  })
  .superRefine(({ epsilonAxis, xiAxis, classCount, classNames, planes }, context) => {
    if (classNames !== undefined && classNames.length !== classCount)
      context.addIssue({
        code: 'custom',
        path: ['classNames'],
        message: `expected ${classCount} names, one for each class, got ${classNames.length}`,
      })
    if (epsilonAxis.length < 2 || xiAxis.length < 2)
      context.addIssue({
        code: 'custom',
        path: ['epsilonAxis'],
        message: 'expected at least two points along each axis',
      })
    const points = epsilonAxis.length * xiAxis.length
    planes.forEach((map, index) => {
      for (const name of ['classes', 'confidence', 'jacobianNorm'] as const) {
        if (map[name].length !== points)
          context.addIssue({
            code: 'custom',
            path: ['planes', index, name],
            message: `expected ${points} values, ${xiAxis.length} rows of ${epsilonAxis.length}, got ${map[name].length}`,
          })
      }
      const strange = map.classes.find((value) => value >= classCount)
      if (strange !== undefined)
        context.addIssue({
          code: 'custom',
          path: ['planes', index, 'classes'],
          message: `expected classes below ${classCount}, got ${strange}`,
        })
    })
  })

/** Jacobian norm and decision regions of every model on one plane. */
export const figure4 = defineFigure('4', {
  label: 'Figure 4, decision planes',
  text: 'Jacobian norm and decision regions on a plane',
  style: 'ICLRFullTextwidth',
  fileStem: 'Figure4-JacobianLandscapesAndDecisionBoundaries',
  inputs: { kind: 'plane' },
  needs: 'This figure needs a decision plane.',
  data,
  published: false,
})
