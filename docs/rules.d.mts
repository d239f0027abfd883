export type Rule = {
  /** Such as `item.null`. */
  id: string
  letter: 'S' | 'P' | 'A'
  /** The day on which somebody saw it on the real service. */
  seen?: string
  /** The heading it stands below. */
  section: string
}

/** The rules that the text of docs/behaviour.md defines, in its order. */
export function rulesOf(text: string): Rule[]

/** That text with the box at its head as its rules are now. */
export function withBox(text: string): string
