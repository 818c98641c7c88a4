/**
 * The interpreter that the person chose in the editor: the Python Environments extension's, then the Python extension's, then
 * our setting. Neither extension is required; where none of them knows, the engine looks in the workspace and on PATH.
 */
import * as vscode from 'vscode';
import { describeError } from '../core/base/errors';

/** Their APIs come from outside: a value is read along a path of properties, and anything that isn't there is nothing. */
function dig(value: unknown, ...path: string[]): unknown {
  return path.reduce<unknown>((at, key) => (typeof at === 'object' && at !== null ? Reflect.get(at, key) : undefined), value);
}

/** Calls a method that another extension may or may not have; nothing where it hasn't. */
async function ask(owner: unknown, method: string, argument: unknown): Promise<unknown> {
  const called = dig(owner, method);
  return typeof called === 'function' ? (await Reflect.apply(called, owner, [argument])) as unknown : undefined;
}

const text = (value: unknown): string | undefined => (typeof value === 'string' && value !== '' ? value : undefined);

async function apiOf(id: string): Promise<unknown> {
  const extension = vscode.extensions.getExtension<unknown>(id);
  return extension === undefined ? undefined : extension.isActive ? extension.exports : extension.activate();
}

async function fromEnvironments(scope: vscode.Uri): Promise<string | undefined> {
  const environment = await ask(await apiOf('ms-python.vscode-python-envs'), 'getEnvironment', scope);
  return text(dig(environment, 'execInfo', 'activatedRun', 'executable')) ?? text(dig(environment, 'execInfo', 'run', 'executable'));
}

async function fromPython(scope: vscode.Uri): Promise<string | undefined> {
  const environments = dig(await apiOf('ms-python.python'), 'environments');
  const active = await ask(environments, 'getActiveEnvironmentPath', scope);
  const resolved = active === undefined ? undefined : await ask(environments, 'resolveEnvironment', active);
  return text(dig(resolved, 'executable', 'uri', 'fsPath'));
}

/** Path of the chosen interpreter for a file, or nothing: then the engine decides. */
export async function chosenInterpreter(scope: vscode.Uri, log: vscode.LogOutputChannel): Promise<string | undefined> {
  for (const source of [fromEnvironments, fromPython]) {
    try {
      const found = await source(scope);
      if (found !== undefined) return found;
    } catch (error) {
      log.warn(`the Python extension didn't answer: ${describeError(error)}`);
    }
  }
  return text(vscode.workspace.getConfiguration('runyard', scope).get('python'));
}
