import t from 'tap'
import { createTrustsOrigin, isLoopbackName } from '../../src/http/origins.ts'

const listed = ['http://intern.example', 'capacitor://localhost']
const origins: [origin: string | undefined, host: string | undefined, isTrusted: boolean][] = [
  [undefined, undefined, true],
  [undefined, 'mock.example:8005', true],
  ['http://intern.example', 'mock.example', true],
  ['https://intern.example', 'mock.example', false],
  ['http://intern.example:81', 'mock.example', false],
  ['capacitor://localhost', undefined, true],
  ['ionic://localhost', undefined, false],
  ['file://localhost', undefined, false],
  ['xhttp://localhost', undefined, false],
  ['http://mock.example:8005', 'mock.example:8005', true],
  ['https://mock.example', 'mock.example', true],
  ['http://mock.example:8005', 'mock.example', false],
  ['http://mock.example', undefined, false],
  ['http://localhost', undefined, true],
  ['http://a.b.localhost:1', undefined, true],
  ['http://.localhost', undefined, false],
  ['http://xlocalhost', undefined, false],
  ['http://localhost.example', undefined, false],
  ['http://127.9.9.9', undefined, true],
  ['http://1127.0.0.1.example', undefined, false],
  ['http://[::1]:3000', undefined, true],
  ['http://[::2]', undefined, false],
  ['null', undefined, false],
  ['', undefined, false],
  ['http://', 'mock.example', false],
]

for (const [origin, host, isTrusted] of origins) {
  t.test(`${origin} is ${isTrusted ? '' : 'not '}trusted by ${host}`, async (t) =>
    t.equal(createTrustsOrigin(listed)(origin, host), isTrusted),
  )
}

const names: [name: string, isLoopback: boolean][] = [
  ['localhost', true],
  ['a.localhost', true],
  ['.localhost', false],
  ['127.0.0.1', true],
  ['127.255.255.254', true],
  ['127.0.0', false],
  ['127.0.0.1.1', false],
  ['127.0.0.1000', false],
  ['128.0.0.1', false],
  ['::1', true],
  ['[::1]', true],
  ['::11', false],
  ['', false],
]

for (const [name, isLoopback] of names) {
  t.test(`${JSON.stringify(name)} ${isLoopback ? 'names' : 'does not name'} this machine`, async (t) =>
    t.equal(isLoopbackName(name), isLoopback),
  )
}
