/** Order of every list that is read (A). */
export const byId = (a: { id: number }, b: { id: number }) => a.id - b.id

/** [query.text] Capital and small letters are the same (A). */
export const hasText = (name: string, text: string) => name.toLowerCase().includes(text.toLowerCase())
