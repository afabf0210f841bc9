import { classifierRateOf, learningRateOf, type ExperimentSpec } from '../../../contract/index.js'

/** The learning rate of an experiment over its epochs. */
export interface PlannedRate {
  epochs: number
  /** The rate of an epoch, counted from 1. */
  at: (epoch: number) => number
  title: string
}

/** The planned learning rate of any kind of experiment, as the lab will follow it. */
export function rateOf(spec: ExperimentSpec): PlannedRate {
  switch (spec.kind) {
    case 'localLearning':
      return {
        epochs: spec.schedule.epochs,
        at: (epoch) => learningRateOf(spec.schedule, epoch),
        title: 'Largest weight change per step',
      }
    case 'classifier':
      return {
        epochs: spec.schedule.epochs,
        at: (epoch) => classifierRateOf(spec.schedule.rate, epoch),
        title: 'Step size of Adam',
      }
  }
}
