/* global SwaggerUIBundle */
import { apiBase, session, tokenFor } from './api.js'

const token = await tokenFor(session.persona ?? 'admin').catch(() => undefined)
const ui = SwaggerUIBundle({
  url: `${apiBase.href}/docs/open-api`,
  domNode: document.getElementById('reference'),
  deepLinking: false,
  validatorUrl: null,
  docExpansion: 'list',
  defaultModelsExpandDepth: 0,
  // The document names the real service's servers too; whichever is chosen, the call goes to this mock.
  requestInterceptor: (request) => {
    const { pathname, search } = new URL(request.url, document.baseURI)
    const path = pathname.slice(pathname.indexOf('/api/mind') + '/api/mind'.length)
    request.url = apiBase.href + path + search
    if (session.sandbox !== undefined) request.headers['X-Mock-Sandbox'] = session.sandbox
    return request
  },
  onComplete: () => {
    if (token !== undefined) ui.preauthorizeApiKey('bearerAuth', token)
  },
})
