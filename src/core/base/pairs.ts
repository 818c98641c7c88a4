/** Lists of key and value, as wires carry them, and the records that they are. */
export interface Pair { key: string; value: string }

export const pairsOf = (record: Readonly<Record<string, string>>): Pair[] => Object.entries(record).map(([key, value]) => ({ key, value }));

/** By key; the last one counts where one comes twice. */
export const recordOf = (pairs: readonly Pair[]): Record<string, string> => Object.fromEntries(pairs.map(({ key, value }) => [key, value]));
