/** What of a terminal's environment a run gets. */
import { RunyardError } from '../core/base/errors';

/**
 * The engine may have been started elsewhere, so what decides which program runs goes along by name. Not everything does: a
 * run's environment is kept in its folder, and a terminal's holds passwords and tokens.
 */
const NAMES = new Set([
  'PATH', 'VIRTUAL_ENV', 'CONDA_PREFIX', 'CONDA_DEFAULT_ENV', 'PYTHONPATH', 'PYTHONHASHSEED', 'PYTHONWARNINGS', 'LD_LIBRARY_PATH', 'DYLD_LIBRARY_PATH', 'LD_PRELOAD',
  'LANG', 'LANGUAGE', 'TZ', 'TMPDIR', 'XLA_FLAGS', 'TF_CPP_MIN_LOG_LEVEL', 'TOKENIZERS_PARALLELISM',
]);
const PREFIXES = ['CUDA_', 'NVIDIA_', 'NCCL_', 'HIP_', 'ROCR_', 'OMP_', 'MKL_', 'OPENBLAS_', 'NUMEXPR_', 'LC_', 'PYTORCH_', 'JAX_PLATFORM'];

/** `asked` are the words of --env. Throws bad_input where one without a value isn't set here. */
export function forwardedEnvironment(env: NodeJS.ProcessEnv, asked: readonly string[]): Record<string, string> {
  const along = Object.entries(env).filter(([name]) => NAMES.has(name) || PREFIXES.some((prefix) => name.startsWith(prefix)));
  const named = asked.map((word): [string, string] => {
    const equals = word.indexOf('=');
    if (equals > 0) return [word.slice(0, equals), word.slice(equals + 1)];
    const value = env[word];
    if (value === undefined) throw new RunyardError('bad_input', `--env ${word} names a variable that isn't set here`, `write --env ${word}=VALUE`);
    return [word, value];
  });
  return Object.fromEntries([...along, ...named].flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])));
}
