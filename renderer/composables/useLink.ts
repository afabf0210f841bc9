import { inject, type App, type InjectionKey } from 'vue'
import type { LabLink } from '../../contract/index.js'

export const LINK: InjectionKey<LabLink> = Symbol('the link to the lab')

/** Gives the whole application its link; call it before mounting. */
export function provideLink(app: App, link: LabLink): void {
  app.provide(LINK, link)
}

/**
 * The link to the lab, in a component's or a store's setup.
 *
 * @throws Error outside an application that was given one
 */
export function useLink(): LabLink {
  const link = inject(LINK, null)
  if (link === null) throw new Error('no link was provided; call provideLink(app, link) before mounting')
  return link
}
