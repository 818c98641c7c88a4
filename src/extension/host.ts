/** What every part of the extension is given. */
import type * as vscode from 'vscode';
import type { Engine } from './engine';
import type { EvaluationFacts } from './evaluation/facts';
import type { MonitoringFacts } from './monitoring/facts';
import type { RegistryFacts } from './registry/facts';
import type { TreeNode } from './views/nodes';

export interface Host {
  readonly context: vscode.ExtensionContext;
  readonly log: vscode.LogOutputChannel;
  readonly engine: Engine;
  readonly evaluations: EvaluationFacts;
  readonly registry: RegistryFacts;
  readonly monitoring: MonitoringFacts;
  /** The folder whose runs are kept; nothing where no folder is open. */
  readonly folder: vscode.WorkspaceFolder | undefined;
  /** Whether the folder has runs or a runyard.yaml; where it hasn't, and where it isn't trusted, no engine is started to find that out. */
  hasStore(): Promise<boolean>;
  /** What is selected in the Experiments tree while it is on screen: a command from the palette or a key is about that. */
  selection(): readonly TreeNode[];
}
