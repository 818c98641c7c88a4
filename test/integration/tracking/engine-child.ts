/** The tracker as an engine would hold it, in a process that a test can kill: node engine-child WORKSPACE SUPERVISOR PYTHON_PATH. */
import { join } from 'node:path';
import { systemClock } from '../../../src/core/base/clock';
import { silentLog } from '../../../src/core/base/log';
import { loadConfig } from '../../../src/core/config/load';
import { openStore } from '../../../src/core/store/open';
import { startTracker } from '../../../src/core/tracking/tracker';
import type { LaunchParams } from '../../../src/protocol/engine';

const [workspace = '', supervisorPath = '', pythonPath = ''] = process.argv.slice(2);
const store = openStore({ dir: join(workspace, '.runyard'), log: silentLog, clock: systemClock });
const tracker = startTracker({
  store, workspace, config: () => loadConfig(workspace).config, log: silentLog, clock: systemClock, supervisorPath, pythonPath, onChanged: () => undefined,
});
process.on('message', (message: { launch: LaunchParams }) => {
  for (const run of tracker.launch(message.launch)) process.send?.({ launched: run });
});
process.on('disconnect', () => process.exit(0));
