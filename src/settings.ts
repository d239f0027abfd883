import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { isIP } from 'node:net'
import { extname } from 'node:path'
import { URL } from 'node:url'
import { parseJson, parseYaml } from './values/document-syntax.ts'
import { documentText } from './values/document-text.ts'

/** A setting that cannot be used; the message is one sentence that says what to do. */
export class SettingsError extends Error {}

type Spec<T> = {
  /** Placeholder of the value; none for a switch. */
  value?: string
  /** Variables that set it, first one first. */
  env: readonly string[]
  help: string
  /** @throws an Error that says what is expected, to follow "--flag must be" */
  parse: (text: string) => T
}

/** With a default it is always set. */
type Always<T> = Spec<T> & { default: T; isList?: never }
type Maybe<T> = Spec<T> & { default?: never; isList?: never }
type List<T> = Spec<T> & { default: readonly T[]; isList: true }

const always = <T>(option: Spec<T> & { default: NoInfer<T> }): Always<T> => option
const maybe = <T>(option: Spec<T>): Maybe<T> => option
const list = <T>(option: Spec<T>): List<T> => ({ ...option, default: [], isList: true })

function text(value: string): string {
  if (value === '') throw new Error('a text that is not empty')
  return value
}

/** Reads a whole number. @throws an Error that says what is expected, to follow "must be" */
export function wholeNumber(from: number, to: number) {
  return (value: string): number => {
    const number = Number(value)
    if (!/^\d+$/.test(value) || number < from || number > to) {
      throw new Error(`a whole number from ${from} to ${to}`)
    }
    return number
  }
}

/** The value of a flag that is a whole number. @throws {SettingsError} */
export function numberFlag(flag: string, text: string, from: number, to: number): number {
  try {
    return wholeNumber(from, to)(text)
  } catch (error) {
    throw new SettingsError(`${flag} must be ${(error as Error).message}.`)
  }
}

function oneOf<const Choice extends string>(...choices: Choice[]) {
  return (value: string): Choice => {
    const choice = choices.find((name) => name === value)
    if (choice === undefined) throw new Error(`one of ${choices.join(', ')}`)
    return choice
  }
}

const switchedOn = (value: string) => oneOf('true', 'false')(value) === 'true'

/** Pages of apps and extensions have schemes of their own; what these send is `null`, or they have no pages. */
const withoutOrigin = /^(?:file|data|blob|about|javascript|ftp|wss?):/

/** [cors.listed] The `Origin` header to the letter; what no browser can ever send is refused. */
function origin(value: string): string {
  const { protocol, host, origin } = URL.canParse(value) ? new URL(value) : new URL('about:blank')
  const sent = /^https?:$/.test(protocol) ? origin : `${protocol}//${host}`
  if (host === '' || value.includes('*') || withoutOrigin.test(value) || sent !== value)
    throw new Error(
      'an origin such as https://app.example.com or capacitor://localhost, without a path or a *',
    )
  return value
}

function storeAddress(value: string): string {
  const isDatabase = /^postgres(ql)?:\/\//.test(value) && URL.canParse(value)
  if (!isDatabase && !/^pglite:./.test(value))
    throw new Error('pglite:<folder> or postgres://<user>@<host>/<database>')
  return value
}

function network(value: string): string {
  const [address = '', bits, ...rest] = value.split('/')
  const most = { 0: -1, 4: 32, 6: 128 }[isIP(address)] as number
  const hasBits = bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= most)
  if (most < 0 || !hasBits || rest.length > 0)
    throw new Error('an address such as 10.0.0.2, or a network such as 10.0.0.0/8')
  return value
}

function jsonFile(value: string): string {
  if (extname(value) !== '.json') throw new Error('a file that ends in .json')
  return value
}

