import { describe, expect, it } from 'vitest';
import { scanScript, scanYamlParams, spotAt } from '../../../../src/extension/editor/scan';

const names = (spots: { name: string }[]): string[] => spots.map((one) => one.name);

describe('scanScript', () => {
  it('finds the entry point in either quotes, and not in a comment or a docstring', () => {
    expect(scanScript('import x\nif __name__ == "__main__":\n    main()').entry).toBe(1);
    expect(scanScript("if __name__ == '__main__':\n    main()").entry).toBe(0);
    expect(scanScript('# if __name__ == "__main__":\n').entry).toBeNull();
    expect(scanScript('"""\nif __name__ == "__main__":\n"""').entry).toBeNull();
  });

  it('finds metrics of single and dictionary calls with the place of their name', () => {
    const text = 'mlflow.log_metric("acc", 0.9)\nrunyard.log({"loss": f({"inner": 1}), \'auc\': b}, step=1)\nmlflow.log_metrics({\n  "f1": x,\n})';
    const { metrics } = scanScript(text);
    expect(names(metrics)).toEqual(['acc', 'loss', 'auc', 'f1']);
    for (const { line, start, end, name } of metrics) expect(text.split('\n')[line]?.slice(start, end)).toBe(name);
  });

  it('leaves out what a comment says', () => expect(scanScript('# runyard.log({"loss": 1})\nx = "a # b"; runyard.log({"real": 1})').metrics.map((m) => m.name)).toEqual(['real']));

  it('survives a half-typed call', () => expect(names(scanScript('runyard.log({"loss": ').metrics)).toEqual(['loss']));

  it('finds params in flags and literals, the literal being part of the spot', () => {
    const text = 'parser.add_argument("--weight-decay", default=0.01)\nlr = 0.1  # rate\nname: str = "x"\nz = f(1)';
    const { params } = scanScript(text);
    expect(names(params)).toEqual(['weight-decay', 'lr', 'name']);
    expect(spotAt(params, 1, 6)?.name).toBe('lr');
    expect(spotAt(params, 1, 12)).toBeUndefined();
  });

  it('tells the flags that a script declares, with the defaults it writes out', () => {
    const text = 'p.add_argument("-l", "--lr", type=float, default=0.1)\np.add_argument(\'--model\', default="forest")\np.add_argument("--fast", action="store_true")\n@click.option("--n", default=1e-3)';
    expect(scanScript(text).flags).toEqual([{ name: 'lr', default: '0.1' }, { name: 'model', default: 'forest' }, { name: 'fast' }, { name: 'n', default: '1e-3' }]);
  });
});

describe('scanYamlParams', () => {
  it('finds the keys of a params mapping in block and in flow style', () => {
    const text = 'experiments:\n  a:\n    params:\n      lr: 0.1\n      epochs: 8\n    cwd: .\n  b:\n    params: {depth: 3, model: forest}\n';
    expect(names(scanYamlParams(text))).toEqual(['lr', 'epochs', 'depth', 'model']);
    const depth = scanYamlParams(text)[2];
    expect(text.split('\n')[depth?.line ?? 0]?.slice(depth?.start, depth?.end)).toBe('depth');
  });
});
