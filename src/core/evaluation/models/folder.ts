/** What a path of a model stands for: an ONNX file, or a folder of an MLflow model with one in it, or with a model that only Python can load. */
import { readdir, readFile, stat } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { parse } from 'yaml';
import * as z from 'zod';
import { RunyardError, describeError, systemCode } from '../../base/errors';

export type ModelPlace = { kind: 'onnx'; file: string; path: string } | { kind: 'pyfunc'; path: string; flavor: string };

const onnxFlavor = z.looseObject({ data: z.string().optional() });
const pythonFlavor = z.looseObject({ loader_module: z.string().optional() });
const mlmodel = z.looseObject({ flavors: z.looseObject({ onnx: onnxFlavor.optional(), python_function: pythonFlavor.optional() }) });

/** Throws not_found where there is nothing, bad_input where a folder has no model that can be used. */
export async function placeOf(file: string, workspace: string): Promise<ModelPlace> {
  const path = resolve(workspace, file);
  const found = await stat(path).catch((error: unknown) => {
    if (systemCode(error) === 'ENOENT') throw new RunyardError('not_found', `there is no model ${path}`, 'give the path of an .onnx file, or of a folder of an MLflow model');
    throw error;
  });
  if (!found.isDirectory()) return { kind: 'onnx', file: basename(path) === 'MLmodel' ? refuse(path) : path, path };
  const flavors = await flavorsOf(path);
  const named = flavors?.onnx?.data;
  for (const name of [...(named === undefined ? [] : [named]), 'model.onnx']) if (existsSync(join(path, name))) return { kind: 'onnx', file: join(path, name), path };
  if (flavors?.python_function) return { kind: 'pyfunc', path, flavor: flavors.python_function.loader_module ?? 'python_function' };
  const models = (await readdir(path)).filter((name) => name.endsWith('.onnx'));
  const [only] = models;
  if (only !== undefined && models.length === 1) return { kind: 'onnx', file: join(path, only), path };
  throw new RunyardError('bad_input', models.length > 1 ? `the folder ${path} has ${models.length} ONNX files: ${models.join(', ')}` : `the folder ${path} has neither an ONNX file nor an MLmodel that says how to load a model`, models.length > 1 ? 'name one of them' : 'give an .onnx file, or a folder of an MLflow model');
}

function refuse(path: string): never {
  throw new RunyardError('bad_input', `${path} describes a model and is none`, 'give the folder that it lies in');
}

async function flavorsOf(folder: string): Promise<z.output<typeof mlmodel>['flavors'] | null> {
  const file = join(folder, 'MLmodel');
  if (!existsSync(file)) return null;
  try {
    return mlmodel.parse(parse(await readFile(file, 'utf8'))).flavors;
  } catch (error) {
    throw new RunyardError('bad_input', `${file} can't be read: ${describeError(error)}`, 'log the model again with MLflow', { cause: error });
  }
}
