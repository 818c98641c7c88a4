// Python environments below the cache: one for the sample, one with the MLflow client that the contract tests drive.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { cache, root, venvDir, venvPython } from './paths.mjs';
import { Explained, remove, run, timed } from './shell.mjs';

const contract = path.join(root, 'test', 'contract', 'mlflow');
export const mlflowVenvDir = path.join(cache, 'mlflow-venv');

/** @typedef {readonly [number, number]} Version */

/** The first Python on PATH that is new enough; `RUNYARD_PYTHON` names another. @param {Version} oldest */
function findPython(oldest) {
  const names = process.env.RUNYARD_PYTHON ? [process.env.RUNYARD_PYTHON] : ['python3', 'python'];
  const seen = [];
  for (const name of names) {
    const asked = spawnSync(name, ['-c', 'import sys; print("%d.%d" % sys.version_info[:2])'], { encoding: 'utf8' });
    if (asked.status !== 0) continue;
    const version = asked.stdout.trim();
    const [major = 0, minor = 0] = version.split('.').map(Number);
    if (major > oldest[0] || (major === oldest[0] && minor >= oldest[1])) return name;
    seen.push(`${name} is ${version}`);
  }
  throw new Explained(
    `there is no Python ${oldest.join('.')} or newer (${seen.join(', ') || `no ${names.join(', no ')}`})`,
    'Install Python with its venv module, or set RUNYARD_PYTHON to one.',
  );
}

/** @param {string} python @param {string[]} args */
const pip = (python, args) => run(python, ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', ...args], {
  hint: 'The packages come from the Python package index that pip is set up for; see whether it can be reached.',
});

/**
 * Makes an environment where it is missing, broken, or made for other requirements.
 * @param {{ dir: string, requirements: string, oldest: Version, what: string }} wanted
 * @returns {Promise<string>} its interpreter
 */
async function ensureEnvironment({ dir, requirements, oldest, what }) {
  const python = venvPython(dir);
  const stamp = path.join(dir, 'runyard-requirements.sha256');
  const wanted = createHash('sha256').update(readFileSync(requirements)).digest('hex');
  const current = existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted;
  if (current && spawnSync(python, ['-c', '']).status === 0) return python;
  const base = findPython(oldest);
  await timed(`making ${what}`, async () => {
    remove(dir);
    await run(base, ['-m', 'venv', dir], {
      hint: 'On Debian and Ubuntu the venv module is a package of its own: apt-get install python3-venv.',
    });
    await pip(python, ['-r', requirements]);
    writeFileSync(stamp, wanted);
  });
  return python;
}

/** The sample's environment, with the packages that its requirements.txt pins. */
export function ensureVenv() {
  const requirements = path.join(root, 'examples', 'car-loan', 'requirements.txt');
  return ensureEnvironment({ dir: venvDir, requirements, oldest: [3, 9], what: "the sample's Python environment" });
}

/**
 * The environment of the contract tests: the pinned MLflow client and what its autologging needs.
 * The package index's torch for Linux is a CUDA build of gigabytes, so torch comes from the folders of wheels that pip is
 * set up for (`find-links`), or not at all; which of the two is written down for the tests to say.
 * @returns {Promise<string>} its interpreter
 */
export async function ensureMlflowVenv() {
  const requirements = path.join(contract, 'requirements.txt');
  const python = await ensureEnvironment({ dir: mlflowVenvDir, requirements, oldest: [3, 10], what: "the MLflow client's Python environment" });
  const noted = readTorch();
  if (!noted || noted.reason === noWheel) writeFileSync(torchNote, JSON.stringify(await addTorch(python)));
  return python;
}

const torchNote = path.join(mlflowVenvDir, 'runyard-torch.json');
export const noWheel = 'no wheel found';

/** What came of installing torch: `{}` where it is there, else why it isn't. @returns {{ reason?: string } | undefined} */
export function readTorch() {
  return existsSync(torchNote) ? JSON.parse(readFileSync(torchNote, 'utf8')) : undefined;
}

/** @param {string} python @returns {Promise<{ reason?: string }>} */
async function addTorch(python) {
  const tried = spawnSync(python, ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--no-index', '--no-deps', 'torch'], { encoding: 'utf8' });
  if (tried.status !== 0) return { reason: /No matching distribution found for torch/.test(tried.stderr) ? noWheel : tried.stderr.trim().slice(-2000) };
  // Without dependencies: nothing may bring another torch along.
  await timed('adding torch to it', () => pip(python, ['--no-deps', '-r', path.join(contract, 'requirements-torch.txt')]));
  const imported = spawnSync(python, ['-c', 'import torch, pytorch_lightning'], { encoding: 'utf8' });
  return imported.status === 0 ? {} : { reason: `torch was installed and can't be imported: ${imported.stderr.trim().slice(-2000)}` };
}
