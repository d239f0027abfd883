import { URL } from 'node:url'

/**
 * [route.undecodable] What the framework itself would refuse, such as `/%zz`, is made an address that is simply
 * unknown.
 */
export function routable(url: string): string {
  if (url.startsWith('/') && !url.includes('%')) return url
  const address = url.startsWith('/') ? url : pathOfAbsolute(url)
  const [path = '', ...query] = address.split(/(?=\?)/)
  try {
    decodeURI(path)
    return address
  } catch {
    return encodeURI(path) + query.join('')
  }
}

/** Proxies are sent whole addresses, and so may we be. */
function pathOfAbsolute(url: string): string {
  if (!URL.canParse(url)) return `/${encodeURIComponent(url)}`
  const { pathname, search } = new URL(url)
  return pathname + search
}
