/** Schemas of the members of a family, as the tuple that a discriminated union takes. */
export type SchemasOf<Members extends readonly { schema: unknown }[]> = {
  -readonly [Place in keyof Members]: Members[Place]['schema']
}

/**
 * Finds the members of a family by their kind.
 *
 * @param members - definitions; the caller gives them one type without that of their own settings
 * @param family - what a member is called in a refusal: `attack`
 * @returns the member of a kind; it throws RangeError for an unknown one
 */
export function memberByKind<Kind extends string, Member extends { readonly kind: Kind }>(
  members: readonly Member[],
  family: string,
): (kind: Kind) => Member {
  const byKind = new Map(members.map((member) => [member.kind, member]))
  return (kind) => {
    const found = byKind.get(kind)
    if (found === undefined) throw new RangeError(`there is no ${family} called ${kind}`)
    return found
  }
}

/** A remark about a setting of a member, by its key. */
export interface SettingRemark {
  key: string
  text: string
}
