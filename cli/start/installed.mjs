import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/**
 * @typedef {{ version?: string, integrity?: string, resolved?: string, link?: boolean, optional?: boolean, devOptional?: boolean, os?: string[], cpu?: string[], libc?: string[] }} LockedPackage
 * @typedef {{ packages?: Record<string, LockedPackage & { dependencies?: object, devDependencies?: object, optionalDependencies?: object }> }} LockFile
 */

/** @typedef {{ platform: string, arch: string, libc: 'glibc' | 'musl' | null }} Machine */

/** @returns {Machine} */
function thisMachine() {
  const { platform, arch, report } = process
  if (platform !== 'linux') return { platform, arch, libc: null }
  // Without it the report looks up the name of every open connection.
  report.excludeNetwork = true
  return { platform, arch, libc: report.getReport().header.glibcVersionRuntime === undefined ? 'musl' : 'glibc' }
}

/** Whether a list of package.json names this machine; `!x` excludes. */
function names(list, value) {
  if (list === undefined) return true
  const excluded = list.filter((entry) => entry.startsWith('!'))
  return excluded.length > 0 ? !excluded.includes(`!${value}`) : list.includes(value)
}

/**
 * Packages of a lock file that an installation lacks or has otherwise.
 *
 * What npm leaves out by itself is not missing: optional packages of other systems and what only they need.
 *
 * @param {LockFile} wanted - package-lock.json
 * @param {LockFile} present - node_modules/.package-lock.json, in which npm keeps what it has installed
 * @param {Machine} machine
 * @returns {string[]} their places in the tree
 */
export function missingPackages(wanted, present, { platform, arch, libc }) {
  const installed = present.packages ?? {}
  return Object.entries(wanted.packages ?? {})
    .filter(([place, locked]) => {
      if (place === '') return false
      const found = installed[place]
      if (found !== undefined)
        return (
          found.version !== locked.version || found.integrity !== locked.integrity || found.resolved !== locked.resolved
        )
      const isForSystems = [locked.os, locked.cpu, locked.libc].some((list) => list !== undefined)
      const elsewhere =
        !isForSystems ||
        !names(locked.os, platform) ||
        !names(locked.cpu, arch) ||
        (libc !== null && !names(locked.libc, libc))
      return !((locked.optional ?? locked.devOptional ?? false) && elsewhere)
    })
    .map(([place]) => place)
}

const GROUPS = ['dependencies', 'devDependencies', 'optionalDependencies']

/** Whether package.json asks for what the lock file was made for. */
function fits(manifest, lock) {
  const root = lock.packages?.[''] ?? {}
  const sorted = (group = {}) => JSON.stringify(Object.entries(group).sort(([a], [b]) => (a < b ? -1 : 1)))
  return GROUPS.every((group) => sorted(manifest[group]) === sorted(root[group]))
}

/**
 * Whether the packages of the lock file are there, whoever installed them: `npm ci` leaves the list of what it did.
 *
 * @param {string} project - folder of package.json
 * @param {Machine} [machine]
 */
export function isInstalled(project, machine = thisMachine()) {
  try {
    const read = (...path) => JSON.parse(readFileSync(join(project, ...path), 'utf8'))
    const [manifest, wanted, present] = [
      read('package.json'),
      read('package-lock.json'),
      read('node_modules', '.package-lock.json'),
    ]
    // The list outlives packages that were removed by hand.
    const areThere = Object.keys(present.packages ?? {}).every((place) => existsSync(join(project, place)))
    return fits(manifest, wanted) && missingPackages(wanted, present, machine).length === 0 && areThere
  } catch {
    return false
  }
}
