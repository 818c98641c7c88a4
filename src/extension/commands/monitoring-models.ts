/** What is done about a served model: serving it, labels and reviews of its answers, and making it anew. */
import * as vscode from 'vscode';
import type { Host } from '../host';
import { meantRetraining, meantServed } from '../monitoring/pick';
import { aimed } from './monitoring-target';
import type { Handlers, Parts } from './parts';

export function monitoringModelCommands(host: Host, { monitoring }: Parts): Handlers {
  return {
    'runyard.serveModel': async (args) => {
      const model = await meantServed(host, aimed(monitoring, args, 'served'), 'Serve Model', { live: true });
      if (model !== undefined) (await import('../monitoring/serve')).serveInTerminal(host, model);
    },
    'runyard.importLabels': async (args) => {
      const model = await meantServed(host, aimed(monitoring, args, 'served'), 'Import Labels');
      if (model !== undefined) await (await import('../monitoring/feedback')).importLabels(host, model);
    },
    'runyard.reviewPredictions': async (args) => {
      const model = await meantServed(host, aimed(monitoring, args, 'served'), 'Review Predictions');
      if (model !== undefined) (await import('../panels/review')).openReview(host, model);
    },
    'runyard.retrain': async (args) => {
      const target = aimed(monitoring, args, 'retraining');
      const name = await meantRetraining(host, target, 'Retrain');
      if (name !== undefined) await (await import('../monitoring/retraining')).retrain(host, name, target.alert);
    },
    'runyard.backtestRetraining': async (args) => {
      const name = await meantRetraining(host, aimed(monitoring, args, 'retraining'), 'Back-Test Retraining');
      if (name !== undefined) await (await import('../monitoring/retraining')).backtest(host, name);
    },
    'runyard._showRetrainingRun': async ([node]) => {
      const run: unknown = typeof node === 'object' && node !== null && 'row' in node && typeof node.row === 'object' && node.row !== null && 'run' in node.row ? node.row.run : undefined;
      if (typeof run === 'string') await vscode.commands.executeCommand('runyard.showDetails', run);
    },
  };
}
