// The sample's Python environment: a venv with the packages that the sample's requirements.txt pins.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { root, venvDir, venvPython } from './paths.mjs';
import { Explained, remove, run, timed } from './shell.mjs';

const requirements = path.join(root, 'examples', 'car-loan', 'requirements.txt');
const oldest = [3, 9];

/** The first Python on PATH that is new enough; `RUNYARD_PYTHON` names another. */
function findPython() {
  const names = process.env.RUNYARD_PYTHON ? [process.env.RUNYARD_PYTHON] : ['python3', 'python'];
  const seen = [];
  for (const name of names) {
    const asked = spawnSync(name, ['-c', 'import sys; print("%d.%d" % sys.version_info[:2])'], { encoding: 'utf8' });
    if (asked.status !== 0) continue;
    const version = asked.stdout.trim();
    const [major = 0, minor = 0] = version.split('.').map(Number);
    const [wantedMajor = 3, wantedMinor = 9] = oldest;
    if (major > wantedMajor || (major === wantedMajor && minor >= wantedMinor)) return name;
    seen.push(`${name} is ${version}`);
  }
  throw new Explained(
    `there is no Python ${oldest.join('.')} or newer (${seen.join(', ') || `no ${names.join(', no ')}`})`,
    'Install Python with its venv module, or set RUNYARD_PYTHON to one.',
  );
}

/**
 * Makes the environment where it is missing, broken, or made for other requirements.
 * @returns {Promise<string>} its interpreter
 */
export async function ensureVenv() {
  const python = venvPython(venvDir);
  const stamp = path.join(venvDir, 'runyard-requirements.sha256');
  const wanted = createHash('sha256').update(readFileSync(requirements)).digest('hex');
  const current = existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted;
  if (current && spawnSync(python, ['-c', '']).status === 0) return python;
  const base = findPython();
  await timed("making the sample's Python environment", async () => {
    remove(venvDir);
    await run(base, ['-m', 'venv', venvDir], {
      hint: 'On Debian and Ubuntu the venv module is a package of its own: apt-get install python3-venv.',
    });
    await run(python, ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '-r', requirements], {
      hint: 'The packages come from the Python package index that pip is set up for; see whether it can be reached.',
    });
    writeFileSync(stamp, wanted);
  });
  return python;
}
