// Makes a VSIX: npm run package [-- --target linux-x64|linux-arm64|...|universal]
// It stages exactly what ships in a folder of its own, so that nothing of the checkout can slip in.
import { cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from './build.mjs';
import { natives, stageNatives } from './lib/native.mjs';
import { cache, root } from './lib/paths.mjs';
import { ensureDependencies, goOnInNewerNode, nodeForTools } from './lib/setup.mjs';
import { Explained, remove, run, runMain, say } from './lib/shell.mjs';

/** What ships beside the bundles, where it exists. */
const shipped = ['media', 'walkthrough', 'python', 'README.md', 'LICENSE', 'CHANGELOG.md'];

/** The parts of package.json that the editor reads; the rest is the checkout's business. */
const manifestKeys = [
  ...['name', 'displayName', 'description', 'version', 'publisher', 'license', 'icon', 'galleryBanner', 'categories', 'keywords'],
  ...['repository', 'bugs', 'homepage', 'qna', 'preview', 'engines', 'main', 'activationEvents', 'capabilities', 'extensionKind'],
  ...['extensionDependencies', 'contributes', 'l10n'],
];

/** This machine's target. */
export function hostTarget() {
  const musl = process.platform === 'linux' && existsSync('/etc/alpine-release');
  return `${musl ? 'alpine' : process.platform}-${process.arch}`;
}

/**
 * Builds, stages and packs.
 * @param {{ target?: string, production?: boolean }} [options] `universal` has no native module, the others their own
 * @returns {Promise<string>} the VSIX
 */
export async function makeVsix(options = {}) {
  const target = options.target ?? hostTarget();
  if (target !== 'universal' && !(target in natives)) {
    throw new Explained(`no such target: ${target}`, `It is one of universal, ${Object.keys(natives).join(', ')}.`);
  }
  const { version, stage } = stageFiles(target);
  await stageNatives(stage, target);
  await build({ production: options.production ?? true, outdir: path.join(stage, 'dist') });
  if (!existsSync(path.join(stage, 'dist', 'extension.js'))) {
    throw new Explained('there is no extension to pack', 'src/extension/extension.ts is its source.');
  }
  const file = path.join(cache, 'vsix', `runyard-${target}-${version}.vsix`);
  mkdirSync(path.dirname(file), { recursive: true });
  const vsce = path.join(root, 'node_modules', '@vscode', 'vsce', 'vsce');
  const platform = target === 'universal' ? [] : ['--target', target];
  await run(
    nodeForTools(),
    [vsce, 'package', '--no-dependencies', '--allow-missing-repository', '--no-rewrite-relative-links', ...platform, '--out', file],
    { cwd: stage, hint: `What was to be packed lies in ${stage}.` },
  );
  return file;
}

/** @param {string} target */
function stageFiles(target) {
  const stage = path.join(cache, 'stage', target);
  remove(stage);
  mkdirSync(stage, { recursive: true });
  for (const name of shipped) {
    const from = path.join(root, name);
    if (existsSync(from)) cpSync(from, path.join(stage, name), { recursive: true, filter: ships });
  }
  const manifest = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'));
  const trimmed = Object.fromEntries(manifestKeys.filter((key) => key in manifest).map((key) => [key, manifest[key]]));
  trimmed.engines = { vscode: manifest.engines.vscode };
  writeFileSync(path.join(stage, 'package.json'), `${JSON.stringify(trimmed, null, 2)}\n`);
  return { version: String(manifest.version), stage };
}

/** Caches and tests of the Python package stay here. @param {string} file */
function ships(file) {
  const inside = path.relative(root, file);
  return !/(^|[\\/])(__pycache__|tests?|\.pytest_cache|\.DS_Store)([\\/]|$)|\.pyc$|\.egg-info/.test(inside);
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  runMain(async () => {
    await ensureDependencies();
    const elsewhere = await goOnInNewerNode(import.meta.url);
    if (elsewhere !== undefined) return elsewhere;
    const at = process.argv.indexOf('--target');
    const file = await makeVsix(at === -1 ? {} : { target: process.argv[at + 1] ?? '' });
    const megabytes = (readFileSync(file).byteLength / 1024 / 1024).toFixed(1);
    say(`${path.relative(root, file)} (${megabytes} MB)`);
    return 0;
  });
}
