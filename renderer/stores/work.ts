import { defineStore } from 'pinia'
import { computed, shallowRef } from 'vue'
import type { Activity, ActivityCommand, LabProgress, ReplayRecord, SweepRecord } from '../../contract/index.js'
import { useLink } from '../composables/useLink.js'
import { useLabStore } from './lab.js'
import { useRunsStore } from './runs.js'

/** A running or queued job other than a run. */
export interface Job {
  key: string
  kind: string
  name: string
  to: string
  state: 'running' | 'queued'
  /** Fraction done, 0 to 1; null if unknown. */
  fraction: number | null
  /** Current step. */
  text: string
}

const COMMAND_WORDS = {
  'spectrum.ofModel': { kind: 'Spectrum', page: '/spectra' },
  'spectrum.measure': { kind: 'Spectrum', page: '/runs' },
  'plane.compute': { kind: 'Decision plane', page: '/plane' },
  'robustness.card': { kind: 'Robustness card', page: '/robustness/card' },
  'robustness.gallery': { kind: 'Gallery', page: '/robustness' },
  'model.evaluate': { kind: 'Evaluation', page: '/models' },
  'prune.apply': { kind: 'Pruning', page: '/runs' },
  'figure.render': { kind: 'Figure', page: '/figures' },
  'figure.export': { kind: 'Figure export', page: '/figures' },
} as const satisfies Record<ActivityCommand, { kind: string; page: string }>

/** Pages whose address ends with the subject of the job. */
const OF_SUBJECT: ReadonlySet<string> = new Set(['/runs', '/robustness/card', '/robustness', '/models'])

/** All jobs other than runs: sweeps, replays, and long commands such as spectra, planes and cards. */
export const useWorkStore = defineStore('work', () => {
  const link = useLink()
  const lab = useLabStore()
  const runs = useRunsStore()
  const activities = shallowRef<readonly Activity[]>([])
  const sweeps = shallowRef<readonly SweepRecord[]>([])
  const replays = shallowRef<readonly ReplayRecord[]>([])
  const progress = shallowRef<ReadonlyMap<string, LabProgress>>(new Map())

  const taken = <Thing extends { id: string }>(list: readonly Thing[], thing: Thing): Thing[] => [
    thing,
    ...list.filter(({ id }) => id !== thing.id),
  ]
  const nameOf = (subject: string): string =>
    runs.records.get(subject.replace(/\/pruned$/, ''))?.name ??
    sweeps.value.find(({ id }) => id === subject)?.request.name ??
    subject
  const jobOf = ({ id, command, subject }: Activity): Job => {
    const { kind, page } = COMMAND_WORDS[command]
    const reported = progress.value.get(command)
    const name = command.startsWith('figure') ? `Figure ${subject}` : nameOf(subject)
    return {
      key: `activity:${id}`,
      kind,
      name,
      to: OF_SUBJECT.has(page) && subject !== '' ? `${page}/${encodeURIComponent(subject)}` : page,
      state: 'running',
      fraction:
        reported === undefined || reported.total === null || reported.total === 0
          ? null
          : reported.done / reported.total,
      text: reported?.text ?? '',
    }
  }
  const jobs = computed((): Job[] => [
    ...replays.value
      .filter(({ state }) => state === 'running')
      .map(({ id, scale, seed, progress: at }): Job => ({
        key: `replay:${id}`,
        kind: 'Replay of the paper',
        name: `${scale}, seed ${seed}`,
        to: '/',
        state: 'running',
        fraction: at?.fraction ?? null,
        text: at?.label ?? '',
      })),
    ...sweeps.value
      .filter(({ state }) => state === 'running' || state === 'queued')
      .map(({ id, request, state, done, total, text }): Job => ({
        key: `sweep:${id}`,
        kind: 'Robustness sweep',
        name: request.name,
        to: `/robustness/${id}`,
        state: state === 'queued' ? 'queued' : 'running',
        fraction: total > 0 ? done / total : null,
        text,
      })),
    ...activities.value.map(jobOf),
  ])

  const refresh = async (): Promise<void> => {
    const [busy, swept, replayed] = await Promise.all([
      link.call('activity.list', null).catch(() => []),
      link.call('robustness.list', null).catch(() => []),
      link.call('replay.list', null).catch(() => []),
    ])
    activities.value = busy
    sweeps.value = swept
    replays.value = replayed
  }
  return {
    jobs,
    running: computed(() => jobs.value.filter(({ state }) => state === 'running')),
    queued: computed(() => jobs.value.filter(({ state }) => state === 'queued')),
    start: (): void => {
      const again = (): void => void refresh()
      link.listen(
        'activity.changed',
        (change) => {
          activities.value = change.activities
          const busy = new Set<string>(change.activities.map(({ command }) => command))
          progress.value = new Map([...progress.value].filter(([topic]) => busy.has(topic)))
        },
        again,
      )
      link.listen('robustness.changed', ({ record }) => (sweeps.value = taken(sweeps.value, record)), again)
      link.listen(
        'robustness.removed',
        ({ id }) => (sweeps.value = sweeps.value.filter((sweep) => sweep.id !== id)),
        again,
      )
      link.listen('replay.changed', ({ record }) => (replays.value = taken(replays.value, record)), again)
      link.listen(
        'lab.progress',
        (reported) => {
          if (activities.value.some(({ command }) => command === reported.topic))
            progress.value = new Map(progress.value).set(reported.topic, reported)
        },
        () => undefined,
      )
      lab.onMended(again)
      again()
    },
  }
})
