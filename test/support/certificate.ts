import { execFileSync } from 'node:child_process'

/** A throw-away certificate for localhost, or why there is none. */
export function makeCertificate(folder: string): string | undefined {
  const args = [
    'req',
    '-x509',
    '-newkey',
    'ec',
    '-pkeyopt',
    'ec_paramgen_curve:prime256v1',
    '-nodes',
    '-days',
    '2',
  ]
  const files = ['-keyout', `${folder}/key.pem`, '-out', `${folder}/cert.pem`]
  try {
    execFileSync('openssl', [...args, '-subj', '/CN=localhost', ...files], { stdio: 'pipe' })
    return undefined
  } catch (error) {
    return `no certificate could be made with openssl: ${(error as Error).message}`
  }
}
