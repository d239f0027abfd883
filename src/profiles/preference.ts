import type { FastifyReply, FastifyRequest } from 'fastify'
import { sendInjected } from './injected-answer.ts'
import { Refusal } from './refusal.ts'

/** [prefer.codes] */
const codes = [200, 400, 401, 403, 404, 413, 429, 500, 503]

/**
 * [prefer.code] `Prefer: code=<status>` asks for an answer instead of the call (Prism's word); other preferences are
 * ignored. Returns whether it was answered. @throws {Refusal} 400 for a code that cannot be asked for
 */
export function answerPreference(request: FastifyRequest, reply: FastifyReply): boolean {
  const { prefer } = request.headers
  const code = prefer === undefined ? undefined : preferredCode(String(prefer))
  if (code === undefined) return false
  if (!codes.includes(Number(code))) {
    throw new Refusal(400, `Prefer: code must be one of ${codes.join(', ')}`)
  }
  sendInjected(request, reply, { status: Number(code), headers: { 'preference-applied': `code=${code}` } })
  return true
}

function preferredCode(prefer: string): string | undefined {
  return prefer
    .split(/[,;]/)
    .map((preference) => /^\s*code\s*=\s*"?([^"\s]*)"?\s*$/i.exec(preference)?.[1])
    .find((code) => code !== undefined)
}
