import { defineDataset } from './definition.js'

/** MNIST. */
export const mnist = defineDataset('mnist', {
  label: 'MNIST',
  shape: [28, 28, 1],
  trainImages: 60_000,
  testImages: 10_000,
  classNames: ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9'],
  normalised: true,
  citation: 'Y. LeCun et al., Gradient-based learning applied to document recognition, Proc. IEEE 86(11), 1998',
  settings: {},
  whole: () => ({ kind: 'mnist', imageLimit: null }),
  files: {
    importName: 'its four idx.gz files',
    chooseName: 'a folder with the four IDX files (.gz or unpacked)',
    isTest: (name) => name.startsWith('t10k'),
    folders: ['MNIST/raw'],
    archive: null,
    files: [
      {
        name: 'train-images-idx3-ubyte',
        bytes: 47040016,
        sha256: 'ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db',
        urls: [
          'https://ossci-datasets.s3.amazonaws.com/mnist/train-images-idx3-ubyte.gz',
          'https://storage.googleapis.com/cvdf-datasets/mnist/train-images-idx3-ubyte.gz',
        ],
        downloadBytes: 9912422,
      },
      {
        name: 'train-labels-idx1-ubyte',
        bytes: 60008,
        sha256: '65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5',
        urls: [
          'https://ossci-datasets.s3.amazonaws.com/mnist/train-labels-idx1-ubyte.gz',
          'https://storage.googleapis.com/cvdf-datasets/mnist/train-labels-idx1-ubyte.gz',
        ],
        downloadBytes: 28881,
      },
      {
        name: 't10k-images-idx3-ubyte',
        bytes: 7840016,
        sha256: '0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7',
        urls: [
          'https://ossci-datasets.s3.amazonaws.com/mnist/t10k-images-idx3-ubyte.gz',
          'https://storage.googleapis.com/cvdf-datasets/mnist/t10k-images-idx3-ubyte.gz',
        ],
        downloadBytes: 1648877,
      },
      {
        name: 't10k-labels-idx1-ubyte',
        bytes: 10008,
        sha256: 'ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2',
        urls: [
          'https://ossci-datasets.s3.amazonaws.com/mnist/t10k-labels-idx1-ubyte.gz',
          'https://storage.googleapis.com/cvdf-datasets/mnist/t10k-labels-idx1-ubyte.gz',
        ],
        downloadBytes: 4542,
      },
    ],
  },
})
