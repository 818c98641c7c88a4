/** Whether the kernel ended something of ours for want of memory. */
import { readFileSync } from 'node:fs';
import { systemCode } from '../../base/errors';

function read(path: string): string {
  try {
    return readFileSync(path, 'latin1');
  } catch (error) {
    if (systemCode(error) === '') throw error;
    return '';
  }
}

/** The count of out-of-memory kills in this process's control group (v2 and v1); null where the kernel doesn't say. */
export function memoryKills(): number | null {
  for (const line of read('/proc/self/cgroup').split('\n')) {
    const [id, controllers = '', path = ''] = line.split(':');
    const files = id === '0'
      ? [`/sys/fs/cgroup${path}/memory.events`, '/sys/fs/cgroup/memory.events']
      : controllers.split(',').includes('memory') ? [`/sys/fs/cgroup/memory${path}/memory.oom_control`, '/sys/fs/cgroup/memory/memory.oom_control'] : [];
    for (const file of files) {
      const count = /^oom_kill (\d+)/m.exec(read(file))?.[1];
      if (count !== undefined) return Number(count);
    }
  }
  return null;
}
