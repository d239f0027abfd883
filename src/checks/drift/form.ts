import { isObject, type JsonObject } from '../../values/json.ts'
import { methods } from './operation.ts'
import { valueAt } from './place.ts'
import { unreadable } from './unreadable.ts'

/** What OpenAPI has where, of all that is compared: `schema*` is schemas by name, `schema[]` a list of them. */
const forms: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  document: { components: 'components', paths: 'path*' },
  components: {
    schemas: 'schema*',
    parameters: 'parameter*',
    requestBodies: 'message*',
    responses: 'message*',
  },
  path: { parameters: 'parameter[]', ...Object.fromEntries(methods.map((method) => [method, 'operation'])) },
  operation: { parameters: 'parameter[]', requestBody: 'message', responses: 'message*' },
  parameter: { schema: 'schema', content: 'media*' },
  message: { content: 'media*' },
  media: { schema: 'schema' },
  schema: {
    type: 'types',
    required: 'text[]',
    enum: 'any[]',
    allOf: 'schema[]',
    oneOf: 'schema[]',
    anyOf: 'schema[]',
    prefixItems: 'schema[]',
    properties: 'schema*',
    patternProperties: 'schema*',
    items: 'schema',
    additionalProperties: 'schema',
    not: 'schema',
  },
}

/**
 * Refuses a document that says something in a form that OpenAPI does not have, such as a text for a list, or refers to
 * what it does not hold: what is not understood would compare as nothing, and hide what it was meant to say.
 * @throws {UnreadableDocument} that names the first such place
 */
export function checkForm(document: JsonObject, source: string): void {
  const seen = new Set<unknown>()

  function check(value: unknown, form: string, at: string): void {
    const isAbsent = value === undefined || (value === null && form.startsWith('media'))
    if (isAbsent || form === 'any' || (form === 'schema' && typeof value === 'boolean') || seen.has(value))
      return
    if (form === 'types') check(value, Array.isArray(value) ? 'text[]' : 'text', at)
    else if (form === 'text' && typeof value !== 'string') refuse(at)
    else if (form.endsWith('[]')) {
      if (!Array.isArray(value)) refuse(at)
      for (const [index, entry] of value.entries()) check(entry, form.slice(0, -2), `${at}[${index}]`)
    } else if (form !== 'text') {
      if (!isObject(value)) refuse(at)
      checkKeys(value, form, at)
    }
  }

  function checkKeys(value: JsonObject, form: string, at: string): void {
    if (form.endsWith('*')) {
      const named = Object.entries(value).filter(([key]) => !key.startsWith('x-'))
      for (const [key, entry] of named) check(entry, form.slice(0, -1), `${at}.${key}`)
      return
    }
    seen.add(value)
    if (typeof value.$ref === 'string')
      check(targetOf(value.$ref), form, value.$ref.slice(2).replaceAll('/', '.'))
    for (const [key, inner] of Object.entries(forms[form] as Readonly<Record<string, string>>)) {
      check(value[key], inner, at === '' ? key : `${at}.${key}`)
    }
  }

  function targetOf(reference: string): unknown {
    const target = valueAt(document, reference)
    if (!reference.startsWith('#')) throw unreadable(elsewhere(source))
    if (target === undefined) throw unreadable(`${source} refers to ${reference}, which is not there.`)
    return target
  }

  function refuse(at: string): never {
    throw unreadable(`${source} is not OpenAPI at ${at}.`)
  }

  check(document, 'document', '')
}

/** What is referred to is not named: its address may hold a secret. */
const elsewhere = (source: string) =>
  `${source} has parts in other documents; make one of them first: npx @redocly/cli bundle ${source} -o bundled.yaml`
