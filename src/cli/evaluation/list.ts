/** The evaluations that are kept, and those that runyard.yaml names. */
import { EXIT, type Invocation } from '../command';
import { ago, figure, table } from '../format';
import { visible } from '../terminal';
import { outcomeText } from './evaluation-text';
import { span } from './headline';

export async function list(call: Invocation): Promise<number> {
  const client = await call.engine();
  const [name] = call.positionals;
  const { evaluations, configured } = await client.request('evaluations.list', { ...(name !== undefined && { name }) });
  call.answer({ evaluations, configured }, () => {
    const { out, err } = call.io;
    const columns = [
      { title: 'id' }, { title: 'name' }, { title: 'model' }, { title: 'data' }, { title: 'rows', right: true }, { title: 'metric' }, { title: 'value', right: true },
      { title: '95 % interval', right: true }, { title: 'slices', right: true }, { title: '' }, { title: 'made', right: true },
    ];
    const rows = evaluations.map((one) => [
      one.id.slice(0, 8), one.name, one.model, one.data, String(one.rows), one.metric, figure(one.value), span(one.low, one.high),
      one.failing > 0 ? `${one.failing} of ${one.slices} fail` : String(one.slices), outcomeText(one.outcome, out), ago((Date.now() - one.created) / 1000),
    ]);
    if (rows.length > 0) out.write(table(columns, rows, out));
    else err.line('No evaluations.');
    if (configured.length > 0) err.line(`runyard.yaml names: ${visible(configured.join(', '))}`);
  });
  return EXIT.done;
}
