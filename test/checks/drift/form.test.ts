import { readFileSync } from 'node:fs'
import t from 'tap'
import { checkForm } from '../../../src/checks/drift/form.ts'
import { UnreadableDocument } from '../../../src/checks/drift/unreadable.ts'
import { openApiDocument } from '../../../src/contract/openapi.ts'
import type { JsonObject } from '../../../src/values/json.ts'
import { type Parts, partsOf } from '../../support/openapi-variants.ts'

const published = JSON.parse(
  readFileSync(new URL('../../../fixtures/contract/published-structure.json', import.meta.url), 'utf8'),
)

type Edit = (parts: Parts) => unknown

const edited = (edit: Edit): JsonObject => {
  const document = JSON.parse(JSON.stringify(openApiDocument()))
  edit(partsOf(document))
  return document
}

const auth = 'components.schemas.AuthProfile'
const bulk = 'paths./profiles.patch'

const malformed: [what: string, edit: Edit, at: string][] = [
  ['a schema that is text', ({ document }) => (document.components.schemas.AuthProfile = '$ref: x'), auth],
  ['schemas in a list', ({ document }) => (document.components.schemas = []), 'components.schemas'],
  ['required as text', ({ authProfile }) => (authProfile.required = 'id'), `${auth}.required`],
  ['required with a number', ({ authProfile }) => (authProfile.required = ['id', 1]), `${auth}.required[1]`],
  ['properties in a list', ({ authProfile }) => (authProfile.properties = ['a']), `${auth}.properties`],
  ['a property that is text', ({ auth }) => (auth.lang = 'string'), `${auth}.properties.lang`],
  ['a type that is an object', ({ authProfile }) => (authProfile.type = {}), `${auth}.type`],
  [
    'a type that is a list of numbers',
    ({ authProfile }) => (authProfile.type = ['object', 1]),
    `${auth}.type[1]`,
  ],
  [
    'an enum that is one value',
    ({ routing }) => (routing.enum = 'idle'),
    'components.schemas.RoutingStatus.enum',
  ],
  ['allOf as an object', ({ authProfile }) => (authProfile.allOf = {}), `${auth}.allOf`],
  [
    'oneOf with text',
    ({ mindProfile }) => (mindProfile.properties.settings.oneOf[1] = 'null'),
    'components.schemas.MindProfile.properties.settings.oneOf[1]',
  ],
  ['items that are text', ({ authProfile }) => (authProfile.items = 'x'), `${auth}.items`],
  ['not that is null', ({ authProfile }) => (authProfile.not = null), `${auth}.not`],
  [
    'additional properties that are text',
    ({ authProfile }) => (authProfile.additionalProperties = 'no'),
    `${auth}.additionalProperties`,
  ],
  ['paths in a list', ({ document }) => (document.paths = []), 'paths'],
  ['a path that is text', ({ document }) => (document.paths['/profiles'] = 'x'), 'paths./profiles'],
  ['an operation that is null', ({ document }) => (document.paths['/profiles'].patch = null), bulk],
  [
    'parameters as an object',
    ({ search }) => (search.parameters = { a: 1 }),
    'paths./profiles.get.parameters',
  ],
  [
    'a parameter that is text',
    ({ search }) => (search.parameters[0] = 'q'),
    'paths./profiles.get.parameters[0]',
  ],
  [
    'a parameter for the whole path that is text',
    ({ document }) => (document.paths['/profiles'].parameters = ['q']),
    'paths./profiles.parameters[0]',
  ],
  [
    'the schema of a parameter that is text',
    ({ search }) => (search.parameters[0].schema = 'string'),
    'paths./profiles.get.parameters[0].schema',
  ],
  ['a request body that is text', ({ update }) => (update.requestBody = 'x'), `${bulk}.requestBody`],
  ['content in a list', ({ update }) => (update.requestBody.content = []), `${bulk}.requestBody.content`],
  ['responses in a list', ({ update }) => (update.responses = []), `${bulk}.responses`],
  ['a response that is text', ({ update }) => (update.responses['200'] = 'ok'), `${bulk}.responses.200`],
  [
    'a schema of a response that is text',
    ({ update }) => (update.responses['200'].content['application/json'].schema = 'x'),
    `${bulk}.responses.200.content.application/json.schema`,
  ],
  [
    'what is referred to and is text',
    ({ update, document }) => {
      document['x-shared'] = { a: 'x' }
      update.responses['403'] = { $ref: '#/x-shared/a' }
    },
    'x-shared.a',
  ],
  [
    'a named parameter that is text',
    ({ document }) => (document.components.parameters = { a: 'x' }),
    'components.parameters.a',
  ],
  [
    'a named body that is text',
    ({ document }) => (document.components.requestBodies = { a: 'x' }),
    'components.requestBodies.a',
  ],
  [
    'a named response that is text',
    ({ document }) => (document.components.responses = { a: 'x' }),
    'components.responses.a',
  ],
]

for (const [what, edit, at] of malformed) {
  t.test(`${what} is found where it stands`, async (t) => {
    const refusal = new UnreadableDocument(`a.yaml is not OpenAPI at ${at}.`)
    t.throws(() => checkForm(edited(edit), 'a.yaml'), refusal)
  })
}

const fine: [what: string, document: JsonObject][] = [
  ['the served document', edited(() => {})],
  ['the published one', published],
  ['a document with nothing in it', { openapi: '3.1.0' }],
  [
    'media types of which nothing is said',
    edited(({ update }) => {
      update.responses['200'].content = { 'application/json': null }
      update.responses['400'].content = null
    }),
  ],
  [
    'what only OpenAPI 3.1 has',
    edited(({ authProfile }) => {
      Object.assign(authProfile, {
        type: ['object', 'null'],
        items: true,
        additionalProperties: false,
      })
    }),
  ],
  [
    'extensions, whatever they hold',
    edited(({ update, document }) => {
      document.paths['x-owner'] = 'me'
      document.paths['/profiles']['x-note'] = 1
      update.responses['x-note'] = 1
    }),
  ],
  [
    'a property of any name',
    edited(({ auth }) => {
      Object.assign(auth, {
        required: { type: 'string' },
        type: true,
        enum: {},
      })
    }),
  ],
  [
    'examples that look like references',
    edited(({ authProfile }) => {
      authProfile.example = { $ref: 'other.yaml' }
      authProfile.enum = [{ $ref: '#/not/there' }]
    }),
  ],
  [
    'a parameter with content',
    edited(({ search }) => {
      search.parameters[0] = { name: 'q', in: 'query', content: { 'application/json': {} } }
    }),
  ],
  [
    'references',
    edited(({ update, search }) => {
      update.responses['400'] = { $ref: '#/paths/~1profiles/patch/responses/403' }
      search.parameters[0] = { $ref: '#/paths/~1profiles/get/parameters/1' }
    }),
  ],
]

for (const [what, document] of fine) {
  t.test(`${what}: nothing is malformed`, async (t) => {
    t.doesNotThrow(() => checkForm(document, 'a.yaml'))
  })
}
