import t from 'tap'
import {
  hasSameHeaders,
  type JsonText,
  jsonWithoutSecrets,
  keptHeadersOf,
  redactedJson,
  redactedQuery,
  shownHeadersOf,
  shownJson,
  urlWithoutSecrets,
} from '../../src/values/redaction.ts'
import { redacted } from '../../src/values/secrets.ts'

const unlimited = 1_000_000

const values: [what: string, value: unknown][] = [
  ['a number', 1.5],
  ['a text', 'Jürgen → "quoted" 😀\n'],
  ['null', null],
  ['an empty object', {}],
  ['an empty list', []],
  ['a list of lists', [[], [[]], [1, [2, [3]]]]],
  ['a nested object', { a: { b: { c: [{ d: null }, true, ''] } }, 'e"f': 0 }],
  ['a bulk update', { profiles: [{ id: 5, lang: 'de', settings: { teamIds: [1, 2] } }, { id: 6 }] }],
]

for (const [what, value] of values) {
  t.test(`${what} without secrets is written as JSON.stringify does`, async (t) => {
    t.strictSame(redactedJson(value, unlimited), { text: JSON.stringify(value), isCut: false })
  })

  t.test(`${what} is either complete or marked as cut, whatever the limit`, async (t) => {
    const full = JSON.stringify(value)
    const wrong: unknown[] = []
    for (let limit = 1; limit <= full.length + 2; limit += 1) {
      const { text, isCut } = redactedJson(value, limit)
      const isRight = text.length <= limit && full.startsWith(text) && isCut === (text !== full)
      if (!isRight) wrong.push({ limit, text, isCut })
    }
    t.strictSame(wrong, [])
  })
}

const secrets: [what: string, value: unknown, shown: unknown][] = [
  ['a text', { password: 'hunter2' }, { password: redacted }],
  ['a number', { image: 12345 }, { image: redacted }],
  ['an object', { token: { a: 'hunter2' } }, { token: redacted }],
  ['a list', { token: ['hunter2', ['hunter2']] }, { token: redacted }],
  ['null', { password: null }, { password: redacted }],
  [
    'another case',
    { PassWord: 1, Authorization: 2, COOKIE: 3 },
    {
      PassWord: redacted,
      Authorization: redacted,
      COOKIE: redacted,
    },
  ],
  [
    'words for tokens',
    { accessToken: 1, access_token: 2, 'connect.sid': 3 },
    {
      accessToken: redacted,
      access_token: redacted,
      'connect.sid': redacted,
    },
  ],
  [
    'deeper and in lists',
    { profiles: [{ id: 1, rawData: { a: [{ password: 'hunter2', b: 1 }] } }] },
    {
      profiles: [{ id: 1, rawData: { a: [{ password: redacted, b: 1 }] } }],
    },
  ],
  ['a key that only holds such a word', { passwordHint: 'a', tokens: 1 }, { passwordHint: 'a', tokens: 1 }],
]

for (const [what, value, shown] of secrets) {
  t.test(`secrets as ${what}`, async (t) => {
    t.strictSame(JSON.parse(redactedJson(value, unlimited).text), shown)
  })
}

t.test('a secret is not shown by a cut that falls into it', async (t) => {
  const value = { a: 'x', password: 'hunter2' }
  for (let limit = 1; limit < 60; limit += 1) t.notMatch(redactedJson(value, limit).text, 'hunter')
})

t.test('what lies deeper than 200 levels is named and not shown', async (t) => {
  const nested = (levels: number): unknown => JSON.parse(`${'['.repeat(levels)}1${']'.repeat(levels)}`)
  t.equal(redactedJson(nested(200), unlimited).text, JSON.stringify(nested(200)))
  t.equal(
    redactedJson(nested(100_000), unlimited).text,
    `${'['.repeat(200)}"[deeper data]"${']'.repeat(200)}`,
  )
})

