import type { FastifyInstance } from 'fastify'

/** A `fetch` that calls the mock without a socket. It takes what `fetch` takes. */
export function createInjectFetch(app: FastifyInstance): typeof fetch {
  return async (input, init) => {
    const request = new Request(input, init)
    const { pathname, search, host } = new URL(request.url)
    const body = request.body === null ? undefined : Buffer.from(await request.arrayBuffer())
    const answer = await app.inject({
      method: request.method as 'GET',
      url: pathname + search,
      signal: request.signal,
      headers: { host, ...Object.fromEntries(request.headers) },
      ...(body && { payload: body }),
    })
    const headers = new Headers()
    for (const [name, value] of Object.entries(answer.headers)) {
      for (const entry of [value].flat()) headers.append(name, String(entry))
    }
    const hasBody = ![204, 205, 304].includes(answer.statusCode)
    return new Response(hasBody ? new Uint8Array(answer.rawPayload) : null, {
      status: answer.statusCode,
      headers,
    })
  }
}
