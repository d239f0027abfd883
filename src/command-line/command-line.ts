import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { writeFile } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { Command, CommanderError } from 'commander'
import { addCoverageCommand } from '../checks/coverage/command.ts'
import { addDriftCommand } from '../checks/drift/command.ts'
import { addVerifyCommand } from '../checks/verify/command.ts'
import {
  findConfigFile,
  flagOf,
  type Given,
  numberFlag,
  options,
  resolveSettings,
  type Settings,
  SettingsError,
} from '../settings.ts'
import { closeMock, type StartedMock, startMock } from '../start.ts'
import { packageInfo } from '../values/package-info.ts'
import { visible } from '../values/visible.ts'
import { banner } from './banner.ts'
import { CommandEnd } from './command-end.ts'
import { checkHealth } from './health.ts'
import { printToken } from './token.ts'

/**
 * Runs one command. Resolves with the exit code: 0 when all went well, 1 after one sentence on standard error; a check
 * that could not run gives 2. `onServing` is called when a server has taken calls for a second, or ends earlier.
 */
export async function runCommandLine(args: readonly string[], onServing = () => {}): Promise<number> {
  try {
    await program(onServing).parseAsync(args, { from: 'user' })
    return 0
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode
    if (!(error instanceof SettingsError || error instanceof CommandEnd)) throw error
    if (error.message !== '') console.error(error.message)
    return error instanceof CommandEnd ? error.exitCode : 1
  }
}

function program(onServing: () => void): Command {
  const root = new Command('enneo-mock')
    .description("Local mock of the enneo.MIND API's bulk profile update. Unofficial.")
    .version(packageInfo.version)
    .exitOverride()
    .configureOutput({ outputError: (text, write) => write(`${inOneSentence(text)}\n`) })
    .addHelpText(
      'after',
      '\nA flag wins over its environment variable, and that over the configuration file.',
    )
    .helpCommand(true)
    .allowExcessArguments(true)
    .action(async (flags: Given & { config?: string }, { args: [unknown], commands }: Command) => {
      if (unknown === undefined) return serve(await settingsOf(flags), onServing)
      const known = commands.map((command) => command.name()).join(', ')
      throw new SettingsError(
        `There is no command ${visible(unknown)}; there are ${known}, and none to start.`,
      )
    })
  addSettings(root, Object.keys(options) as (keyof Settings)[])

  const token = root
    .command('token')
    .description('print a token to sign in with')
    .argument('<who>', 'persona of the seed, or a profile id')
    .action(async (who: string, _own: object, command: Command) =>
      printToken(who, await settingsOf(command.optsWithGlobals()), Date.now),
    )
  token.copyInheritedSettings(root)

  const health = root
    .command('health')
    .description('ask whether the mock with these settings answers: exit 0 if it does')
    .action(async (_own: object, command: Command) =>
      checkHealth(await settingsOf(command.optsWithGlobals())),
    )
  health.copyInheritedSettings(root)

  const seed = root
    .command('seed')
    .description('make a large seed document: the same one for the same numbers')
    .requiredOption('--profiles <number>', 'how many profiles, at least 4')
    .option('--random-seed <number>', 'another number makes other people', '1')
    .option('--out <file>', 'where to write it; else to standard output')
    .action(async (given: { profiles: string; randomSeed: string; out?: string }) => makeSeed(given))
  seed.copyInheritedSettings(root)

  addCoverageCommand(root, (command) => settingsOf(command.optsWithGlobals()))
  addDriftCommand(root)
  addVerifyCommand(root)
  for (const command of root.commands) command.allowExcessArguments(false)
  return root
}

/** The library puts its suggestion on a line of its own. */
const inOneSentence = (text: string) =>
  text
    .trim()
    .replace(/^error: /, '')
    .replace(/\n\s*\(Did you mean (.*)\?\)$/, '; did you mean $1?')

function addSettings(command: Command, names: (keyof Settings)[]): void {
  command.option(
    '--config <file>',
    `configuration file, JSON or YAML (MOCK_CONFIG; else enneo-mock.config.json or .yaml here)`,
  )
  for (const name of names) {
    const { value, env, isList, default: fallback, help } = options[name]
    const flag = value === undefined ? flagOf(name) : `${flagOf(name)} <${value}>`
    const known = [...env, ...(fallback === undefined || isList ? [] : [`default ${fallback}`])].join(', ')
    if (isList) command.option(flag, `${help} (${known})`, (entry, list: string[] = []) => [...list, entry])
    else command.option(flag, `${help} (${known})`)
  }
}

async function settingsOf({ config, ...flags }: Given & { config?: string }): Promise<Settings> {
  const given = Object.fromEntries(
    Object.entries(flags).map(([name, value]) => [name, typeof value === 'boolean' ? String(value) : value]),
  )
  return resolveSettings({ flags: given, file: await findConfigFile(config) })
}

type SeedFlags = { profiles: string; randomSeed: string; out?: string }

async function makeSeed({ profiles, randomSeed, out }: SeedFlags): Promise<void> {
  const { fewestProfiles, generateSeed } = await import('../seed/generate-seed.ts')
  const size = {
    profiles: numberFlag('--profiles', profiles, fewestProfiles, mostProfiles),
    randomSeed: numberFlag('--random-seed', randomSeed, 0, Number.MAX_SAFE_INTEGER),
  }
  const text = `${JSON.stringify(await generateSeed(size))}\n`
  if (out === undefined) {
    process.stdout.write(text)
    return
  }
  await writeFile(out, text).catch((error: NodeJS.ErrnoException) => {
    throw new SettingsError(`The file ${out} cannot be written (${error.code}).`)
  })
  console.error(`${out} holds ${size.profiles} profiles; start with --seed ${out}`)
}

/** A larger document would not fit into one string. */
const mostProfiles = 500_000

async function serve(settings: Settings, onServing: () => void): Promise<void> {
  const mock = await startMock(settings, {
    now: () => Date.now(),
    random: Math.random,
    randomSecret: () => randomBytes(24).toString('base64url'),
  })
  // Who reads the banner may stop the mock at once.
  const end = stopped(mock, settings.drain * 1000)
  console.log(banner(mock))
  // Work that may take long belongs where nobody waits for it, and not into the first calls.
  await Promise.race([end, sleep(1000, undefined, { ref: false })])
  onServing()
  await end
}

/**
 * [health.drain] Resolves when a signal has closed the server: whoever asks is told first, and running requests finish. People at a
 * terminal do not wait, nor does who asks twice.
 */
async function stopped({ app, announceStop }: StartedMock, drainMs: number): Promise<void> {
  const interrupted = once(process, 'SIGINT')
  await Promise.race([interrupted, once(process, 'SIGTERM')])
  if (drainMs > 0) {
    announceStop()
    // The server holds the process; a wait that is cut short must not.
    await Promise.race([interrupted, once(process, 'SIGTERM'), sleep(drainMs, undefined, { ref: false })])
  }
  await closeMock(app, drainMs)
}
