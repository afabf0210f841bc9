import { onScopeDispose, shallowRef, type ShallowRef } from 'vue'
import { useLink } from './useLink.js'

/** Whether the workbench is connected; buttons that need it are disabled otherwise. Before the first connection, calls wait. */
export function useConnected(): Readonly<ShallowRef<boolean>> {
  const link = useLink()
  const connected = shallowRef(link.state !== 'lost')
  onScopeDispose(link.onState((state) => (connected.value = state !== 'lost')))
  return connected
}
