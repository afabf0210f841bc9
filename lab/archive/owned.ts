import type { Archive } from './archive.js'
import type { ArchiveLock } from './lock/index.js'

/** Methods that take any arguments and answer later. */
type Method = (...values: never[]) => Promise<unknown>
type MethodName<Store> = { [Name in keyof Store]: Store[Name] extends Method ? Name : never }[keyof Store]

/**
 * A store whose writing methods first make sure that this process still owns the archive.
 *
 * @param writing - names of the methods that write
 * @param expectOwned - of the archive
 */
export function guarded<Store extends object, Name extends MethodName<Store>>(
  store: Store,
  writing: readonly Name[],
  expectOwned: () => Promise<void>,
): Store {
  const guard =
    (method: Method): Method =>
    async (...values) => {
      await expectOwned()
      return method(...values)
    }
  return { ...store, ...Object.fromEntries(writing.map((name) => [name, guard(store[name] as Method)])) }
}

/** An archive with its lock: nothing is written once another program has taken it over. */
export function ownedArchive(archive: Archive, lock: ArchiveLock): Archive {
  const own = guarded(
    archive,
    [
      'create',
      'createGroup',
      'update',
      'remove',
      'appendMetrics',
      'appendNotice',
      'writeArray',
      'writeCheckpoint',
      'rewindTo',
      'writeFile',
      'changeSettings',
      'writeQueue',
    ],
    lock.expectOwned,
  )
  lock.onLost(({ title, message, advice }) => archive.problems.add(`${title}: ${message}. ${advice}`))
  const close = async (): Promise<void> => {
    // Once another program writes the files, what is in memory says nothing about them.
    await lock.expectOwned().then(archive.close, () => undefined)
    await lock.release()
  }
  return { ...own, expectOwned: lock.expectOwned, onLost: lock.onLost, announce: lock.announce, close }
}
