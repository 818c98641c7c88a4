/**
 * The Python side: one small program that loads functions and calls them. It is asked in lines of JSON on its standard input and answers on what was its
 * standard output; what the person's code prints goes to standard error, and their code reads from nothing. Python 3.8 or newer, standard library only.
 */
const shared = String.raw`
import array, base64, importlib.util, inspect, json, os, sys, threading, time, traceback

answers = os.fdopen(os.dup(1), 'w', encoding='utf-8', newline='\n')
questions = os.fdopen(os.dup(0), 'r', encoding='utf-8', newline='\n')
os.dup2(2, 1)
nothing = os.open(os.devnull, os.O_RDONLY)
os.dup2(nothing, 0)

def end_with_parent(parent=os.getppid()):
    while os.getppid() == parent:
        time.sleep(1)
    os._exit(1)

if os.name == 'posix':
    threading.Thread(target=end_with_parent, daemon=True).start()

class Wrong(Exception):
    pass

def answer(value):
    answers.write(json.dumps(value) + '\n')
    answers.flush()

def fault(error, file):
    if isinstance(error, Wrong):
        return {'what': str(error), 'line': None}
    what = traceback.format_exception_only(type(error), error)[-1].strip()
    line = None
    for frame in traceback.extract_tb(error.__traceback__):
        if os.path.realpath(frame.filename) == file:
            line = frame.lineno
    if line is None and isinstance(error, SyntaxError) and error.filename and os.path.realpath(error.filename) == file:
        line = error.lineno
    return {'what': what, 'line': line}

modules = {}

def load(file, name):
    if file not in modules:
        folder = os.path.dirname(file)
        if folder not in sys.path:
            sys.path.insert(0, folder)
        spec = importlib.util.spec_from_file_location('runyard_custom_%d_%s' % (len(modules), os.path.splitext(os.path.basename(file))[0]), file)
        module = importlib.util.module_from_spec(spec)
        sys.modules[spec.name] = module
        spec.loader.exec_module(module)
        modules[file] = module
    found = getattr(modules[file], name, None)
    if not callable(found):
        there = [key for key, value in vars(modules[file]).items() if inspect.isfunction(value) and value.__module__ == modules[file].__name__]
        raise Wrong('there is no function %s; there is %s' % (name, ', '.join(there) or 'none at all'))
    return found

def numbers(kind, text):
    found = array.array(kind)
    found.frombytes(base64.b64decode(text))
    return found

def column(wire):
    kind = wire['type']
    if kind == 'text':
        values = list(wire['texts'])
    elif kind == 'bool':
        values = [value == 1 for value in base64.b64decode(wire['bytes'])]
    elif kind == 'big':
        values = numbers('q', wire['bytes']).tolist()
    else:
        values = numbers('d', wire['bytes']).tolist()
    missing = base64.b64decode(wire['missing']) if wire['missing'] else None
    if kind == 'int':
        return [None if missing and missing[i] else int(value) for i, value in enumerate(values)]
    return [None if missing[i] else value for i, value in enumerate(values)] if missing else values

def records(wire, count):
    names = list(wire)
    if not names:
        return [{} for _ in range(count)]
    return [dict(zip(names, values)) for values in zip(*(column(wire[name]) for name in names))]

def shown(value):
    text = repr(value)
    return '%s (%s)' % (text if len(text) <= 60 else text[:57] + '...', type(value).__name__)
`;

/** Asked {file, name}, then {columns, count}: answers {ready}, then {tags: '0110'}, or {fault}. */
export const taggerDriver = `${shared}${String.raw`
def tags(function, columns, count):
    result = function(records(columns, count))
    try:
        found = list(result)
    except TypeError:
        raise Wrong('it returned %s where a list of True or False is expected' % shown(result)) from None
    if len(found) != count:
        raise Wrong('it returned %d values for %d rows' % (len(found), count))
    for i, value in enumerate(found):
        if type(value).__name__ not in ('bool', 'bool_'):
            return {'fault': {'what': 'it returned %s' % shown(value), 'line': None, 'at': i}}
    return {'tags': ''.join('1' if value else '0' for value in found)}

file = ''
function = None
for line in questions:
    asked = json.loads(line)
    try:
        if 'file' in asked:
            file = asked['file']
            function = load(file, asked['name'])
            answer({'ready': True})
        else:
            answer(tags(function, asked['columns'], asked['count']))
    except BaseException as error:
        answer({'fault': fault(error, file)})
`}`;

/** Asked {metrics: [{name, file, function}]}, then {set...}: answers {rows: whether one wants them}, then {values: [number, null or a text]}, or {fault: {metric...}}. */
export const metricsDriver = `${shared}${String.raw`
try:
    import numpy
except Exception:
    numpy = None

metrics = []

def wants(function, name):
    try:
        parameters = inspect.signature(function).parameters.values()
    except (TypeError, ValueError):
        return False
    return any(one.kind is one.VAR_KEYWORD or (one.name == name and one.kind in (one.POSITIONAL_OR_KEYWORD, one.KEYWORD_ONLY)) for one in parameters)

def labels(text, classes):
    codes = numbers('i', text)
    names = classes + [None] if any(code >= len(classes) for code in codes) else classes
    if numpy is not None:
        return numpy.asarray(names, dtype=object if None in names else None)[numpy.frombuffer(codes, dtype=numpy.int32)]
    return [names[code] for code in codes]

def reals(text, width):
    found = numbers('d', text)
    if numpy is not None:
        made = numpy.frombuffer(found, dtype=numpy.float64).copy()
        return made if width == 1 else made.reshape(-1, width)
    return found.tolist() if width == 1 else [found[i:i + width].tolist() for i in range(0, len(found), width)]

def figure(value):
    if value is None:
        return None
    if isinstance(value, (str, bytes)):
        raise Wrong('it returned %s where a number is expected' % shown(value))
    try:
        number = float(value)
    except (TypeError, ValueError):
        raise Wrong('it returned %s where a number is expected' % shown(value)) from None
    return number if number - number == 0 else None

def values(asked):
    classes = asked['classes']
    side = (lambda text: reals(text, 1)) if classes is None else (lambda text: labels(text, classes))
    rows = records(asked['rows'], asked['count']) if asked['rows'] is not None else None
    found = []
    for name, file, function in metrics:
        try:
            more = {}
            if wants(function, 'y_score'):
                more['y_score'] = None if asked['score'] is None else reals(asked['score'], asked['width'])
            if wants(function, 'rows'):
                more['rows'] = rows
            found.append(figure(function(side(asked['truth']), side(asked['predicted']), **more)))
        except BaseException as error:
            return {'fault': dict(fault(error, file), metric=name)}
    return {'values': found}

for line in questions:
    asked = json.loads(line)
    if 'metrics' not in asked:
        answer(values(asked))
        continue
    for one in asked['metrics']:
        try:
            metrics.append((one['name'], one['file'], load(one['file'], one['function'])))
        except BaseException as error:
            answer({'fault': dict(fault(error, one['file']), metric=one['name'])})
            break
    else:
        answer({'rows': any(wants(function, 'rows') for _, _, function in metrics)})
`}`;
