import { RunyardError } from '../../core/base/errors';
import { EXIT, type Command, type Invocation } from '../command';
import { pythonOf } from '../evaluation/ask';
import { askingRegistry, orInterrupted } from '../registry/ask';
import { canAsk, confirmed } from '../registry/confirm';
import { planText, promotionText } from '../registry/move-text';
import { actor } from '../registry/who';
import { needed, versionOf } from '../registry/words';
import { statusOf } from './evaluate';

export const promote: Command = {
  name: 'promote',
  usage: 'NAME VERSION --to ENV',
  summary: 'make a version the live one of an environment, where its gates let it through',
  more: 'On a terminal it shows what will change, and asks. What serves the model reads .runyard/models/NAME/ENV, which changes at once and as a whole.\n'
    + 'Exit status: 0 promoted, 1 a gate fails (or a hook failed and the move was taken back), 3 cannot tell.',
  example: 'runyard promote loan 2 --to production --reason "better on every slice"',
  options: {
    to: { value: 'ENV', help: 'the environment of runyard.yaml, such as production' },
    reason: { value: 'TEXT', help: 'why: stands in the ledger' },
    force: { help: 'against the gates; needs a reason, and the ledger says so for ever' },
    yes: { short: 'y', help: "don't ask" },
    python: { value: 'PATH', help: 'the Python for commands (default: the one that this terminal has)' },
  },
  words: { least: 2, most: 2, what: "a model's name and a version" },
  run: (call) => orInterrupted(async () => {
    const [model = '', word = ''] = call.positionals;
    const asked = { model, version: versionOf(word), to: needed(call, 'to', { value: 'ENV', example: 'production' }), reason: call.text('reason') ?? '', force: call.flag('force') };
    const sure = await agreed(call, asked);
    if (sure === null) {
      call.io.err.line('Nothing was changed.');
      return EXIT.no;
    }
    const by = await actor(call.io);
    const done = await askingRegistry(call, async (client, job) => client.request('registry.promote', { ...asked, ...sure, job, ...by, ...await pythonOf(call, client) }));
    call.answer(done, () => call.io.out.write(promotionText(done, call.io.out)));
    if (done.promoted || done.rolledBack) return done.rolledBack ? EXIT.no : EXIT.done;
    return statusOf(done.report.outcome);
  }),
};

/**
 * What the person saw and said yes to, so that the engine refuses where something else is live by then; null: no. Without a terminal
 * nobody is asked. Throws refused where the move can't be, whatever the gates say.
 */
async function agreed(call: Invocation, { model, version, to }: { model: string; version: number | string; to: string }): Promise<{ expect?: number | null } | null> {
  if (call.flag('yes') || !canAsk(call)) return {};
  const plan = await (await call.engine()).request('registry.plan', { model, version, to });
  if (plan.refusal !== null) throw new RunyardError('refused', plan.refusal);
  call.io.err.write(planText(plan, Date.now(), call.io.err));
  return await confirmed(call, `Promote ${model} ${plan.to} to ${to}, if its gates let it through?`) ? { expect: plan.from } : null;
}
