import { gzipSync } from 'node:zlib'
import { createTokens } from '../../src/http/tokens.ts'
import { developmentSecret } from '../../src/start.ts'
import { requestText } from './raw-request.ts'

/** Stands for a secret wherever one can be sent: it must come back nowhere. */
export const secret = 'hunter2-must-never-be-seen'
/** Any other text: the journal keeps it, answers and log do not repeat it. */
export const text = 'some-text-that-is-not-repeated'

const tokens = await createTokens(developmentSecret, Date.now)
/** The token of an administrator, which must come back nowhere either. */
export const token = tokens.sign(1)
const bearer = `Authorization: Bearer ${token}`
const json = 'Content-Type: application/json'

const patch = (body: string, headers: string[] = [bearer, json], path = '/api/mind/profiles') =>
  requestText('PATCH', path, headers, body)
const item = (rest: string) => patch(`{"profiles":[{"id":5,${rest}}]}`)
const get = (path: string, headers = [bearer]) => requestText('GET', path, headers)
const deep = (open: string, close: string, inner = '1') =>
  open.repeat(100_000) + inner + close.repeat(100_000)
const deepObject = deep('{"a":', '}')
const deepArray = deep('[', ']')

type Hostile = [what: string, bytes: string | Buffer]

const paths: Hostile[] = [
  '/%zz',
  '/api/mind/%ff',
  '/api/mind/%zz?a=%zz',
  '/api/mind/profile/%00',
  '/api/mind/profile/%F0%9F%98%80',
  '/api/mind/profile/1e999',
  '/api/mind/profile/-1',
  '/api/mind/profile/99999999999999999999',
  '/api/mind/profile/5/supersetRoles/%2e%2e/..',
  '/api/mind/../mind/profiles',
  '//api//mind//profiles',
  '/api/mind/profiles;a=b',
  '/api/mind/profiles?limit=1e999',
  '/api/mind/profiles?limit=-1&offset=99999999999999999999',
  '/api/mind/profiles?limit[]=1&limit=2&limit[a]=3',
  '/api/mind/profiles?userIds[]=toString&teamIds=__proto__&show=constructor',
  '/api/mind/profiles?__proto__[a]=1&constructor.prototype=1',
  '/api/mind/profiles?q=%00%ff%',
  `/api/mind/profiles?q=${'x'.repeat(10_000)}`,
  `/api/mind/profiles?${'userIds[]=1&'.repeat(1000)}`,
  `/api/mind/${'a/'.repeat(5000)}`,
  '/__sandbox/a/api/mind/profiles',
  '/__sandbox/%zz/api/mind/profiles',
  '/__sandbox/a',
  '/__sandbox/a/',
  '/__sandbox/a/__sandbox/b/api/mind/profiles',
  '/__sandbox//api/mind/profiles',
  '/__admin/%ff',
  '/__admin/state/profiles/1e999',
  '/__admin/state/profiles/__proto__',
  '/__admin/snapshots/%00',
  'http://evil.example/api/mind/profiles',
  'http://localhost/api/mind/profiles',
  'http://[/api/mind/profiles',
  '*',
].map((path) => [`GET ${path.slice(0, 60)}`, get(path)])

