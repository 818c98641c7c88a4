/** Promotes and rolls back until it is ended: node kill-child.js FOLDER MODE [STEP [VERSION ENVIRONMENT]]. With a step it ends itself with SIGKILL when it gets there. */
import { hooked, MODEL, openLab } from './moves-support';

const [folder = '', mode = 'move', dieAt = '', only, environment = 'production'] = process.argv.slice(2);

let seen = 0;

async function main(): Promise<void> {
  const lab = openLab(folder, {
    grace: 60,
    ...((mode === 'hooks' || mode === 'failing') && { yaml: hooked(mode === 'failing') }),
    // 'hooked:2' is the second time.
    step(step) { if (step === dieAt.split(':')[0] && ++seen >= Number(dieAt.split(':')[1] ?? 1)) process.kill(process.pid, 'SIGKILL'); },
  });
  await lab.moves.reconcile();
  process.stdout.write('ready\n');
  if (only !== undefined) {
    await lab.promote(Number(only), { to: environment });
    return;
  }
  const versions = lab.versions.numbers(MODEL).sort((a, b) => a - b);
  for (let turn = 0; mode === 'move' ? true : turn < 1; turn++) {
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
