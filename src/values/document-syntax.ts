/** The value of a text, or what to add to a sentence that says that there is none: where, and what is missing there. */
type Parsed = { value?: unknown; problem?: string }

/** Never with a piece of the text, which may hold a secret. */
export function parseJson(text: string): Parsed {
  try {
    return { value: JSON.parse(text) }
  } catch {
    const before = text.slice(0, offsetOfFault(text)).split('\n')
    return { problem: ` at line ${before.length}, column ${(before.at(-1) as string).length + 1}` }
  }
}

/** Merge keys (`<<`) are merged, as YAML 1.1 has them. */
export async function parseYaml(text: string): Promise<Parsed> {
  const { parseDocument } = await import('yaml')
  const document = parseDocument(text, { merge: true, prettyErrors: true })
  const [error] = document.errors
  if (error) {
    // Pretty errors always have it.
    const [{ line, col }] = error.linePos as NonNullable<typeof error.linePos>
    const what = error.code.toLowerCase().replaceAll('_', ' ')
    return { problem: ` at line ${line}, column ${col} (${what})` }
  }
  try {
    return { value: document.toJS() }
  } catch {
    return { problem: ' (an alias that leads nowhere, or too many of them)' }
  }
}

/**
 * Where JSON stops being JSON. The parser does not always say: so it is the end of the longest beginning that is at
 * fault only for ending too early.
 */
function offsetOfFault(text: string): number {
  let [good, bad] = [0, text.length + 1]
  while (bad - good > 1) {
    const middle = (good + bad) >> 1
    if (mayGoOn(text.slice(0, middle))) good = middle
    else bad = middle
  }
  return good
}

/** Whether a text is JSON so far. */
function mayGoOn(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch (error) {
    const { message } = error as Error
    const place = /at position (\d+)/.exec(message)?.[1]
    return /end of JSON|unterminated/i.test(message) || Number(place) === text.length
  }
}
