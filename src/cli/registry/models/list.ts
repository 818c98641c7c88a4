import { EXIT, type Invocation } from '../../command';
import { modelsText } from '../models-text';

/** `runyard models`: names, versions, what is live where, what waits, what conflicts. */
export async function listModels(call: Invocation): Promise<number> {
  const all = await (await call.engine()).request('registry.models');
  call.answer(all, () => {
    const { out, err } = call.io;
    out.write(modelsText(all, Date.now(), out));
    if (all.models.length === 0) err.line('No models. Register one: runyard models register NAME --file model.onnx');
  });
  return EXIT.done;
}
