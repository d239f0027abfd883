import { readFileSync } from 'node:fs'
import t from 'tap'
import { checkForm } from '../../../src/checks/drift/form.ts'
import { UnreadableDocument } from '../../../src/checks/drift/unreadable.ts'
import type { Json } from '../../../src/contract/json-schema.ts'
import { openApiDocument } from '../../../src/contract/openapi.ts'

const published = JSON.parse(
  readFileSync(new URL('../../../fixtures/contract/published-structure.json', import.meta.url), 'utf8'),
)

// biome-ignore lint/suspicious/noExplicitAny: an edit reaches anywhere into a document
type Edit = (document: any) => void

const edited = (edit: Edit): Json => {
  const document = structuredClone(JSON.parse(JSON.stringify(openApiDocument())))
  edit(document)
  return document
}

const auth = 'components.schemas.AuthProfile'
const bulk = 'paths./profiles.patch'

const malformed: [what: string, edit: Edit, at: string][] = [
  ['a schema that is text', ({ components }) => (components.schemas.AuthProfile = '$ref: x'), auth],
  ['schemas in a list', ({ components }) => (components.schemas = []), 'components.schemas'],
  [
    'required as text',
    ({ components }) => (components.schemas.AuthProfile.required = 'id'),
    `${auth}.required`,
  ],
  [
    'required with a number',
    ({ components }) => (components.schemas.AuthProfile.required = ['id', 1]),
    `${auth}.required[1]`,
  ],
  [
    'properties in a list',
    ({ components }) => (components.schemas.AuthProfile.properties = ['a']),
    `${auth}.properties`,
  ],
  [
    'a property that is text',
    ({ components }) => (components.schemas.AuthProfile.properties.lang = 'string'),
    `${auth}.properties.lang`,
  ],
  [
    'a type that is an object',
    ({ components }) => (components.schemas.AuthProfile.type = {}),
    `${auth}.type`,
  ],
  [
    'a type that is a list of numbers',
    ({ components }) => (components.schemas.AuthProfile.type = ['object', 1]),
    `${auth}.type[1]`,
  ],
  [
    'an enum that is one value',
    ({ components }) => (components.schemas.RoutingStatus.enum = 'idle'),
    'components.schemas.RoutingStatus.enum',
  ],
  ['allOf as an object', ({ components }) => (components.schemas.AuthProfile.allOf = {}), `${auth}.allOf`],
  [
    'oneOf with text',
    ({ components }) => (components.schemas.MindProfile.properties.settings.oneOf[1] = 'null'),
    'components.schemas.MindProfile.properties.settings.oneOf[1]',
  ],
  ['items that are text', ({ components }) => (components.schemas.AuthProfile.items = 'x'), `${auth}.items`],
  ['not that is null', ({ components }) => (components.schemas.AuthProfile.not = null), `${auth}.not`],
  [
    'additional properties that are text',
    ({ components }) => (components.schemas.AuthProfile.additionalProperties = 'no'),
    `${auth}.additionalProperties`,
  ],
  ['paths in a list', (document) => (document.paths = []), 'paths'],
  ['a path that is text', ({ paths }) => (paths['/profiles'] = 'x'), 'paths./profiles'],
  ['an operation that is null', ({ paths }) => (paths['/profiles'].patch = null), bulk],
  [
    'parameters as an object',
    ({ paths }) => (paths['/profiles'].get.parameters = { a: 1 }),
    'paths./profiles.get.parameters',
  ],
  [
    'a parameter that is text',
    ({ paths }) => (paths['/profiles'].get.parameters[0] = 'q'),
    'paths./profiles.get.parameters[0]',
  ],
  [
    'a parameter for the whole path that is text',
    ({ paths }) => (paths['/profiles'].parameters = ['q']),
    'paths./profiles.parameters[0]',
  ],
  [
    'the schema of a parameter that is text',
    ({ paths }) => (paths['/profiles'].get.parameters[0].schema = 'string'),
    'paths./profiles.get.parameters[0].schema',
  ],
  [
    'a request body that is text',
    ({ paths }) => (paths['/profiles'].patch.requestBody = 'x'),
    `${bulk}.requestBody`,
  ],
  [
    'content in a list',
    ({ paths }) => (paths['/profiles'].patch.requestBody.content = []),
    `${bulk}.requestBody.content`,
  ],
  ['responses in a list', ({ paths }) => (paths['/profiles'].patch.responses = []), `${bulk}.responses`],
  [
    'a response that is text',
    ({ paths }) => (paths['/profiles'].patch.responses['200'] = 'ok'),
    `${bulk}.responses.200`,
  ],
  [
    'a schema of a response that is text',
    ({ paths }) => (paths['/profiles'].patch.responses['200'].content['application/json'].schema = 'x'),
    `${bulk}.responses.200.content.application/json.schema`,
  ],
  [
    'what is referred to and is text',
    (document) => {
      document['x-shared'] = { a: 'x' }
      document.paths['/profiles'].patch.responses['403'] = { $ref: '#/x-shared/a' }
    },
    'x-shared.a',
  ],
  [
    'a named parameter that is text',
    ({ components }) => (components.parameters = { a: 'x' }),
    'components.parameters.a',
  ],
  [
    'a named body that is text',
    ({ components }) => (components.requestBodies = { a: 'x' }),
    'components.requestBodies.a',
  ],
  [
    'a named response that is text',
    ({ components }) => (components.responses = { a: 'x' }),
    'components.responses.a',
  ],
]

