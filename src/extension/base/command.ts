/** Commands as they are shown and found. Pure. */
import type { LaunchPreview } from '../../protocol/engine';
import type { ConfiguredExperiment } from '../../protocol/model';

/** The one experiment of runyard.yaml that runs this script; nothing where none or several do. */
export function configuredFor(script: string, experiments: readonly ConfiguredExperiment[]): string | undefined {
  const names = experiments.filter(({ argv }) => argv.some((arg) => arg.replace(/^\.\//, '') === script)).map(({ name }) => name);
  return names.length === 1 ? names[0] : undefined;
}

/** "python train.py --lr 0.1" as a person reads it. */
export const commandText = ({ argv }: Pick<LaunchPreview, 'argv'>): string => argv.map((arg) => (/[\s"'$]/.test(arg) ? JSON.stringify(arg) : arg)).join(' ');
