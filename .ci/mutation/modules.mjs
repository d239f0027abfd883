/** What is mutated, and the tests that are to notice: those that take long stand last. */
export const modules = {
  merge: [['src/values/merge-patch.ts'], ['test/values/merge-patch.test.ts']],
  derived: [
    ['src/profiles/derived-settings.ts'],
    [
      'test/profiles/derived-settings-table.test.ts',
      'test/profiles/derived-settings.test.ts',
      'test/fuzz/rules.test.ts',
      'test/contract-cases.test.ts',
    ],
  ],
  permission: [
    ['src/profiles/permission.ts', 'src/profiles/caller.ts'],
    [
      'test/profiles/caller.test.ts',
      'test/profiles/permission.test.ts',
      'test/profiles/vendor-rules.test.ts',
      'test/profiles/operation-route.test.ts',
      'test/contract-cases.test.ts',
    ],
  ],
  origins: [
    ['src/http/origins.ts', 'src/http/cors.ts'],
    [
      'test/http/origins.test.ts',
      'test/http/cors.test.ts',
      'test/admin/guard.test.ts',
      'test/contract-cases.test.ts',
    ],
  ],
  guard: [
    ['src/admin/guard.ts'],
    ['test/admin/guard.test.ts', 'test/admin/guard-machines.test.ts', 'test/attacks/control-plane.test.ts'],
  ],
  authentication: [
    ['src/profiles/authentication.ts', 'src/http/tokens.ts'],
    ['test/http/tokens.test.ts', 'test/profiles/authentication.test.ts', 'test/attacks/sign-in.test.ts'],
  ],
  rules: [
    ['src/profiles/update-profiles.ts', 'src/profiles/vendor-rules.ts', 'src/profiles/writable-fields.ts'],
    [
      'test/profiles/update-profiles.test.ts',
      'test/profiles/vendor-rules.test.ts',
      'test/profiles/writable-fields.test.ts',
      'test/contract-cases.test.ts',
    ],
  ],
  validation: [
    ['src/values/validation.ts', 'src/profiles/check-update-profiles.ts'],
    [
      'test/values/validation-words.test.ts',
      'test/values/validation.test.ts',
      'test/profiles/check-update-profiles.test.ts',
    ],
  ],
  redaction: [
    ['src/values/redaction.ts', 'src/values/secrets.ts'],
    [
      'test/values/secret-words.test.ts',
      'test/values/redaction.test.ts',
      'test/traffic/journal.test.ts',
      'test/values/secrets.test.ts',
    ],
  ],
  seed: [
    ['src/seed/seed.ts', 'src/seed/readable-seed.ts', 'src/values/plain-json.ts'],
    ['test/seed/readable-seed.test.ts', 'test/seed/seed-file.test.ts', 'test/seed/seed.test.ts'],
  ],
  stores: [
    [
      'src/stores/memory-store.ts',
      'src/stores/seed-base.ts',
      'src/stores/profile-filter.ts',
      'src/stores/directory.ts',
    ],
    [
      'test/stores/directory.test.ts',
      'test/stores/memory-store.test.ts',
      'test/stores/profile-filter.test.ts',
      'test/stores/open-store.test.ts',
      'test/stores/sql-store.test.ts',
    ],
  ],
}