for (const [what, edit, at] of malformed) {
  t.test(`${what} is found where it stands`, async (t) => {
    const refusal = new UnreadableDocument(`a.yaml is not OpenAPI at ${at}.`)
    t.throws(() => checkForm(edited(edit), 'a.yaml'), refusal)
  })
}

const fine: [what: string, document: Json][] = [
  ['the served document', edited(() => {})],
  ['the published one', published],
  ['a document with nothing in it', { openapi: '3.1.0' }],
  [
    'media types of which nothing is said',
    edited(({ paths }) => {
      paths['/profiles'].patch.responses['200'].content = { 'application/json': null }
      paths['/profiles'].patch.responses['400'].content = null
    }),
  ],
  [
    'what only OpenAPI 3.1 has',
    edited(({ components }) => {
      Object.assign(components.schemas.AuthProfile, {
        type: ['object', 'null'],
        items: true,
        additionalProperties: false,
      })
    }),
  ],
  [
    'extensions, whatever they hold',
    edited((document) => {
      document.paths['x-owner'] = 'me'
      document.paths['/profiles']['x-note'] = 1
      document.paths['/profiles'].patch.responses['x-note'] = 1
    }),
  ],
  [
    'a property of any name',
    edited(({ components }) => {
      Object.assign(components.schemas.AuthProfile.properties, {
        required: { type: 'string' },
        type: true,
        enum: {},
      })
    }),
  ],
  [
    'examples that look like references',
    edited(({ components }) => {
      components.schemas.AuthProfile.example = { $ref: 'other.yaml' }
      components.schemas.AuthProfile.enum = [{ $ref: '#/not/there' }]
    }),
  ],
  [
    'a parameter with content',
    edited(({ paths }) => {
      paths['/profiles'].get.parameters[0] = { name: 'q', in: 'query', content: { 'application/json': {} } }
    }),
  ],
  [
    'references',
    edited(({ paths }) => {
      paths['/profiles'].patch.responses['400'] = { $ref: '#/paths/~1profiles/patch/responses/403' }
      paths['/profiles'].get.parameters[0] = { $ref: '#/paths/~1profiles/get/parameters/1' }
    }),
  ],
]

for (const [what, document] of fine) {
  t.test(`${what}: nothing is malformed`, async (t) => {
    t.doesNotThrow(() => checkForm(document, 'a.yaml'))
  })
}
