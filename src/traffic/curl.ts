import type { JournalEntry } from '../../schemas/journal.ts'
import { redacted } from '../values/secrets.ts'

/** Where a call can be repeated. */
export type CurlSurroundings = {
  /** Origin of the mock, such as `http://localhost:8005`. */
  origin: string
  /** Path of its control plane, such as `/__admin`. */
  adminPath: string
  /** The control plane wants a token, which the command takes from MOCK_ADMIN_API_TOKEN. */
  needsAdminToken: boolean
  /** Without a socket there is nothing to send a command to. */
  isListening: boolean
}

/** Headers that decide what becomes of a call. */
const tellingHeaders = ['content-type', 'x-enneo-on-behalf-of', 'x-mock-sandbox', 'prefer', 'origin']

/**
 * A command for a shell that repeats a call of the journal. It holds no token: it asks the control plane for one of the
 * same caller. What was not kept of the call, such as a secret, is not in it.
 */
export function curlOf(entry: JournalEntry, surroundings: CurlSurroundings): string {
  const { method, path, query, headers, userId, body, bodyIsCut } = entry
  const hasBody = body !== undefined && !bodyIsCut
  const isBodyLost = !hasBody && Number(headers['content-length'] ?? 0) > 0
  const sent = tellingHeaders.flatMap((name) =>
    headers[name] === undefined ? [] : [`${name}: ${headers[name]}`],
  )
  const url = surroundings.origin + path + (query === undefined ? '' : `?${query}`)
  // Without this the command would claim a form.
  if (hasBody && headers['content-type'] === undefined) sent.push('content-type:')
  return [
    // With -X HEAD it would wait for a body.
    `${curl(surroundings)} ${method === 'HEAD' ? '-I' : `-X ${method}`} ${quoted(url)}`,
    ...sent.map((header) => `-H ${quoted(header)}`),
    ...(userId === undefined
      ? []
      : [`-H "Authorization: Bearer ${tokenCommand(userId, entry, surroundings)}"`]),
    ...(hasBody ? [`-d ${quoted(bodyText(entry))}`] : []),
    ...(isBodyLost ? ['# its body was not kept'] : []),
    ...(surroundings.isListening ? [] : ['# this mock does not listen']),
  ].join(' ')
}

function tokenCommand(userId: number, { sandbox }: JournalEntry, surroundings: CurlSurroundings): string {
  const { origin, adminPath, needsAdminToken } = surroundings
  return [
    `$(${curl(surroundings)} -s -X POST ${quoted(`${origin}${adminPath}/tokens`)}`,
    ...(needsAdminToken ? ['-H "Authorization: Bearer $MOCK_ADMIN_API_TOKEN"'] : []),
    ...(sandbox === undefined ? [] : [`-H ${quoted(`x-mock-sandbox: ${sandbox}`)}`]),
    `-d '{"userId":${userId}}' | sed 's/.*"token":"\\([^"]*\\)".*/\\1/')`,
  ].join(' ')
}

/** Certificates of a mock are mostly its own. */
const curl = ({ origin }: CurlSurroundings) => (origin.startsWith('https:') ? 'curl -k' : 'curl')

/** A portrait was not kept, and what stands for it would be refused: where it was good, another good one is sent. */
function bodyText({ body, violations }: JournalEntry): string {
  const text = JSON.stringify(body)
  const wasRefused = violations.some(({ misfits = [] }) => misfits.some(({ path }) => path.endsWith('image')))
  return wasRefused ? text : text.replaceAll(`"image":"${redacted}"`, '"image":"aW1hZ2U="')
}

/** One word for a shell. */
const quoted = (text: string) => `'${text.replaceAll("'", `'\\''`)}'`
