/** The tracker as an engine would hold it, in a process that a test can kill: node engine-child WORKSPACE SUPERVISOR PYTHON_PATH. */
import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { systemClock } from '../../../src/core/base/clock';
import { silentLog } from '../../../src/core/base/log';
import { loadConfig } from '../../../src/core/config/load';
import { openStore } from '../../../src/core/store/open';
import { startTracker } from '../../../src/core/tracking/tracker';
import type { LaunchParams } from '../../../src/protocol/engine';

const [workspace = '', supervisorPath = '', pythonPath = ''] = process.argv.slice(2);
const notices: string[] = [];
const store = openStore({ dir: join(workspace, '.runyard'), log: silentLog, clock: systemClock });
const tracker = startTracker({
  store, workspace, config: () => loadConfig(workspace).config, log: silentLog, clock: systemClock, supervisorPath, pythonPath, onChanged: () => undefined,
  onNotice: (text) => notices.push(text),
});

/** `launch` starts runs, `look` tells what the store says of one, `write` and `remove` are for a file system that only this process sees. */
interface Message { launch?: LaunchParams; look?: string; write?: { file: string; text: string; fill?: boolean }; remove?: string }

/** Writes until the disk takes no more; with `fill` a smaller and smaller piece, to the last byte. */
function write(file: string, text: string, fill: boolean): void {
  for (let size = fill ? 1 << 20 : text.length, n = 0; size > 0; n++) {
    try {
      writeFileSync(fill ? `${file}.${n}` : file, fill ? Buffer.alloc(size, 120) : text);
      if (!fill) return;
    } catch {
      // Full, which is what filling is about.
      size = Math.floor(size / 4);
    }
  }
}

process.on('message', (message: Message) => {
  if (message.launch) for (const run of tracker.launch(message.launch)) process.send?.({ launched: run });
  if (message.write) write(join(workspace, message.write.file), message.write.text, message.write.fill ?? false);
  if (message.remove) for (let n = 0; n < 200; n++) rmSync(join(workspace, `${message.remove}.${n}`), { force: true });
  if (message.look) {
    const { state, metrics, reason } = store.getRun(message.look);
    process.send?.({ seen: { state, reason, count: metrics['x']?.count ?? 0, notices, exit: existsSync(join(tracker.folder(message.look), 'exit.json')) } });
  }
});
process.on('disconnect', () => process.exit(0));
