import { describe, expect, it } from 'vitest'
import type { ErrorCode } from '../../../contract/index.js'
import { onnxError } from '../../../engine/executor/onnx/session.js'

/** What ONNX Runtime was seen to say, with the thread of its issue tracker; it has no codes (onnxruntime#26648). */
const SAID: readonly [ErrorCode, string, string][] = [
  [
    'executor.deviceLost',
    '#14211',
    'CUDA failure 999: unknown error ; GPU=192915439 ; expr=cudaSetDevice(info_.device_id);',
  ],
  [
    'executor.deviceLost',
    '#22700',
    'ExecutionProvider.cpp(962) Exception(3) tid(5a68) 887A0005 The GPU device instance has been suspended. Use GetDeviceRemovedReason to determine the appropriate action.',
  ],
  ['executor.deviceLost', '#23353', 'WebGPU device has been lost: reason 1'],
  ['executor.deviceLost', 'Vulkan', 'vkQueueSubmit failed with VK_ERROR_DEVICE_LOST'],
  ['executor.deviceLost', 'CUDA', 'CUDA failure 100: no CUDA-capable device is detected ; GPU=0'],
  [
    'executor.memory',
    '#20038',
    "Non-zero status code returned while running Mul node. Name:'Mul_8702' Status Message: bfc_arena.cc:368 BFCArena::AllocateRawInternal Failed to allocate memory for requested buffer of size 2830172160",
  ],
  [
    'executor.memory',
    'roop-unleashed#425',
    'CUBLAS failure 3: CUBLAS_STATUS_ALLOC_FAILED ; GPU=0 ; expr=cublasCreate(&cublas_handle_);',
  ],
  ['executor.memory', '#25195', 'WebGPU device error(2): Out of memory'],
  ['executor.memory', 'CUDA', 'CUDA failure 2: out of memory ; GPU=0 ; expr=cudaMalloc((void**)&p, size);'],
  ['executor.failed', 'ours', 'CUDA failure 400: invalid resource handle ; GPU=0'],
  [
    'executor.failed',
    'ours',
    'Non-zero status code returned while running Gather node. indices element out of data bounds, idx=7 must be within the inclusive range [-3,2]',
  ],
]

describe('an error of ONNX Runtime becomes one of ours by its words', () => {
  it.each(SAID)('%s, as in %s', (code, _, message) => {
    const error = onnxError(new Error(message), 'a learning step')
    expect(error.code).toBe(code)
    expect(error.message).toContain(message)
    expect(onnxError(error, 'a program')).toBe(error)
  })
})