const queries: [url: string, shown: string][] = [
  ['/a', ''],
  ['/a?', ''],
  ['/a?limit=1&show[]=all', 'limit=1&show%5B%5D=all'],
  ['/a?token=hunter2', 'token=%5Bredacted%5D'],
  ['/a?limit=1&Password=hunter2&q=b', 'limit=1&Password=%5Bredacted%5D&q=b'],
  ['/a?token=hunter2&token=hunter3', 'token=%5Bredacted%5D&token=%5Bredacted%5D'],
  ['/a?page=1?token=hunter2', 'page=1%3Ftoken%3D%5Bredacted%5D'],
  ['/a?token[]=hunter2&token[a][b]=hunter3', 'token%5B%5D=%5Bredacted%5D&token%5Ba%5D%5Bb%5D=%5Bredacted%5D'],
  ['/a?pass%77ord=hunter2', 'password=%5Bredacted%5D'],
  ['/a?connect.sid=hunter2', 'connect.sid=%5Bredacted%5D'],
  ['/a?user[password]=hunter2', 'user%5Bpassword%5D=%5Bredacted%5D'],
  ['/a?user[connect.sid]=hunter2', 'user%5Bconnect.sid%5D=%5Bredacted%5D'],
  ['/a?user.password=hunter2&user.name=b', 'user.password=%5Bredacted%5D&user.name=b'],
  [
    '/a?api[key]=hunter2&session[id][]=hunter3',
    'api%5Bkey%5D=%5Bredacted%5D&session%5Bid%5D%5B%5D=%5Bredacted%5D',
  ],
  ['/a?page=1?token=hun?ter2', 'page=1%3Ftoken%3D%5Bredacted%5D'],
  ['/a?page=1?limit=2?token=hunter2', 'page=1%3Flimit%3D2%3Ftoken%3D%5Bredacted%5D'],
  ['/a?page=limit=token=hunter2', 'page=limit%3Dtoken%3D%5Bredacted%5D'],
]

for (const [url, shown] of queries) {
  t.test(`the query of ${url}`, async (t) => {
    t.equal(redactedQuery(url), shown)
  })
}

const texts: [what: string, json: JsonText, kept: JsonText][] = [
  [
    'a secret',
    { text: '{"profiles": [{"id": 5, "Password": "hunter2"}]}', isCut: false },
    { text: `{"profiles":[{"id":5,"Password":"${redacted}"}]}`, isCut: false },
  ],
  [
    'a key spelled with an escape',
    { text: '{"t\\u006fken":"hunter2"}', isCut: false },
    { text: `{"token":"${redacted}"}`, isCut: false },
  ],
  [
    'a key spelled with the Kelvin sign',
    { text: '{"to\u212aen":"hunter2"}', isCut: false },
    { text: `{"to\u212aen":"${redacted}"}`, isCut: false },
  ],
  [
    'a secret that the cut goes through',
    { text: '{"a": 1, "connect.sid": "hunter2', isCut: true },
    { text: `{"a":1,"connect.sid":"${redacted}"`, isCut: true },
  ],
  [
    'a secret of several levels before the cut',
    { text: '{"token": {"a": ["hunter2", {}]}, "b": [1', isCut: true },
    { text: `{"token":"${redacted}","b":[1`, isCut: true },
  ],
  [
    'secrets that are shorter than what stands for them',
    { text: '[{"image":1},{"image":2}]', isCut: false },
    { text: `[{"image":"${redacted}"},{"image":"`, isCut: true },
  ],
]

for (const [what, json, kept] of texts) {
  t.test(`of a text with ${what} no secret is kept`, async (t) => {
    const limit = 35
    const { text, isCut } = jsonWithoutSecrets(json, kept.isCut ? limit : unlimited)
    t.strictSame([text.slice(0, kept.text.length), isCut], [kept.text, kept.isCut])
    t.notMatch(text, 'hunter')
  })
}

