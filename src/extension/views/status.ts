/** The status bar's item: how many runs are live. Nothing to see while there are none. */
import * as vscode from 'vscode';
import { describeError } from '../../core/base/errors';
import { count } from '../base/format';
import type { Host } from '../host';

export function createStatusItem(host: Host): vscode.Disposable {
  const item = vscode.window.createStatusBarItem('runyard.live', vscode.StatusBarAlignment.Left, 5);
  item.name = 'Runyard: live runs';
  item.command = 'runyard.showLive';
  let asking = false;
  let again = false;

  const show = async (): Promise<void> => {
    if (host.engine.state !== 'ready') return item.hide();
    const { live, queued } = await host.engine.request('engine.status', {});
    await vscode.commands.executeCommand('setContext', 'runyard.hasLive', live + queued > 0);
    if (live + queued === 0) return item.hide();
    const words = [...(live > 0 ? [`${live} running`] : []), ...(queued > 0 ? [`${queued} queued`] : [])];
    item.text = `${live > 0 ? '$(loading~spin)' : '$(clock)'} ${words.join(', ')}`;
    item.tooltip = `Runyard: ${count(live, 'run')} running, ${queued} waiting. Click to see them.`;
    item.accessibilityInformation = { label: `Runyard, ${words.join(', ')}` };
    item.show();
  };

  /** One question at a time, and one more where something happened meanwhile. */
  const update = async (): Promise<void> => {
    if (asking) {
      again = true;
      return;
    }
    asking = true;
    try {
      await show();
    } catch (error) {
      host.log.warn(`the status bar could not follow: ${describeError(error)}`);
      item.hide();
    } finally {
      asking = false;
    }
    if (again) {
      again = false;
      await update();
    }
  };
  const changes = host.engine.onChanged(() => void update());
  const states = host.engine.onState(() => void update());
  return { dispose() { for (const one of [changes, states, item]) one.dispose(); } };
}
