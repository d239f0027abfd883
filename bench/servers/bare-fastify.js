// The least a Fastify server can do for a bulk change: its own body parser, one result per item, nothing checked.
import Fastify from 'fastify'

const app = Fastify({ bodyLimit: 32 * 1024 * 1024 })
app.patch('/api/mind/profiles', async ({ body }) => ({
  results: body.profiles.map(({ id }) => ({ id, success: true })),
}))

await app.listen({ port: Number(process.argv[2]), host: '127.0.0.1' })
