// @vitest-environment happy-dom
import { flushPromises } from '@vue/test-utils'
import { beforeEach, describe, expect, it } from 'vitest'
import type { ExecutorStatus } from '../../contract/index.js'
import NewExperimentPage from '../../renderer/pages/new/NewExperimentPage.vue'
import { withExecutors } from '../../renderer/pages/new/executorChoices.js'
import { formSections } from '../../renderer/form/fields.js'
import { warningsOf } from '../../renderer/pages/new/warnings.js'
import DoctorPage from '../../renderer/pages/doctor/DoctorPage.vue'
import SettingsPage from '../../renderer/pages/settings/SettingsPage.vue'
import RunHead from '../../renderer/pages/run/RunHead.vue'
import VerdictBar from '../../renderer/pages/run/VerdictBar.vue'
import AppFrame from '../../renderer/shell/AppFrame.vue'
import { EXECUTOR_STATUSES, fakeLab, presetSpec, runRecord, type FakeLab } from './fakeLab.js'
import { mountPage, type MountedPage } from './mountPage.js'

const H100 = { kind: 'graphics', name: 'NVIDIA H100', memoryBytes: 80 * 2 ** 30 } as const
const CUDA: ExecutorStatus = {
  name: 'onnx-cuda',
  works: true,
  detail: 'ONNX Runtime, CUDA',
  remedy: null,
  device: H100,
}
const info = {
  version: '0.1.0',
  archiveFolder: '/archive',
  storeFolder: '/datasetStore',
  executor: 'onnx-cuda',
  executorNote: 'the fastest of onnx-cuda (0.4 ms), onnx-cpu (2.9 ms)',
  executors: [CUDA, ...EXECUTOR_STATUSES.slice(1)],
  threads: 2,
  platform: 'linux x64',
  host: 'browser',
  totalMemoryBytes: 16e9,
} as const
const idleAction = {
  busy: { value: false },
  blocked: { value: false },
  error: { value: null },
  run: async () => undefined,
} as never
const textOf = (page: MountedPage, selector: string): string => page.wrapper.find(selector).text().replace(/\s+/g, ' ')

beforeEach(() => window.localStorage.clear())

describe('the form', () => {
  const field = formSections(presetSpec('quick-look') as never)
    .flatMap(({ fields }) => fields)
    .find(({ path }) => path === 'executor')
  const notes = (machine: Parameters<typeof withExecutors>[1]): Record<string, string | undefined> =>
    Object.fromEntries(withExecutors(field!, machine).choices.map(({ value, note }) => [value, note]))

  it('says of each executor whether it works here and why not, and what auto takes', () => {
    expect(notes(info as never)).toMatchObject({
      auto: 'uses onnx-cuda',
      'onnx-cuda': 'available, NVIDIA H100, 80 GiB',
      'onnx-cpu': 'not available: libonnxruntime.so.1 is truncated',
      wasm: 'available',
    })
    expect(notes(null)).toMatchObject({ auto: undefined, 'onnx-cuda': undefined })
  })
  it('warns of one that does not start here, and of no other', () => {
    const spec = presetSpec('quick-look')
    expect(warningsOf({ ...spec, executor: 'onnx-cpu' }, [], EXECUTOR_STATUSES).get('executor')).toBe(
      'This backend does not start on this machine, so the run would fail: libonnxruntime.so.1 is truncated.',
    )
    for (const executor of ['auto', 'wasm'] as const)
      expect(warningsOf({ ...spec, executor }, [], EXECUTOR_STATUSES).has('executor')).toBe(false)
  })
  it('shows the choice, and beside it what will compute, on what and why', async () => {
    const page = await mountPage(
      NewExperimentPage,
      fakeLab({ 'lab.info': () => structuredClone(info) as never }),
      '/new/localLearning?preset=quick-look',
    )
    expect(page.wrapper.find('[data-path="executor"]').text()).toContain('Backend')
    expect(textOf(page, '[data-testid="computes"]')).toBe(
      'onnx-cuda on NVIDIA H100, 80 GiBthe fastest of onnx-cuda (0.4 ms), onnx-cpu (2.9 ms)',
    )
    page.wrapper.unmount()
  })
})

