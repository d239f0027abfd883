// MSW is no server: one handler written for this call, asked by node:http.
import { createServer } from 'node:http'
import { getResponse, HttpResponse, http } from 'msw'

const handlers = [
  http.patch('*/profiles', async ({ request }) => {
    const { profiles } = await request.json()
    return HttpResponse.json({ results: profiles.map(({ id }) => ({ id, success: true })) })
  }),
]

createServer((request, response) => {
  const chunks = []
  request.on('data', (chunk) => chunks.push(chunk))
  request.on('end', async () => {
    const { method, url, headers } = request
    const body = method === 'GET' ? undefined : Buffer.concat(chunks)
    const answer = await getResponse(
      handlers,
      new Request(`http://localhost${url}`, { method, headers, body }),
    )
    response.writeHead(answer?.status ?? 404, Object.fromEntries(answer?.headers ?? []))
    response.end(await answer?.text())
  })
}).listen(Number(process.argv[2]), '127.0.0.1')
