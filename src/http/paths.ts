/** [transport.base-path] Where the vendor's API stands on every server the document names (S). */
export const basePath = '/api/mind'

/** Where our own control plane stands (WireMock's word). */
export const adminPath = '/__admin'
