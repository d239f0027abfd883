// The least a node:http server can do for a bulk change: parse the body, answer one result per item.
import { createServer } from 'node:http'

createServer((request, response) => {
  if (request.method !== 'PATCH') return response.writeHead(404).end()
  const chunks = []
  request.on('data', (chunk) => chunks.push(chunk))
  request.on('end', () => {
    const { profiles } = JSON.parse(Buffer.concat(chunks).toString())
    const body = JSON.stringify({ results: profiles.map(({ id }) => ({ id, success: true })) })
    response.writeHead(200, {
      'content-type': 'application/json; charset=utf-8',
      'content-length': Buffer.byteLength(body),
    })
    response.end(body)
  })
}).listen(Number(process.argv[2]), '127.0.0.1')