/** The settings by name; their types, flags, variables, file keys, help and README's table all come from here. */
export const options = {
  port: always({
    value: 'number',
    env: ['MOCK_PORT', 'PORT'],
    default: 8005,
    help: 'port to listen on; 0 takes a free one',
    parse: wholeNumber(0, 65_535),
  }),
  host: always({
    value: 'address',
    env: ['MOCK_HOST'],
    default: '127.0.0.1',
    help: 'address to listen on',
    parse: text,
  }),
  httpsCert: maybe({
    value: 'file',
    env: ['MOCK_HTTPS_CERT'],
    help: 'certificate (PEM); with --https-key the mock speaks HTTPS',
    parse: text,
  }),
  httpsKey: maybe({
    value: 'file',
    env: ['MOCK_HTTPS_KEY'],
    help: 'private key (PEM) of the certificate',
    parse: text,
  }),
  seed: maybe({
    value: 'file',
    env: ['MOCK_SEED'],
    help: 'seed document, JSON or YAML, instead of the built-in one',
    parse: text,
  }),
  watch: always({
    env: ['MOCK_WATCH'],
    default: false,
    help: 'begin anew whenever the seed file changes; a broken edit keeps the last good state',
    parse: switchedOn,
  }),
  store: maybe({
    value: 'address',
    env: ['MOCK_STORE'],
    help: 'where state is kept: pglite:<folder> or postgres://<user>@<host>/<database>; in memory when absent',
    parse: storeAddress,
  }),
  persist: maybe({
    value: 'file',
    env: ['MOCK_PERSIST'],
    help: 'JSON file that the default world is read from and written to, every 2 seconds and on stop',
    parse: jsonFile,
  }),
  reseed: always({
    env: ['MOCK_RESEED'],
    default: false,
    help: 'begin anew with the seed where --store or --persist holds data',
    parse: switchedOn,
  }),
  auth: always({
    value: 'mode',
    env: ['MOCK_AUTH'],
    default: 'strict',
    help: 'strict: tokens are checked; any: every decodable token is believed; off: every call is profile 1',
    parse: oneOf('strict', 'any', 'off'),
  }),
  vendorRules: always({
    env: ['MOCK_VENDOR_RULES'],
    default: false,
    help: "also check the vendor's per-field permissions, role ceiling and what a caller may see",
    parse: switchedOn,
  }),
  selfCheck: always({
    env: ['MOCK_SELF_CHECK'],
    default: false,
    help: 'hold every answer against the document, and tell what breaks it in log and journal',
    parse: switchedOn,
  }),
  jwtSecret: maybe({
    value: 'secret',
    env: ['MOCK_JWT_SECRET'],
    help: 'secret that tokens are signed with (HS256)',
    parse: text,
  }),
  corsOrigin: list({
    value: 'origin',
    env: ['MOCK_CORS_ORIGIN'],
    help: 'origin to trust besides localhost; can be given several times',
    parse: origin,
  }),
  bodyLimit: always({
    value: 'bytes',
    env: ['MOCK_BODY_LIMIT'],
    default: 32 * 1024 * 1024,
    help: 'largest body',
    parse: wholeNumber(1, 256 * 1024 * 1024),
  }),
  logLevel: always({
    value: 'level',
    env: ['MOCK_LOG_LEVEL'],
    default: 'info',
    help: 'what to log: debug shows every call, info refused and remarkable ones, to people every one',
    parse: oneOf('debug', 'info', 'warn', 'error', 'silent'),
  }),
  logFormat: always({
    value: 'format',
    env: ['MOCK_LOG_FORMAT'],
    default: 'auto',
    help: 'pretty: a line for people per call; json: an object; auto: pretty at a terminal, else json',
    parse: oneOf('auto', 'pretty', 'json'),
  }),
  drain: always({
    value: 'seconds',
    env: ['MOCK_DRAIN'],
    default: 0,
    help: 'how long calls are still taken after SIGTERM, while GET /__admin/health/ready says 503',
    parse: wholeNumber(0, 600),
  }),
  requireSandbox: always({
    env: ['MOCK_REQUIRE_SANDBOX'],
    default: false,
    help: 'refuse calls that name no sandbox',
    parse: switchedOn,
  }),
  maxSandboxes: always({
    value: 'number',
    env: ['MOCK_MAX_SANDBOXES'],
    default: 100,
    help: 'how many sandboxes are kept; the one used longest ago makes room',
    parse: wholeNumber(1, 10_000),
  }),
  journalLimit: always({
    value: 'bytes',
    env: ['MOCK_JOURNAL_LIMIT'],
    default: 128 * 1024 * 1024,
    help: 'what the journals of all worlds may hold together; the oldest calls of the largest make room',
    parse: wholeNumber(1024 * 1024, 16 * 1024 * 1024 * 1024),
  }),
  demo: maybe({
    value: 'minutes',
    env: ['MOCK_DEMO'],
    help: 'open to visitors, each in a sandbox of their own; everything begins anew every so many minutes',
    parse: wholeNumber(1, 10_080),
  }),
  trustedProxy: list({
    value: 'address',
    env: ['MOCK_TRUSTED_PROXY'],
    help: 'address or network (CIDR) of a balancer that says where calls came from; can be given several times',
    parse: network,
  }),
  adminApiToken: maybe({
    value: 'token',
    env: ['MOCK_ADMIN_API_TOKEN'],
    help: 'token of the control plane beyond loopback; made up when absent',
    parse: text,
  }),
  disableAdminApi: always({
    env: ['MOCK_DISABLE_ADMIN_API'],
    default: false,
    help: 'remove the control plane, except for its health',
    parse: switchedOn,
  }),
}

type Options = typeof options
type ValueOf<Option> = Option extends Always<infer T> | Maybe<infer T>
  ? T
  : Option extends List<infer T>
    ? readonly T[]
    : never

