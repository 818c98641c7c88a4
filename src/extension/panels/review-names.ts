/** What an evaluation set's next version may be called, and which sets there are. Pure. */

/** 'data/holdout.csv' is followed by 'data/holdout-v2.parquet', and that by 'data/holdout-v3.parquet'; of nothing 'NAME-reviewed.parquet'. */
export function nextName(previous: string | null, model: string): string {
  if (previous === null) return `${(model.split('@')[0] ?? model).replace(/[^\w.-]+/g, '-')}-reviewed.parquet`;
  const [, folder = '', name = ''] = /^(.*[/\\])?([^/\\]+?)(?:\.[^./\\]+)?$/.exec(previous) ?? [];
  const [, stem = name, number] = /^(.*)-v(\d+)$/.exec(name) ?? [];
  return `${folder}${stem}-v${number === undefined ? 2 : Number(number) + 1}.parquet`;
}

export interface SetChoice { file: string; /** the newest evaluation on it, which tells its label */ evaluation: string; names: string[]; rows: number }

/** Files that models were evaluated on, as evaluations name them: one each, the one of the newest evaluation first. Several files or globs are no version. */
export function previousChoices(evaluations: readonly { id: string; name: string; data: string; rows: number; created: number }[]): SetChoice[] {
  const found = new Map<string, SetChoice>();
  for (const { id, name, data, rows } of [...evaluations].sort((a, b) => b.created - a.created)) {
    if (data === '' || /, |[*?[{]/.test(data)) continue;
    const known = found.get(data);
    if (!known) found.set(data, { file: data, evaluation: id, names: [name], rows });
    else if (!known.names.includes(name)) known.names.push(name);
  }
  return [...found.values()];
}
