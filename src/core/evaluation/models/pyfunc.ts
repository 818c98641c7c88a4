/** An MLflow model that only Python can load: Runyard's Python loads it and answers rows as lines of JSON, as a person's own command would. */
import { basename } from 'node:path';
import { RunyardError } from '../../base/errors';
import type { ModelSpec } from '../../../protocol/evaluation/request';
import { openCommand } from './command';
import { digestOfPath } from './digest';
import type { OpenModelOptions, Predictor } from './types';

/**
 * Loads with mlflow.pyfunc; a scikit-learn model gives its probabilities too. What the model or its libraries print goes to standard error. Rows are
 * predicted in the portions in which they come; where one of them fails, each of its rows is tried by itself.
 */
export const PYFUNC = String.raw`
import json, os, sys, threading

out = os.fdopen(os.dup(1), 'w', encoding='utf-8', newline='\n')
os.dup2(2, 1)
parent = os.getppid()

def end_with_parent():
    import time
    while os.getppid() == parent:
        time.sleep(1)
    os._exit(1)

if os.name == 'posix':
    threading.Thread(target=end_with_parent, daemon=True).start()
path = sys.argv[1]
try:
    import numpy, pandas, mlflow.pyfunc
except ImportError as error:
    sys.exit('%s has no mlflow to load the model with: %s' % (sys.executable, error))
model = mlflow.pyfunc.load_model(path)
native = None
if 'sklearn' in model.metadata.flavors:
    import mlflow.sklearn
    native = mlflow.sklearn.load_model(path)
schema = model.metadata.get_input_schema()
types = {}
if schema is not None and schema.has_input_names():
    types = {one.name: one.type.name for one in schema.inputs}
wanted = list(types) or list(getattr(native, 'feature_names_in_', []))

def frame(rows):
    table = pandas.DataFrame(rows)
    if wanted:
        lost = [name for name in wanted if name not in table.columns]
        if lost:
            sys.exit('the model takes %s, which the data has no column of' % ', '.join(lost))
        table = table[wanted]
    elif 'id' in table.columns:
        table = table.drop(columns=['id'])
    for name in table.columns:
        kind = types.get(name)
        if kind in ('double', 'float'):
            table[name] = table[name].astype('float64' if kind == 'double' else 'float32')
        elif kind in ('long', 'integer') and not table[name].isna().any():
            table[name] = table[name].astype('int64' if kind == 'long' else 'int32')
        elif kind == 'string':
            table[name] = table[name].map(lambda one: one if one is None or isinstance(one, str) else str(one))
    return table

def plain(value):
    return value.item() if isinstance(value, numpy.generic) else value

def predict(rows):
    table = frame(rows)
    made = model.predict(table) if native is None or not hasattr(native, 'predict_proba') else native.predict(table)
    if isinstance(made, pandas.DataFrame):
        made = made.iloc[:, 0] if made.shape[1] == 1 else made.to_numpy()
    made = numpy.asarray(made)
    if made.ndim == 2 and made.shape[1] == 1:
        made = made[:, 0]
    if made.ndim == 2:
        return [{'probabilities': [float(one) for one in row]} for row in made]
    answers = [{'label': plain(one)} for one in made]
    if native is not None and hasattr(native, 'predict_proba'):
        names = ['True' if one is True else 'False' if one is False else str(one) for one in map(plain, native.classes_)]
        for answer, shares in zip(answers, native.predict_proba(table)):
            answer['probabilities'] = {name: float(share) for name, share in zip(names, shares)}
    return answers

def answer(rows):
    try:
        answers = predict(rows)
    except Exception as error:
        if len(rows) > 1:
            for row in rows:
                answer([row])
            return
        answers = [{'error': '%s: %s' % (type(error).__name__, error)}]
    for one in answers:
        out.write(json.dumps(one) + '\n')
    out.flush()

rest = b''
while True:
    part = os.read(0, 1 << 20)
    lines = (rest + part).split(b'\n')
    rest = lines.pop()
    rows = [json.loads(line) for line in lines if line.strip()]
    if rows:
        answer(rows)
    if not part:
        break
`;

/** Throws bad_input where there is no Python. `folder` is that of the model. */
export async function openPyfunc(spec: ModelSpec, folder: string, options: OpenModelOptions): Promise<Predictor> {
  if (options.python === null) throw new RunyardError('bad_input', `${folder} is a model that only Python can load, and there is no Python`, 'choose an interpreter that has mlflow and what the model needs');
  const name = spec.name ?? basename(folder);
  return openCommand({ ...spec, command: [options.python, '-c', PYFUNC, folder] }, options, { facts: { name, digest: await digestOfPath(folder), source: folder, notes: ['the model is loaded by mlflow.pyfunc in Python'] } });
}
