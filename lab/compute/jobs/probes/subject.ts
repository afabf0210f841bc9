import {
  DATASETS,
  LabError,
  type DatasetSpec,
  type DatasetSplit,
  type ExecutorName,
  type ModelRecord,
} from '../../../../contract/index.js'
import type { ImageSource } from '../../../../engine/datasets/imageSource.js'
import type { FrozenNetwork } from '../../../../engine/networks/frozenNetwork.js'
import type { ProbeSubject } from '../../../../engine/probes/robustness/baseline.js'
import type { WorkerResources } from '../../workerResources.js'
import { choiceOf, type DataPlaces } from '../../jobTable.js'
import { networkOfModel } from '../../networkOfModel.js'
import type { Computed, ProbeSubjectInput } from '../../probeJobs.js'

/** The network of a classifier. @throws LabError `model.foreign` for a layer */
export function classifierOf(record: ModelRecord): FrozenNetwork {
  const { network, parameters, running } = networkOfModel(record)
  return { options: network, parameters, running }
}

/** The network of a model whose hidden layer is looked at: a bare layer will do. */
export function hiddenNetworkOf(record: ModelRecord): FrozenNetwork {
  const { facts, tensors } = record
  if (facts.type !== 'FKHL3' && facts.type !== 'KHL3') return classifierOf(record)
  return {
    options: {
      kind: 'hybrid',
      activationExponent: facts.activationExponent,
      batchNorm: false,
      lebesgueNorm: facts.lebesgueNorm,
    },
    parameters: { weights: { data: tensors.weights, shape: [facts.hiddenUnits, facts.inputSize] } },
    running: {},
  }
}

/** Images and executor of a probe. */
export async function openProbe(
  resources: WorkerResources,
  request: { dataset: DatasetSpec; split: DatasetSplit; executor: ExecutorName | 'auto' },
  places: DataPlaces,
): Promise<Pick<ProbeSubject, 'source' | 'executor'> & { computed: Computed }> {
  const source = await resources.images(request.dataset, request.split, places)
  const { executor } = await resources.executor(choiceOf(request.executor))
  return { source, executor, computed: { executor: executor.name, datasetHashes: { ...source.identity } } }
}

/** A classifier with the images that it is tried on. @throws LabError `value.range` when it has fewer classes than the set */
export function subjectOf(
  { model, record }: ProbeSubjectInput,
  { source, executor }: Pick<ProbeSubject, 'source' | 'executor'>,
  dataset: DatasetSpec,
): ProbeSubject {
  const network = classifierOf(record)
  const classes = network.parameters['bias']?.data.length ?? 0
  const names = DATASETS[dataset.kind].classNames.length
  if (names > classes)
    throw new LabError(
      'value.range',
      `expected a model with at least ${names} classes for ${DATASETS[dataset.kind].label}, got ${classes}`,
      { classes },
    )
  return { network, source, imageNorm: model.imageNorm, executor }
}

/** Pixels 0 to 255 of images as they lie in their files. */
export function displayImages(source: ImageSource, images: Int32Array): Uint8Array {
  const size = source.shape[0] * source.shape[1] * source.shape[2]
  const pixels = new Uint8Array(images.length * size)
  images.forEach((image, place) => source.display(image, pixels, place * size))
  return pixels
}
