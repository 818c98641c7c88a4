import { configDefaults, defineConfig } from 'vitest/config';

/** One project a level, in the order in which `npm test` runs them. */
export default defineConfig({
  test: {
    reporters: ['dot'],
    exclude: [...configDefaults.exclude, '.cache/**', 'dist/**'],
    projects: [
      {
        extends: true,
        test: { name: 'architecture', include: ['test/architecture.test.ts'], testTimeout: 30_000 },
      },
      {
        extends: true,
        // What they test keeps no state in its modules: files share them, and most of the time is theirs.
        test: { name: 'unit', include: ['test/unit/**/*.test.ts'], testTimeout: 45_000, isolate: false, maxWorkers: 2 },
      },
      {
        extends: true,
        // Real child processes on a machine that may have two cores: patience, not sleeps. They mostly wait, so three files wait at once.
        // What they test is in those processes: files share ours.
        test: { name: 'integration', include: ['test/integration/**/*.test.ts'], pool: 'forks', isolate: false, maxWorkers: 3, globalSetup: ['test/support/build-programs.ts'], testTimeout: 150_000, hookTimeout: 120_000 },
      },
      {
        extends: true,
        // The real MLflow client: its first import alone takes seconds, and a file's checks run as one process.
        test: { name: 'contract', include: ['test/contract/**/*.test.ts'], pool: 'forks', maxWorkers: 2, globalSetup: ['test/support/build-programs.ts'], testTimeout: 120_000, hookTimeout: 480_000 },
      },
      {
        extends: true,
        test: {
          name: 'e2e',
          include: ['test/e2e/**/*.test.ts'],
          pool: 'forks',
          // A workbench waits more than it works: two at a time, each with a browser, a port and user data of its own.
          maxWorkers: 2,
          globalSetup: ['test/support/install-extension.ts'],
          testTimeout: 180_000,
          hookTimeout: 120_000,
        },
      },
    ],
  },
});