const protocols: Hostile[] = [
  ['garbage', '\x00\x01\x02 garbage\r\n\r\n'],
  ['a TLS greeting', Buffer.from('160301020001000001fc0303', 'hex')],
  ['an HTTP/2 greeting', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'],
  ['another version', 'GET / HTTP/9.9\r\n\r\n'],
  ['no path', 'GET\r\n\r\n'],
  ['an unknown method', requestText('BREW', '/api/mind/profiles', [bearer])],
  ['a method in small letters', requestText('patch', '/api/mind/profiles', [bearer])],
  ['OPTIONS *', requestText('OPTIONS', '*')],
  ['OPTIONS of a foreign page', requestText('OPTIONS', '/api/mind/profiles', ['Origin: null'])],
  ['TRACE', requestText('TRACE', '/api/mind/profiles', [bearer])],
  ['a search request', requestText('M-SEARCH', '/api/mind/profiles', [bearer])],
  ['an upgrade', get('/api/mind/profiles', [bearer, 'Upgrade: websocket', 'Connection: Upgrade, close'])],
  ['headers of 20 KiB', get('/api/mind/profiles', [bearer, `X-Big: ${'x'.repeat(20_000)}`])],
  ['3,000 headers', get('/api/mind/profiles', Array(3000).fill('A: b'))],
  ['a header without a name', get('/', [': value'])],
  ['a header with a NUL', get('/', ['X-Nul: a\x00b'])],
  [
    'a header in Latin-1',
    Buffer.from(get('/api/mind/profiles', ['X-Enneo-On-Behalf-Of: \xe4\xff', bearer]), 'latin1'),
  ],
  ['two lengths', `${patch('{}').replace('Connection', 'Content-Length: 7\r\nConnection')}`],
  ['a negative length', requestText('PATCH', '/api/mind/profiles', ['Content-Length: -1'])],
  [
    'length and chunks',
    requestText('PATCH', '/api/mind/profiles', ['Content-Length: 5', 'Transfer-Encoding: chunked']),
  ],
  [
    'bad chunks',
    `${requestText('PATCH', '/api/mind/profiles', ['Transfer-Encoding: chunked', bearer])}zz\r\n`,
  ],
  [
    'a chunk too long to count',
    `${requestText('PATCH', '/api/mind/profiles', ['Transfer-Encoding: chunked', bearer])}fffffffffffffffff\r\n`,
  ],
  ['an unknown expectation', patch('{"profiles":[]}', [bearer, json, 'Expect: 200-maybe'])],
]

const headers: Hostile[] = [
  ...[
    '',
    ' ',
    'application',
    'application/',
    '/json',
    'application/json; charset',
    'application/json; charset="',
    'text/html, application/json',
    'multipart/form-data; boundary=',
    'application/x-www-form-urlencoded',
    '\x01',
    'x'.repeat(5000),
  ].map(
    (type): Hostile => [
      `content type ${JSON.stringify(type.slice(0, 40))}`,
      patch('{"profiles":[]}', [bearer, `Content-Type: ${type}`]),
    ],
  ),
  ['another charset', patch('{"profiles":[]}', [bearer, 'Content-Type: application/json; charset=utf-16'])],
  ['two authorizations', get('/api/mind/profile', [bearer, 'Authorization: Bearer x'])],
  ['two hosts', get('/api/mind/profile', [bearer, 'Host: evil.example'])],
  [
    'cookie junk',
    get('/api/mind/profile', ['Cookie: ;;=;connect.sid;=a;connect.sid=%;connect.sid="', 'Cookie: a=%zz']),
  ],
  [
    'a cookie that reaches for prototypes',
    get('/api/mind/profile', ['Cookie: __proto__=a; connect.sid=b; constructor=c']),
  ],
  ['on behalf of nobody', get('/api/mind/profile', [bearer, 'X-Enneo-On-Behalf-Of: 1e999'])],
  [
    'on behalf of two',
    get('/api/mind/profile', [bearer, 'X-Enneo-On-Behalf-Of: 2', 'X-Enneo-On-Behalf-Of: 3']),
  ],
  ['a bad sandbox', get('/api/mind/profile', [bearer, 'X-Mock-Sandbox: a/../b'])],
  ['two sandboxes', get('/api/mind/profile', [bearer, 'X-Mock-Sandbox: a', 'X-Mock-Sandbox: b'])],
  ['a sandbox named __proto__', get('/api/mind/profile', [bearer, 'X-Mock-Sandbox: __proto__'])],
  ['a preference of nonsense', get('/api/mind/profile', [bearer, 'Prefer: code=99999999999999999999'])],
  ['a preference without a value', get('/api/mind/profile', [bearer, 'Prefer: code=, code, ;;="'])],
  ['an origin of nonsense', get('/api/mind/profile', [bearer, 'Origin: http://['])],
]

const bodies: Hostile[] = [
  ['an empty body', patch('')],
  ['no body', requestText('PATCH', '/api/mind/profiles', [bearer, json])],
  ['a byte order mark', patch('\ufeff{"profiles":[]}')],
  [
    'gzip',
    Buffer.concat([
      Buffer.from(
        patch('', [bearer, json, 'Content-Encoding: gzip']).replace(
          'Content-Length: 0',
          `Content-Length: ${gzipSync('{"profiles":[]}').length}`,
        ),
      ),
      gzipSync('{"profiles":[]}'),
    ]),
  ],
  [
    'bytes that are no UTF-8',
    Buffer.concat([Buffer.from(patch('xxxx').slice(0, -4)), Buffer.from([0xff, 0xfe, 0x22, 0x00])]),
  ],
  ...[
    'null',
    '1',
    '"a"',
    '[]',
    '{',
    '{"profiles"',
    '{"profiles":{}}',
    '{"profiles":[null,1,"a",[],{}]}',
    'NaN',
    "{'profiles':[]}",
  ].map((body): Hostile => [`body ${body}`, patch(body)]),
  ['deep rawData', item(`"rawData":${deepObject}`)],
  ['a deep array in rawData', item(`"rawData":{"a":${deepArray}}`)],
  ['a deep unknown key', item(`"unknown":${deepObject}`)],
  ['deep settings', item(`"settings":{"unknown":${deepArray}}`)],
  ['deep instead of a body', patch(deepArray)],
  ['deep with a forbidden key', patch(deep('{"a":', '}', '{"__proto__":1}'))],
  ['deep for one profile', patch(`{"rawData":${deepObject}}`, [bearer, json], '/api/mind/profile/5')],
  [
    'huge numbers',
    item('"roleId":1e999,"settings":{"roleId":1e999,"teamIds":[-1e999,1e308,12345678901234567890]}'),
  ],
  ['huge numbers in rawData', item('"rawData":{"a":1e999,"b":-0,"c":1e-999}')],
  ['a huge id', patch('{"profiles":[{"id":1e999},{"id":9007199254740993},{"id":-0}]}')],
  ['lone surrogates', item('"firstName":"\\ud800","rawData":{"\\udc00":"\\udfff\\ud83d"}')],
  ['lone surrogates in an enum', item('"settings":{"status":"\\ud800\\u0000\\r\\n"}')],
  ['NUL bytes', item('"lastName":"a\\u0000b","rawData":{"\\u0000":"\\u0000"}')],
  ['a raw control character', item('"lastName":"a\u0001b"')],
  ['__proto__', item('"rawData":{"__proto__":{"polluted":1}}')],
  ['escaped __proto__', item('"rawData":{"\\u005f_proto__":{"polluted":1}}')],
  ['constructor.prototype', item('"rawData":{"constructor":{"prototype":{"polluted":1}}}')],
  [
    'inherited names in rawData',
    item('"rawData":{"toString":null,"hasOwnProperty":1,"constructor":"a","valueOf":{"toString":{}}}'),
  ],
  [
    'inherited names as keys',
    item('"toString":1,"hasOwnProperty":{},"settings":{"constructor":1,"valueOf":null,"isPrototypeOf":[]}'),
  ],
  ['a long text for an enum', item(`"settings":{"status":"${'x'.repeat(1_000_000)}"}`)],
  ['a long key', item(`"${'k'.repeat(1_000_000)}":1,"rawData":{"${'k'.repeat(100_000)}":{"password":1}}`)],
  ['10,000 unknown keys', item(Array.from({ length: 10_000 }, (_, index) => `"k${index}":1`).join())],
  ['100,000 empty items', patch(`{"profiles":[${Array(100_000).fill('{}').join()}]}`)],
  ['100,000 items of nobody', patch(`{"profiles":[${Array(100_000).fill('{"id":99}').join()}]}`)],
  ['100,000 bad team ids', item(`"settings":{"teamIds":[${Array(100_000).fill('"x"').join()}]}`)],
  ['the same key 100,000 times', item(Array(100_000).fill('"lang":"de"').join())],
]

const admin = (method: string, path: string, body: string): Hostile => [
  `${method} /__admin${path} ${body.slice(0, 40)}`,
  requestText(method, `/__admin${path}`, [json], body),
]
const control: Hostile[] = [
  admin('POST', '/tokens', '{"persona":"__proto__"}'),
  admin('POST', '/tokens', '{"userId":1e999}'),
  admin('POST', '/tokens', '{"userId":1,"expiresIn":9007199254740991}'),
  admin('POST', '/tokens', '{"userId":1,"expiresIn":1e308}'),
  admin('POST', '/tokens', `{"persona":${deepArray}}`),
  admin('POST', '/tokens', '{"__proto__":1}'),
  admin('PUT', '/state', deepArray),
  admin(
    'PUT',
    '/state',
    `{"personas":{},"roles":[],"teams":[],"profiles":[{"id":1,"settings":{},"rawData":${deepObject}}]}`,
  ),
  admin('PUT', '/state', `{"personas":{"a":${deepObject}}}`),
  admin('POST', '/requests/find', `{"body":${deepObject}}`),
  admin('POST', '/requests/find', `{"body":{"profiles":${deepArray}}}`),
  admin('POST', '/requests/count', '{"path":"\\ud800","status":1e999}'),
  admin('POST', '/requests/count', '{"body":{"toString":1}}'),
  admin('POST', '/settings', '{"delay":"9999999999999-1"}'),
  admin('POST', '/settings', '{"delay":1e999}'),
  admin('PUT', '/scenario', '{"name":"constructor"}'),
  admin('POST', '/faults', `{"match":${deepObject}}`),
  admin('POST', '/faults', '{"status":99999}'),
  admin('POST', '/faults', '{"status":0,"times":-1}'),
  admin('DELETE', '/faults/__proto__', ''),
  admin('POST', '/snapshots/__proto__/restore', ''),
  admin('POST', '/snapshots/a%2f..%2fb', ''),
]

/** Every place where somebody could send a secret. */
const secrets: Hostile[] = [
  ['a password', item(`"password":"${secret}"`)],
  ['a password that is a list', item(`"password":["${secret}"]`)],
  ['an image that is no base64', item(`"image":"${secret}!"`)],
  ['a password deep in rawData', item(`"rawData":{"logins":[{"password":"${secret}","Token":"${secret}"}]}`)],
  [
    'a password in settings',
    item(`"settings":{"password":"${secret}","skills":{"accessToken":"${secret}"}}`),
  ],
  ['a password beside the items', patch(`{"password":"${secret}","profiles":[]}`)],
  ['a password beside a bad item', patch(`{"profiles":[{"password":"${secret}"},{"id":"${text}"}]}`)],
  [
    'a password of a profile by path',
    patch(`{"password":"${secret}","rawData":{"cookie":"${secret}"}}`, [bearer, json], '/api/mind/profile/5'),
  ],
  ['a password in broken JSON', patch(`{"profiles":[{"id":5,"password":"${secret}"`)],
  ['a password in broken JSON of the control plane', admin('POST', '/tokens', `{"password": ${secret}`)[1]],
  ['a password with a forbidden key', patch(`{"password":"${secret}","__proto__":{}}`)],
  ['a text for a number', item(`"settings":{"roleId":"${text}"}`)],
  ['a text for a list', item(`"settings":{"teamIds":"${text}"}`)],
  ['a bearer token', get('/api/mind/profile', [`Authorization: Bearer ${secret}`])],
  ['basic credentials', get('/api/mind/profile', [`Authorization: Basic ${secret}`])],
  ['a cookie', get('/api/mind/profile', [`Cookie: connect.sid=${secret}; other=${secret}`])],
  [
    'headers',
    get('/api/mind/profile', [
      bearer,
      `Password: ${secret}`,
      `X-Api-Key: ${secret}`,
      `Proxy-Authorization: ${secret}`,
      `Referer: http://a/?token=${secret}`,
    ]),
  ],
  ['a query', get(`/api/mind/profiles?password=${secret}&Token=${secret}&access_token[]=${secret}`)],
  ['a nested query key', get(`/api/mind/profiles?user[password]=${secret}`)],
  ['a query of an unknown path', get(`/api/mind/nothing?password=${secret}`, [])],
  ['a query of a refused call', get(`/api/mind/profiles?authorization=${secret}`, [])],
  ['a query of a sandbox', get(`/__sandbox/a/api/mind/profiles?cookie=${secret}`)],
  ['a query beside the API', get(`/elsewhere?password=${secret}`)],
  ['a header that is no HTTP', get('/api/mind/profile', [`Authorization: Bearer ${secret}\x00`])],
  ['a length that is none', patch('{}', [`Content-Length: ${secret}`])],
  ['the control plane', admin('POST', '/tokens', `{"persona":"admin","password":"${secret}"}`)[1]],
  [
    'a seed with a password',
    admin(
      'PUT',
      '/state',
      `{"personas":{},"roles":[],"teams":[],"profiles":[{"id":1,"settings":{},"password":"${secret}","rawData":{"token":"${secret}"}}]}`,
    )[1],
  ],
]

/** Bodies with pieces of nonsense put in, the same ones in every run. */
function mutations(count: number): Hostile[] {
  let state = 42
  const below = (limit: number) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state % limit
  }
  const good =
    '{"profiles":[{"id":5,"firstName":"a","settings":{"status":"busy","teamIds":[1,2],"roleId":2},"rawData":{"a":{"b":[null]}}}]}'
  const pieces = [
    '{',
    '}',
    '[',
    ']',
    '"',
    ',',
    ':',
    'null',
    '1e999',
    '-',
    '\\u0000',
    '\\ud800',
    '\u0000',
    '{}',
    '[[]]',
    '"__proto__":',
    'true',
    '5',
    ' ',
  ]
  return Array.from({ length: count }, (_, index) => {
    let body = good
    for (let change = 0; change <= below(4); change += 1) {
      const at = below(body.length)
      body = body.slice(0, at) + pieces[below(pieces.length)] + body.slice(at + below(6))
    }
    return [`mutation ${index}`, patch(body)]
  })
}

/** What nobody should send, by kind. */
export const hostileRequests: Record<string, Hostile[]> = {
  paths,
  protocols,
  headers,
  bodies,
  'control plane': control,
  secrets,
  mutations: mutations(200),
}
