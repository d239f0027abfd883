import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { FastifyInstance, FastifyReply } from 'fastify'
import { folderOf, pageFolder } from '../values/package-info.ts'

/** [console.policy] The page runs its own files only and talks to this mock only; nobody may frame it. */
const policy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "connect-src 'self'",
  "img-src 'self' data:",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ')

const types: Readonly<Record<string, string>> = {
  html: 'text/html; charset=utf-8',
  css: 'text/css; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
}

export type ConsoleOptions = {
  /** Package that shows an OpenAPI document; it need not be installed. */
  reference?: string
}

type Named = { Params: { file: string } }

/**
 * [console.page] The web page over the control plane: plain files that hold no data, so they need no token; what they
 * show they ask of the control plane. Each is read when it is asked for.
 */
export async function consolePlugin(app: FastifyInstance, options: ConsoleOptions): Promise<void> {
  const referenceFolder = () => folderOf(options.reference ?? 'swagger-ui-dist')
  app.get('/', { prefixTrailingSlash: 'slash' }, (_request, reply) =>
    send(reply, join(pageFolder(), 'index.html')),
  )
  app.get('/', { prefixTrailingSlash: 'no-slash' }, (request, reply) =>
    reply.redirect(`${request.url.replace(/\?.*/, '')}/`),
  )
  app.get<Named>('/console/:file(^[a-z-]+\\.(?:css|js)$)', (request, reply) =>
    send(reply, join(pageFolder(), request.params.file)),
  )

  // [console.reference]
  app.get('/reference', (_request, reply) =>
    send(reply, join(pageFolder(), referenceFolder() ? 'reference.html' : 'no-reference.html')),
  )
  app.get<Named>('/reference/:file(^swagger-ui(?:-bundle\\.js|\\.css)$)', (request, reply) => {
    const folder = referenceFolder()
    return folder === undefined ? reply.callNotFound() : send(reply, join(folder, request.params.file))
  })
}

async function send(reply: FastifyReply, file: string): Promise<Buffer> {
  const text = await readFile(file)
  reply.type(types[file.slice(file.lastIndexOf('.') + 1)] as string).headers({
    'content-security-policy': policy,
    'cache-control': 'no-cache',
    'referrer-policy': 'no-referrer',
    'x-content-type-options': 'nosniff',
    'cross-origin-opener-policy': 'same-origin',
  })
  return text
}
