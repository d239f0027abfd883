// Runs TypeScript in tests: types are cut off, nothing is checked (`npm run typecheck` does that once for all files).
import { register } from 'node:module'

register('./typescript-hooks.mjs', import.meta.url)
