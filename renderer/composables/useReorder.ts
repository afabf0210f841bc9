import { computed, ref, type ComputedRef, type Ref } from 'vue'

/** Moves one entry of a list to another place. */
export function moved<Value>(list: readonly Value[], from: number, to: number): Value[] {
  const rest = list.filter((_, index) => index !== from)
  const value = list[from]
  return value === undefined ? [...list] : [...rest.slice(0, to), value, ...rest.slice(to)]
}

/** A list that can be put in another order by dragging rows or with the arrow keys on their grips. */
export interface Reorder {
  /** The order to show: while dragging, the order after a drop. */
  readonly shown: ComputedRef<readonly string[]>
  readonly dragged: Ref<string | null>
  /** The last change, for screen readers. */
  readonly said: Ref<string>
  onDragStart(id: string, event: DragEvent): void
  onDragOver(id: string, event: DragEvent): void
  onDrop(event: DragEvent): void
  onDragEnd(): void
  onGripKey(id: string, event: KeyboardEvent): void
}

/**
 * @param ids - the order as it is kept
 * @param keep - keeps another order
 * @param nameOf - the name of an entry, for announcements
 */
export function useReorder(
  ids: () => readonly string[],
  keep: (ids: string[]) => void,
  nameOf: (id: string) => string,
): Reorder {
  const dragged = ref<string | null>(null)
  const target = ref<number | null>(null)
  const said = ref('')
  const shown = computed(() => {
    const from = dragged.value === null ? -1 : ids().indexOf(dragged.value)
    return from < 0 || target.value === null ? ids() : moved(ids(), from, target.value)
  })
  const end = (): void => {
    dragged.value = null
    target.value = null
  }
  return {
    shown,
    dragged,
    said,
    onDragStart: (id, event) => {
      dragged.value = id
      target.value = ids().indexOf(id)
      event.dataTransfer?.setData('text/plain', id)
      if (event.dataTransfer !== null) event.dataTransfer.effectAllowed = 'move'
    },
    onDragOver: (id, event) => {
      if (dragged.value === null) return
      event.preventDefault()
      const place = shown.value.indexOf(id)
      if (place >= 0) target.value = place
    },
    onDrop: (event) => {
      event.preventDefault()
      const next = [...shown.value]
      const changed = next.some((id, index) => id !== ids()[index])
      end()
      if (changed) keep(next)
    },
    onDragEnd: end,
    onGripKey: (id, event) => {
      const last = ids().length - 1
      const from = ids().indexOf(id)
      const to = { ArrowUp: from - 1, ArrowDown: from + 1, Home: 0, End: last }[event.key]
      if (to === undefined || from < 0) return
      event.preventDefault()
      const place = Math.max(0, Math.min(last, to))
      if (place === from) return
      keep(moved(ids(), from, place))
      said.value = `${nameOf(id)} is now number ${place + 1} of ${last + 1}`
    },
  }
}
