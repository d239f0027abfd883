import t from 'tap'
import { didYouMean, meantPath } from '../../src/http/meant-path.ts'
import { createMock } from '../../src/library/create-mock.ts'

const meant: [path: string, address: string][] = [
  ['/profiles', '/api/mind/profiles'],
  ['/profiles/', '/api/mind/profiles'],
  ['/api/mind/profiles/', '/api/mind/profiles'],
  ['/api/mind//profiles', '/api/mind/profiles'],
  ['/api/mind/Profiles', '/api/mind/profiles'],
  ['/API/MIND/profiles', '/api/mind/profiles'],
  ['/api/mind/api/mind/profiles', '/api/mind/profiles'],
  ['/mind/profiles', '/api/mind/profiles'],
  ['/api/v1/profile/5', '/api/mind/profile/5'],
  ['/profile/5/supersetroles', '/api/mind/profile/5/supersetRoles'],
  ['/api/mind/state', '/__admin/state'],
  ['/__admin/state/', '/__admin/state'],
  ['/admin/Reset', '/__admin/reset'],
  ['/__admin/api/health', '/__admin/health'],
  ['/health', '/api/mind/health'],
  ['/__admin/snapshots/a/', '/__admin/snapshots/a'],
]

for (const [path, address] of meant) {
  t.test(`who calls ${path} probably means ${address}`, async (t) => {
    t.equal(meantPath(path), address)
    t.equal(didYouMean(path, '/mock'), `; did you mean /mock${address}?`)
  })
}

t.test('of what is like nothing, or known already, nothing is said', async (t) => {
  for (const path of ['/', '', '/favicon.ico', '/profile/x', '/profiles/5/6', '/__admin/state/profiles/5']) {
    t.equal(didYouMean(path), '', path)
  }
})

t.test('whoever answers an unknown address names the one that was meant', async (t) => {
  const mock = await createMock({ listen: false })
  t.teardown(() => mock.close())
  for (const [path, address] of [
    ['/profiles', '/api/mind/profiles'],
    ['/api/mind/profiles/?q=x', '/api/mind/profiles'],
    ['/__admin/tokens/', '/__admin/tokens'],
    ['/__sandbox/a/profiles', '/api/mind/profiles'],
  ]) {
    const answer = await mock.inject({ method: 'POST', url: path as string })
    t.equal(answer.statusCode, 404)
    t.match(answer.json().message, new RegExp(`; did you mean ${address}\\?$`))
  }
})
