import { onScopeDispose, shallowRef, type ShallowRef } from 'vue'
import { useLink } from './useLink.js'

/** Whether the workbench can be asked now: buttons that ask it are disabled while it cannot. Before the first connection calls wait. */
export function useConnected(): Readonly<ShallowRef<boolean>> {
  const link = useLink()
  const connected = shallowRef(link.state !== 'lost')
  onScopeDispose(link.onState((state) => (connected.value = state !== 'lost')))
  return connected
}
