import cookie from '@fastify/cookie'
import jwt from '@fastify/jwt'
import { enneoMock } from 'enneo-mock'
import Fastify from 'fastify'

/** Your application, with its own sign-in; the mock lives below /mock and leaves it alone. */
export async function createApp() {
  const app = Fastify()
  await app.register(cookie)
  await app.register(jwt, { secret: 'of the application', cookie: { cookieName: 'session', signed: false } })

  app.post('/login', async (_request, reply) => {
    const token = app.jwt.sign({ name: 'Ada' })
    return reply.setCookie('session', token, { path: '/' }).send({ token })
  })
  app.get('/me', { onRequest: (request) => request.jwtVerify() }, async ({ user }) => ({ name: user.name }))

  await app.register(enneoMock, { prefix: '/mock' })
  return app
}