const beginnings: [what: string, text: string, kept: string][] = [
  [
    'a secret in each entry of a list',
    '[{"token":1},{"token" : "hunter2"},{"b":2.5',
    `[{"token":"${redacted}"},{"token":"${redacted}"},{"b":2.5`,
  ],
  [
    'a secret that is a list',
    '{"token":["hunter2",[],{"a":"hunter3"}],"c":[3',
    `{"token":"${redacted}","c":[3`,
  ],
  [
    'a secret at the end of an object',
    '{"a":{"token":true},"b":null,"c":fal',
    `{"a":{"token":"${redacted}"},"b":null,"c":fal`,
  ],
  [
    'quotes and backslashes',
    '{"a":"x\\"y","b":"\\\\","password":"q\\"hunter2\\\\","c":"\\"z',
    `{"a":"x\\"y","b":"\\\\","password":"${redacted}","c":"\\"z`,
  ],
  ['a cut after a backslash', '{"token":"hunter2","b":"x\\', `{"token":"${redacted}","b":"x\\`],
  ['a cut inside a secret', '{"b":"token","token":"hunter', `{"b":"token","token":"${redacted}"`],
  [
    'a token that has a key of its own',
    `{"b":"eyJhbGciOiJIUzI1NiJ9.eyJ1c2VySWQiOjF9.c2ln","c":"d`,
    `{"b":"${redacted}","c":"d`,
  ],
]

for (const [what, text, kept] of beginnings) {
  t.test(`of the beginning of a text with ${what} all but the secrets is kept`, async (t) =>
    t.strictSame(jsonWithoutSecrets({ text, isCut: true }, unlimited), { text: kept, isCut: true }),
  )
}

t.test('a JSON value is shown without its secrets', async (t) => {
  t.strictSame(shownJson({ profiles: [{ id: 5, password: 'hunter2' }, null] }), {
    profiles: [{ id: 5, password: redacted }, null],
  })
})

t.test('what comes after a cut is not looked at', async (t) => {
  let looks = 0
  const value = {
    a: 'x'.repeat(20),
    get b() {
      looks += 1
      return 'y'
    },
  }
  t.strictSame(redactedJson(value, 10), { text: '{"a":"xxxx', isCut: true })
  t.equal(looks, 0)
})

t.test('a text or URL without secret words is kept to the letter', async (t) => {
  const json = { text: '{"a":  "\\n", "b": [1.50]}', isCut: false }
  t.equal(jsonWithoutSecrets(json, 5), json)
  for (const url of ['/a', '/a?', '/a%', '/password?q=a+b&limit=1', '/password?q=~&limit'])
    t.equal(urlWithoutSecrets(url), url)
})

for (const [url, shown] of queries.slice(2)) {
  t.test(`of ${url} no secret is kept, and its query is shown the same`, async (t) => {
    t.notMatch(urlWithoutSecrets(url), 'hunter')
    t.equal(redactedQuery(urlWithoutSecrets(url)), shown)
  })
}

t.test('headers are the same when each one is', async (t) => {
  const sent = keptHeadersOf({ accept: '*/*', prefer: 'code=503' })
  t.ok(hasSameHeaders(sent, keptHeadersOf({ prefer: 'code=503', accept: '*/*', cookie: 'b' })))
  for (const other of [{ accept: '*/*' }, { accept: '*/*', prefer: 'code=500' }, {}])
    t.notOk(hasSameHeaders(sent, keptHeadersOf(other)))
})

t.test('headers that may hold a secret are left out, the others are shown as they came', async (t) => {
  const shown = {
    accept: '*/*',
    'accept-language': 'de',
    'content-length': '2',
    'content-type': 'text/plain',
    origin: 'http://localhost',
    prefer: 'code=503',
    'user-agent': 'curl',
    'x-enneo-on-behalf-of': '3',
    'x-mock-sandbox': 'a',
  }
  const hidden = { authorization: 'Bearer a', cookie: 'b', 'x-api-key': 'c', 'proxy-authorization': 'd' }
  t.strictSame(shownHeadersOf(keptHeadersOf({ ...hidden, ...shown })), shown)
  t.strictSame(shownHeadersOf(keptHeadersOf(hidden)), {})
})
