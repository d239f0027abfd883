// openapi-backend as its README shows it: requests checked by the document, answers made from its examples.
import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { OpenAPIBackend } from 'openapi-backend'

const [port, document] = process.argv.slice(2)
const api = new OpenAPIBackend({ definition: JSON.parse(readFileSync(document, 'utf8')) })
const answer = (status, body) => ({ status, body })
api.register({
  validationFail: ({ validation }) => answer(400, { errors: validation.errors }),
  notFound: () => answer(404, {}),
  unauthorizedHandler: () => answer(401, {}),
  notImplemented: ({ api, operation }) => {
    const { status, mock } = api.mockResponseForOperation(operation.operationId)
    return answer(status, mock)
  },
})
api.registerSecurityHandler('bearerAuth', ({ request }) => request.headers.authorization !== undefined)
api.registerSecurityHandler('cookieAuth', ({ request }) => request.headers.cookie !== undefined)
await api.init()

createServer((request, response) => {
  const chunks = []
  request.on('data', (chunk) => chunks.push(chunk))
  request.on('end', async () => {
    const { method, url: path, headers } = request
    const { status, body } = await api.handleRequest({
      method,
      path,
      headers,
      body: Buffer.concat(chunks).toString(),
    })
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
  })
}).listen(Number(port), '127.0.0.1')