describe('the status bar', () => {
  const bar = async (lab: FakeLab): Promise<string> => {
    const page = await mountPage(AppFrame, lab, '/')
    const text = textOf(page, '.status')
    page.wrapper.unmount()
    return text
  }
  it('names the executor and the adapter that runs will take', async () => {
    expect(await bar(fakeLab())).toMatch(/wasm CPU, 2 threads ?GPU none/)
    expect(await bar(fakeLab({ 'lab.info': () => structuredClone(info) as never }))).toMatch(
      /onnx CUDA ?GPU NVIDIA H100, 80 GiB/,
    )
  })
  it('names those of the run that computes now', async () => {
    const run = runRecord({
      state: 'running',
      executor: 'onnx-cuda',
      executorNote: 'selected explicitly',
      device: H100,
    })
    expect(await bar(fakeLab({ 'run.list': () => [run] }))).toMatch(/onnx CUDA ?GPU NVIDIA H100, 80 GiB/)
  })
})

describe('the page of a run', () => {
  it('says what computes, on what and why', async () => {
    const head = async (changes: Parameters<typeof runRecord>[0]): Promise<string> => {
      const page = await mountPage(RunHead, fakeLab(), '/', {
        record: runRecord(changes),
        spec: null,
        rate: null,
        speed: null,
        action: idleAction,
      })
      const text = textOf(page, '[data-testid="executor"]')
      page.wrapper.unmount()
      return text
    }
    expect(await head({ executor: 'onnx-cuda', executorNote: 'the fastest available', device: H100 })).toBe(
      'onnx-cuda on NVIDIA H100, 80 GiB, the fastest available',
    )
    expect(
      await head({
        executor: 'wasm',
        executorNote: 'the fastest available; onnx-cuda failed earlier in this run',
        device: EXECUTOR_STATUSES[2]?.device ?? null,
      }),
    ).toBe('wasm, the fastest available; onnx-cuda failed earlier in this run')
  })
  it('offers to go on with the fastest executor when the one that was named is lost, and only then', async () => {
    const shown = async (
      code: 'executor.deviceLost' | 'run.notANumber',
    ): Promise<{ page: MountedPage; lab: FakeLab }> => {
      const record = runRecord({
        state: 'failed',
        checkpoints: [4],
        error: { code, message: 'lost', details: {}, stack: null },
      })
      const lab = fakeLab({ 'run.resume': () => record })
      return { lab, page: await mountPage(VerdictBar, lab, '/', { record }) }
    }
    const { page, lab } = await shown('executor.deviceLost')
    expect(page.wrapper.find('button').text()).toBe('Continue with the fastest backend')
    await page.wrapper.find('button').trigger('click')
    await flushPromises()
    expect(lab.inputs('run.resume')).toEqual([{ id: 'r-00000001', executor: 'auto' }])
    expect((await shown('run.notANumber')).page.wrapper.find('button').exists()).toBe(false)
  })
})

describe('doctor and settings', () => {
  it('mark the executor that runs compute with, and take one that is preferred', async () => {
    const lab = fakeLab({
      'lab.doctor': () => ({
        executor: 'wasm',
        executorNote: 'the fastest available',
        executors: EXECUTOR_STATUSES,
        checks: EXECUTOR_STATUSES.map(({ name, works, detail, remedy }) => ({
          id: `executor.${name}`,
          group: 'executors',
          label: `Executor ${name}`,
          state: works ? 'good' : 'missing',
          detail,
          remedy,
        })),
      }),
      'settings.set': (changes) => ({
        theme: 'system',
        density: 'normal',
        railLabels: true,
        queueHeld: false,
        executor: 'auto',
        slots: 1,
        threadsPerSlot: null,
        ...changes,
      }),
    })
    const doctor = await mountPage(DoctorPage, lab, '/doctor')
    expect(
      doctor.wrapper
        .findAll('li')
        .filter((line) => line.text().includes('in use'))
        .map((line) => line.find('b').text()),
    ).toEqual(['Executor wasm'])
    expect(textOf(doctor, '.verdict')).toContain('Backend in use: wasm (the fastest available).')
    doctor.wrapper.unmount()
    const settings = await mountPage(SettingsPage, lab, '/settings')
    expect(settings.wrapper.find('[aria-label="Backend"]').text()).toBe('Auto (fastest available)')
    settings.wrapper.findComponent({ name: 'SelectRoot' }).vm.$emit('update:modelValue', 'cpu')
    await flushPromises()
    expect(lab.inputs('settings.set')).toEqual([{ executor: 'cpu' }])
    expect(lab.inputs('lab.info').length).toBeGreaterThan(1)
    settings.wrapper.unmount()
  })
})
