const escapeXml = (text: string): string => text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;')

/** Room that other programs may use to change the packet in place. */
const PADDING = Array.from({ length: 20 }, () => ' '.repeat(99)).join('\n')

/**
 * Metadata of a file in the form that libraries and search programs read.
 *
 * @param about - title, creating program, creation date (ISO 8601), description
 *
 * Source: ISO 16684-1, Extensible Metadata Platform.
 */
export function xmpPacket({
  title,
  creator,
  createdAt,
  description,
}: {
  title: string
  creator: string
  createdAt: string
  description: string
}): string {
  const inLanguage = (text: string): string =>
    `<rdf:Alt><rdf:li xml:lang="x-default">${escapeXml(text)}</rdf:li></rdf:Alt>`
  return [
    '<?xpacket begin="\uFEFF" id="W5M0MpCehiHzreSzNTczkc9d"?>',
    '<x:xmpmeta xmlns:x="adobe:ns:meta/">',
    '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">',
    '<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmlns:pdf="http://ns.adobe.com/pdf/1.3/">',
    `<dc:title>${inLanguage(title)}</dc:title>`,
    `<dc:description>${inLanguage(description)}</dc:description>`,
    '<dc:format>application/pdf</dc:format>',
    `<xmp:CreatorTool>${escapeXml(creator)}</xmp:CreatorTool>`,
    `<xmp:CreateDate>${escapeXml(createdAt)}</xmp:CreateDate>`,
    `<pdf:Producer>${escapeXml(creator)}</pdf:Producer>`,
    '</rdf:Description>',
    '</rdf:RDF>',
    '</x:xmpmeta>',
    PADDING,
    '<?xpacket end="w"?>',
  ].join('\n')
}
