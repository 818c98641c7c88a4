/** The launcher's script. Pure. */

/** Tells our script from another program of that name. */
export const MARK = 'made by the Runyard extension';

export interface LauncherFacts { program: string; cli: string; windows: boolean }

/** The script's text. `program` may be the editor's own binary, which is Node when it is told so. Pure. */
export function launcherText({ program, cli, windows }: LauncherFacts): string {
  if (windows) {
    return ['@echo off', `rem ${MARK}`, `if not exist "${cli}" (echo runyard: the extension was updated or removed: run its command "Install the runyard Command" again 1>&2 & exit /b 2)`,
      'set ELECTRON_RUN_AS_NODE=1', `"${program}" "${cli}" %*`, ''].join('\r\n');
  }
  return ['#!/bin/sh', `# ${MARK}`, `cli=${quote(cli)}`,
    'if [ ! -f "$cli" ]; then echo \'runyard: the extension was updated or removed: run its command "Install the runyard Command" again\' >&2; exit 2; fi',
    `ELECTRON_RUN_AS_NODE=1 exec ${quote(program)} "$cli" "$@"`, ''].join('\n');
}

const quote = (text: string): string => `'${text.replace(/'/g, `'\\''`)}'`;
