import { apiBase, session } from './api.js'

const headersOf = () => ({
  'Content-Type': 'application/json',
  ...(session.sandbox !== undefined && { 'X-Mock-Sandbox': session.sandbox }),
})

const quoted = (text) => `'${text.replaceAll("'", `'\\''`)}'`

/** The call as a command for a shell. The token is asked for by the command, so that none is in it. */
export function curlOf(method, path, body) {
  return [
    `curl -X ${method} ${quoted(apiBase.href + path)}`,
    `-H "Authorization: Bearer $(npx enneo-mock token ${session.persona})"`,
    ...Object.entries(headersOf()).map(([name, value]) => `-H ${quoted(`${name}: ${value}`)}`),
    `-d ${quoted(JSON.stringify(body))}`,
  ].join(' \\\n  ')
}

/** The call as JavaScript. */
export function fetchOf(method, path, body) {
  const headers = { Authorization: 'Bearer <token>', ...headersOf() }
  return [
    `await fetch(${JSON.stringify(apiBase.href + path)}, {`,
    `  method: ${JSON.stringify(method)},`,
    `  headers: ${JSON.stringify(headers, null, 2).replaceAll('\n', '\n  ')},`,
    `  body: JSON.stringify(${JSON.stringify(body, null, 2).replaceAll('\n', '\n  ')}),`,
    '})',
  ].join('\n')
}