/** How the mock runs. Every setting has a flag, an environment variable and a key in the configuration file. */
export type Settings = {
  [N in keyof Options as Options[N] extends Maybe<unknown> ? never : N]: ValueOf<Options[N]>
} & { [N in keyof Options as Options[N] extends Maybe<unknown> ? N : never]?: ValueOf<Options[N]> }

type Name = keyof Settings
const names = Object.keys(options) as Name[]

/** `bodyLimit` → `--body-limit` */
export const flagOf = (name: string) => `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`

/** Values by setting, as they were written: a list for a list, text for the rest. */
export type Given = Partial<Record<Name, string | readonly string[]>>

export type Sources = {
  flags: Given
  file?: Given
  env?: Readonly<Record<string, string | undefined>>
}

/** 1. flag, 2. environment, 3. file, 4. default. @throws {SettingsError} */
export function resolveSettings({ flags, file = {}, env = process.env }: Sources): Settings {
  const settings: Record<string, unknown> = {}
  for (const name of names) {
    const option = options[name]
    const variable = option.env.find((key) => env[key] !== undefined && env[key] !== '')
    const given =
      flags[name] ??
      (variable === undefined ? undefined : fromEnvironment(option, env[variable] as string)) ??
      file[name]
    const source =
      flags[name] !== undefined ? flagOf(name) : (variable ?? `${name} in the configuration file`)
    const value = given === undefined ? option.default : parseGiven(option, given, source)
    if (value !== undefined) settings[name] = value
  }
  return settings as Settings
}

/** Settings from typed values, checked by the same rules; nothing comes from the environment or a file. */
export function settingsFrom(values: Partial<Settings>): Settings {
  const flags = Object.entries(values)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => [name, Array.isArray(value) ? value.map(String) : String(value)])
  return resolveSettings({ flags: Object.fromEntries(flags), env: {} })
}

type Option = (typeof options)[Name]

const fromEnvironment = (option: Option, value: string) =>
  option.isList ? value.split(',').map((part) => part.trim()) : value

function parseGiven(option: Option, given: string | readonly string[], source: string): unknown {
  try {
    if (option.isList) return [given].flat().map((value) => option.parse(value))
    return option.parse(typeof given === 'string' ? given : '')
  } catch (error) {
    throw new SettingsError(`${source} must be ${(error as Error).message}.`)
  }
}

/** Looked for in the working directory when no file is named. */
const configFiles = ['enneo-mock.config.json', 'enneo-mock.config.yaml', 'enneo-mock.config.yml']

/** The named configuration file, or the one in the working directory if there is any. @throws {SettingsError} */
export async function findConfigFile(named = process.env.MOCK_CONFIG): Promise<Given> {
  const path = named || configFiles.find((name) => existsSync(name))
  return path === undefined ? {} : readConfigFile(path)
}

/** The configuration file, JSON or YAML: an object with the settings' names as keys. @throws {SettingsError} */
async function readConfigFile(path: string): Promise<Given> {
  const content = await readDocument(path, 'configuration')
  if (typeof content !== 'object' || content === null || Array.isArray(content)) {
    throw new SettingsError(`The configuration file ${path} must hold an object.`)
  }
  const unknown = Object.keys(content).find((key) => !names.includes(key as Name))
  if (unknown !== undefined) {
    throw new SettingsError(
      `The configuration file ${path} has the unknown key ${unknown}; known are ${names.join(', ')}.`,
    )
  }
  return Object.fromEntries(
    Object.entries(content).map(([key, value]) => [
      key,
      Array.isArray(value) ? value.map(scalarText) : scalarText(value),
    ]),
  )
}

/** A number or a word as it would be written as a flag; what is neither becomes empty text, which no setting takes. */
const scalarText = (value: unknown) =>
  ['string', 'number', 'boolean'].includes(typeof value) ? String(value) : ''

/** A JSON or YAML file, told apart by its ending. @throws {SettingsError} when it is missing or unreadable */
export async function readDocument(path: string, what: string): Promise<unknown> {
  const bytes = await readFile(path).catch((error: NodeJS.ErrnoException) => {
    throw new SettingsError(`The ${what} file ${path} cannot be read (${error.code}).`)
  })
  const content = textOf(bytes, `The ${what} file ${path}`)
  const isJson = extname(path) === '.json'
  const { value, problem } = await (isJson ? parseJson(content) : parseYaml(content))
  if (problem === undefined) return value
  throw new SettingsError(`The ${what} file ${path} is not valid ${isJson ? 'JSON' : 'YAML'}${problem}.`)
}

// [seed.encoding]
function textOf(bytes: Uint8Array, file: string): string {
  try {
    return documentText(bytes)
  } catch {
    throw new SettingsError(`${file} is not UTF-8; save it as UTF-8, or as UTF-16 with a byte order mark.`)
  }
}
