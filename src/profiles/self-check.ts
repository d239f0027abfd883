import type { TSchema } from '@sinclair/typebox'
import type { Operation } from '../../schemas/operation.ts'
import { withoutSecrets } from '../values/secrets.ts'
import { createValidator, type Misfit, type Validator } from '../values/validation.ts'

/** How an answer stands to the document: its status is not listed there, or where the body breaks its schema. */
export type AnswerCheck = { isUndocumented: boolean; breaches: Misfit[] }

/** The most that is told of one answer. */
const mostBreaches = 10

/** Holds an answer as it is sent against the document's schema for its operation and status. */
export function checkAnswer(operation: Operation | undefined, status: number, sent: string): AnswerCheck {
  const documented = operation?.responses[status]
  if (!documented) return { isUndocumented: true, breaches: [] }
  const breaches: Misfit[] = []
  const answer = documented.mediaType === undefined ? parsed(sent) : sent
  for (const breach of validatorOf(documented.schema).faults(answer, '')) {
    if (breaches.push(breach) === mostBreaches) break
  }
  withoutSecrets(answer, '', (at) => breaches.push(secretShown(at.replace(/^\./, ''))))
  return { isUndocumented: false, breaches }
}

/** What is no JSON fits no schema, and is told as the text that it is. */
function parsed(sent: string): unknown {
  try {
    return JSON.parse(sent)
  } catch {
    return sent
  }
}

const validators = new WeakMap<TSchema, Validator>()

function validatorOf(schema: TSchema): Validator {
  const validator = validators.get(schema) ?? createValidator(schema)
  validators.set(schema, validator)
  return validator
}

/** Write only (S: `password`, `image`), or what signs people in. */
const secretShown = (path: string): Misfit => ({
  path,
  expected: 'no such key in an answer',
  got: 'a value',
  message: `${path} must not be in an answer`,
})
