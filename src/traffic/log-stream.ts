import { visible } from '../values/visible.ts'

/** Where log lines go, one JSON object each. */
export type LogStream = { write: (line: string) => void }

type Out = Pick<NodeJS.WriteStream, 'isTTY' | 'write'>
type Entry = Record<string, unknown>
type Pretty = { default: Pick<typeof import('pino-pretty'), 'prettyFactory'> }

/**
 * Lines for people, on standard output; `undefined` for JSON, which the logger writes itself. Unasked, people are told
 * so at a terminal only.
 */
export async function openLogStream(
  format: 'auto' | 'pretty' | 'json',
  out: Out = process.stdout,
  loadPretty: () => Promise<Pretty> = () => import('pino-pretty'),
): Promise<LogStream | undefined> {
  if (format === 'json' || (format === 'auto' && !out.isTTY)) return undefined
  // It is optional, and JSON can be read, too.
  const pretty = await loadPretty().catch(() => undefined)
  if (!pretty) return undefined
  const readable = pretty.default.prettyFactory({
    colorize: out.isTTY === true,
    translateTime: 'SYS:HH:MM:ss',
    ignore: `pid,hostname,${toldInLine.join()}`,
    messageFormat: (entry, messageKey) => visible(sentence(entry, String(entry[messageKey]))),
  })
  return { write: (line) => void out.write(readable(line)) }
}

const toldInLine = [
  'method',
  'path',
  'status',
  'userId',
  'sandbox',
  'reason',
  'fault',
  'violations',
  'violationCount',
  'seed',
  'breaches',
]

/** What a line is about, who called, and why it was answered so. */
function sentence(entry: Entry, message: string): string {
  const { method, path, status, userId, sandbox, fault } = entry
  const who = Object.entries({ user: userId, sandbox, fault })
    .filter(([, value]) => value !== undefined)
    .map(([what, value]) => `${what} ${value}`)
  const by = who.length > 0 ? ` (${who.join(', ')})` : ''
  const call = method === undefined ? [] : [`${method} ${path} ${status || 'no answer'}${by}`]
  const why = [...(message === 'call' ? [] : [message]), ...reasons(entry)].join('; ')
  return [...call, ...(why === '' ? [] : [why])].join(': ')
}

function reasons({ reason, violations = [], violationCount = 0, breaches = [] }: Entry): string[] {
  const said = reason === undefined ? '' : String(reason)
  const told = violations as { message: string }[]
  const more = Number(violationCount) - told.length
  return [
    ...(said === '' ? [] : [said]),
    // The reason of a refusal already names what did not fit.
    ...told.map(({ message }) => message).filter((message) => !said.includes(message)),
    ...(more > 0 ? [`and ${more} more`] : []),
    ...(breaches as { message: string }[]).map(({ message }) => message),
  ]
}
