import type { Command } from 'commander'
import { addCheck, CommandEnd, checkFailed, checkFound } from '../../command-line/command-end.ts'
import { isCheckout } from '../../values/package-info.ts'
import { visible } from '../../values/visible.ts'

/** `enneo-mock drift`: what differs between the contract and another document of the API. */
export function addDriftCommand(root: Command): void {
  addCheck(root, 'drift')
    .description('compare an OpenAPI document of the API with the contract of this mock')
    .argument('<document>', 'file or URL; OpenAPI 3.0 or 3.1, YAML or JSON')
    .option('--json', 'print JSON instead of Markdown')
    .addHelpText('after', '\nExit code: 0 no difference, 1 some, 2 the document cannot be read.')
    .action(async (source: string, { json }: { json?: boolean }) => {
      const [
        { openApiDocument },
        { driftOf },
        { readOpenApi },
        { UnreadableDocument },
        { jsonOf, markdownOf },
      ] = await Promise.all([
        import('../../contract/openapi.ts'),
        import('./drift.ts'),
        import('./document.ts'),
        import('./unreadable.ts'),
        import('./report.ts'),
      ])
      const report = async () => {
        const drift = driftOf(openApiDocument(), await readOpenApi(source), isCheckout())
        return { drift, text: json ? jsonOf(drift) : markdownOf(drift) }
      }
      const { drift, text } = await report().catch((error: Error) => {
        const isSentence = error instanceof UnreadableDocument
        const reason = visible(`The document could not be compared: ${error.message}.`)
        throw new CommandEnd(checkFailed, isSentence ? error.message : reason)
      })
      console.log(text)
      if (drift.differences.length > 0) throw new CommandEnd(checkFound)
    })
}
