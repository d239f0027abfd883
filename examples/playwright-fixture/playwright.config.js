import { defineConfig } from '@playwright/test'

export default defineConfig({
  fullyParallel: true,
  workers: 2,
  reporter: 'line',
  // One mock for all workers; each test has a world of its own in it.
  webServer: {
    command: 'enneo-mock --port 8015',
    url: 'http://localhost:8015/__admin/health',
    reuseExistingServer: false,
  },
})
