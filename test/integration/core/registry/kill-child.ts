/** Promotes and rolls back until it is ended: node kill-child.js FOLDER MODE [STEP [VERSION ENVIRONMENT]]. With a step it ends itself with SIGKILL when it gets there. */
import { MODEL, openLab } from './moves-support';

const [folder = '', mode = 'move', dieAt = '', only, environment = 'production'] = process.argv.slice(2);
const HOOK = `registry:\n  environments:\n    production:\n      onPromote: [{command: [${JSON.stringify(process.execPath)}, -e, '0']}]\n  edges: [{to: production, gates: []}]\n`;

async function main(): Promise<void> {
  const lab = openLab(folder, {
    grace: 60,
    ...(mode === 'hooks' && { yaml: HOOK }),
    step(step) { if (step === dieAt) process.kill(process.pid, 'SIGKILL'); },
  });
  await lab.moves.reconcile();
  process.stdout.write('ready\n');
  if (only !== undefined) {
    await lab.promote(Number(only), { to: environment });
    return;
  }
  const versions = lab.versions.numbers(MODEL).sort((a, b) => a - b);
  for (let turn = 0; mode === 'once' ? turn < 1 : true; turn++) {
    const next = versions.filter((version) => version !== lab.live())[turn % (versions.length - 1)] ?? 1;
    const done = turn % 3 === 2 && lab.live() !== null ? await lab.rollback() : await lab.promote(next);
    process.stdout.write(`${lab.live() ?? 0} ${done.entry ?? ''}\n`);
  }
  lab.dispose();
}
main().catch((error: unknown) => {
  process.stdout.write(`failed ${error instanceof Error ? `${(error as { code?: string }).code ?? ''} ${error.message}` : String(error)}\n`);
  process.exit(1);
});
