import type { JournalDetail, JournalEntry } from '../../schemas/journal.ts'
import type { StoredProfile } from '../../schemas/seed.ts'
import { patchBetween } from '../values/difference.ts'
import { shownJson } from '../values/redaction.ts'
import { redacted } from '../values/secrets.ts'
import type { Journal } from './journal.ts'
import { violationsHeader } from './violations.ts'

/** What a saved call is called and who the people are that call. */
type CaseSurroundings = {
  /** Path of the vendor's API, such as `/api/mind`. */
  basePath: string
  /** Profile ids by the names of the personas. */
  personas: Readonly<Record<string, number>>
}

/** The case, or why the call cannot be one. */
export type SavedCase = { refused: string } | { refused?: never; case: object }

/**
 * [journal.case] A call as a contract case (fixtures/cases/README.md): the request, its whole answer and what it
 * changed, after the calls before it that changed something and stand.
 */
export function savedCase(journal: Journal, id: number, surroundings: CaseSurroundings): SavedCase {
  const call = journal.detail(id) as JournalDetail
  const refused = refusalOf(call)
  if (refused !== undefined) return { refused: `call ${id} cannot be a case: ${refused}` }
  const earlier = journal.list().filter((entry) => entry.id < id && !entry.isUndone && entry.changed)
  return {
    case: {
      name: `${call.method} ${call.path} answers ${call.status}`,
      source: 'A',
      rule: 'own.recorded',
      ...(earlier.length > 0 && { before: earlier.map((entry) => requestOf(entry, surroundings)) }),
      request: requestOf(call, surroundings),
      answer: {
        status: call.status,
        body: call.answer,
        ...(call.violationCount > 0 && { violations: violationsOf(call) }),
      },
      ...(call.changed !== undefined && { change: changeOf(journal.outcome(id)) }),
    },
  }
}

function refusalOf({ fault, answer, answerIsCut, bodyIsCut, refusal, headers, body }: JournalDetail) {
  if (fault !== undefined) return `its answer was injected (${fault})`
  if (answerIsCut || bodyIsCut) return 'more was sent than the journal keeps'
  if (answer === undefined) return 'its answer is no longer kept'
  if (body === undefined && Number(headers['content-length'] ?? 0) > 0) return 'its body was not kept'
  if (refusal !== undefined && unkeptCredentials.test(refusal)) return 'its credential was not kept'
  return undefined
}

/** Refusals of a credential that was sent. */
const unkeptCredentials = /^(token-|not-a-bearer|user-unknown)/

function requestOf(entry: JournalEntry, { basePath, personas }: CaseSurroundings): object {
  const { method, path, query, headers, userId, body } = entry
  const persona = Object.keys(personas).find((name) => personas[name] === userId)
  const sent = Object.entries(headers).filter(([name]) => tellingHeaders.includes(name))
  return {
    ...(method !== 'PATCH' && { method }),
    path: path.slice(basePath.length) + (query === undefined ? '' : `?${query}`),
    ...(userId !== undefined && { bearer: persona ?? { userId } }),
    ...(sent.length > 0 && { headers: Object.fromEntries(sent) }),
    ...(body !== undefined && { body: withPortraits(body) }),
  }
}

const tellingHeaders = ['x-enneo-on-behalf-of', 'prefer']

/** A portrait was not kept, and what stands for it would be refused. */
const withPortraits = (body: unknown) =>
  JSON.parse(JSON.stringify(body).replaceAll(`"image":"${redacted}"`, '"image":"aW1hZ2U="'))

/** As the header tells them, which may have been cut. */
const violationsOf = ({ violations: kept, violationCount: count }: JournalEntry): unknown =>
  JSON.parse(violationsHeader({ kept, count }))

type Outcome = { before?: readonly StoredProfile[] | undefined; after?: readonly StoredProfile[] | undefined }

function changeOf({ before = [], after = [] }: Outcome): object {
  const changes = after.map((profile, index) => [profile.id, patchBetween(before[index], profile)])
  return shownJson(Object.fromEntries(changes.filter(([, patch]) => patch !== undefined)))
}
