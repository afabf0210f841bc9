import {
  labelIdentities,
  lifeIdentity,
  looksApart,
  type Identity,
  type LabelledModel,
  type Look,
  type LookRequest,
  type ModelEntry,
} from '../../contract/index.js'
import type { RunListItem } from '../groups/runGroups.js'
import { useLooksStore } from '../stores/looks.js'
import { useRunsStore } from '../stores/runs.js'

/** Looks of what pages draw; the same thing has the same look on every page. */
export interface LooksOfPage {
  of(identity: Identity, label: string): Look
  /** Of anything with an identity, by the keys of a page. */
  ofIdentities<Key>(things: readonly (LookRequest & { key: Key })[]): Map<Key, Look>
  /** Of runs and groups, by the id of their record. */
  ofItems(items: readonly RunListItem[]): Map<string, Look>
  /** Of the models of a result, by label: models of one label are drawn as one. */
  ofLabels(models: readonly LabelledModel[]): Map<string, Look>
  /** Of models of the archive, by name. */
  ofEntries(entries: readonly Pick<ModelEntry, 'name' | 'label'>[]): Map<string, Look>
}

export function useLooks(): LooksOfPage {
  const store = useLooksStore()
  const runs = useRunsStore()
  const of = (identity: Identity, label: string): Look => store.lookOf(lifeIdentity(identity), label)
  const apart = (requests: readonly LookRequest[]): Map<Identity, Look> => {
    const labels = new Map(requests.map(({ identity, label }) => [identity, label]))
    return looksApart([...labels.keys()], (identity) => of(identity, labels.get(identity) ?? ''))
  }
  const keyed = <Key>(things: readonly (LookRequest & { key: Key })[]): Map<Key, Look> => {
    const looks = apart(things)
    return new Map(things.map(({ key, identity }) => [key, looks.get(identity) ?? 0]))
  }
  return {
    of,
    ofIdentities: keyed,
    ofItems: (items) =>
      keyed(
        items.map((item) => ({
          key: item.record.id,
          identity: item.type === 'group' ? `group:${item.group.id}` : item.record.id,
          label: item.record.name,
        })),
      ),
    ofLabels: (models) =>
      keyed([...labelIdentities(models, runs.list)].map(([label, identity]) => ({ key: label, identity, label }))),
    ofEntries: (entries) => keyed(entries.map(({ name, label }) => ({ key: name, identity: name, label }))),
  }
}
