/** A server in a workspace of its own, started as a person would: `runyard serve`. */
import { bundles, lab } from '../../integration/engine/support';
import { start } from '../../integration/cli/support';
import { until } from '../../support/until';

export interface Served {
  /** What a client needs: MLFLOW_TRACKING_URI and MLFLOW_TRACKING_TOKEN, and RUNYARD_SERVER for the checks. */
  env: Record<string, string>;
  dispose(): Promise<void>;
}

/** Starts it and waits until it has said where it is. */
export async function serve(): Promise<Served & { workspace: string; cli: string; enginePid(): number }> {
  const bundle = await bundles();
  const here = lab(bundle.engine);
  const running = start(bundle.cli, here.workspace, ['serve', '--workspace', here.workspace]);
  const said = (name: string): string | undefined => new RegExp(`${name}=["']?([^"'\\s]+)`).exec(running.out())?.[1];
  let ended: string | undefined;
  void running.done.then(({ status, out, err }) => { ended = `serve ended with ${status}\n${out}${err}`; });
  await until('the address of the server', () => {
    if (ended !== undefined && !said('MLFLOW_TRACKING_TOKEN')) throw new Error(ended);
    return said('MLFLOW_TRACKING_URI') && said('MLFLOW_TRACKING_TOKEN');
  }, 30_000);
  return {
    workspace: here.workspace, cli: bundle.cli,
    enginePid: () => here.enginePid(),
    env: { MLFLOW_TRACKING_URI: said('MLFLOW_TRACKING_URI') ?? '', MLFLOW_TRACKING_TOKEN: said('MLFLOW_TRACKING_TOKEN') ?? '', RUNYARD_SERVER: '1' },
    async dispose() {
      running.kill('SIGTERM');
      await running.done;
      await here.dispose();
      bundle.dispose();
    },
  };
}
