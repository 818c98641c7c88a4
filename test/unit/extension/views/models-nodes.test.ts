import { describe, expect, test } from 'vitest';
import { contextOf, idOf, modelNodes, modelWords, NEWEST, rootNodes, type ModelsNode } from '../../../../src/extension/views/models-nodes';
import { ana, liveRow, modelDetail, modelRow, versionRow, waitingRow } from '../../../support/registry-rows';

const overview = (names: readonly string[]) => ({ models: names.map((name, at) => modelRow({ name, updated: at })), environments: [], waiting: [waitingRow()], conflicts: [] });
const kinds = (nodes: readonly ModelsNode[]): string[] => nodes.map((node) => (node.kind === 'group' ? node.key : node.kind));

describe('the roots', () => {
  test('are models, the newest change first, open as long as they are few', () => {
    const nodes = rootNodes(overview(['a', 'b']));
    expect(nodes.map((node) => node.kind === 'model' && [node.model, node.open])).toEqual([['b', true], ['a', true]]);
  });
  test('of many models begin with what waits for a person', () => {
    expect(kinds(rootNodes(overview(['a', 'b', 'c', 'd'])))).toEqual(['waiting', 'model', 'model', 'model', 'model']);
  });
  test('begin with what two clones disagree about', () => {
    const side = { version: 1, by: ana, t: 0, clone: 'c' };
    const nodes = rootNodes({ ...overview(['a']), conflicts: [{ model: 'a', environment: 'production', text: '', hint: '', first: side, second: side }] });
    expect(kinds(nodes)).toEqual(['conflict', 'model']);
  });
});

describe('a model holds', () => {
  test('what waits, environments in the order of runyard.yaml, then its versions from the newest', () => {
    const detail = modelDetail({
      model: modelRow({ waiting: [waitingRow()], live: [liveRow(), liveRow({ environment: 'gone' }), liveRow({ environment: 'staging', version: 2 })] }),
      versions: [versionRow(), versionRow({ version: 2 })],
    });
    const nodes = modelNodes(detail, false);
    expect(kinds(nodes)).toEqual(['waiting', 'environment', 'environment', 'environment', 'versions']);
    expect(nodes.flatMap((node) => (node.kind === 'environment' ? [node.environment] : []))).toEqual(['staging', 'production', 'gone']);
    const versions = nodes.at(-1);
    expect(versions?.kind === 'group' && versions.children.map((node) => node.kind === 'version' && node.version)).toEqual([2, 1]);
  });
  test('the newest versions and what is live, until all are asked for', () => {
    const versions = Array.from({ length: 50 }, (_, at) => versionRow({ version: at + 1, live: at === 0 ? ['production'] : [] }));
    const group = (all: boolean): ModelsNode[] => modelNodes(modelDetail({ versions }), all).flatMap((node) => (node.kind === 'group' ? node.children : []));
    const few = group(false);
    expect(few).toHaveLength(NEWEST + 2);
    expect(few.at(-2)).toMatchObject({ kind: 'version', version: 1 });
    expect(few.at(-1)).toMatchObject({ kind: 'older', total: 50 });
    expect(group(true)).toHaveLength(50);
  });
});

test('a model says what is live where people are served first, and how much waits', () => {
  expect(modelWords(modelRow({ live: [liveRow({ environment: 'staging', version: 4 }), liveRow({ version: 3 })], waiting: [waitingRow()] }))).toBe('production 3 · staging 4 · 1 waits');
  expect(modelWords(modelRow({ live: [liveRow({ version: null })] }))).toBe('nothing is live');
});

test('menus know what can be rolled back and what has to be fetched', () => {
  expect(contextOf({ kind: 'environment', model: 'm', environment: 'e', live: liveRow({ version: null }) })).toBe('environment empty');
  expect(contextOf({ kind: 'version', model: 'm', version: 1, row: versionRow({ here: false }) })).toBe('version away idle');
});

test('no two rows share an id, whatever they are called', () => {
  const nodes: ModelsNode[] = [
    { kind: 'environment', model: 'a","b', environment: 'c', live: liveRow() }, { kind: 'environment', model: 'a', environment: 'b","c', live: liveRow() },
    { kind: 'waiting', model: 'a', version: 1, environment: 'e', row: waitingRow(), below: true }, { kind: 'waiting', model: 'a', version: 1, environment: 'e', row: waitingRow(), below: false },
    { kind: 'model', model: 'a', row: modelRow(), open: true }, { kind: 'older', model: 'a', shown: 1, total: 2 },
  ];
  expect(new Set(nodes.map(idOf)).size).toBe(nodes.length);
});
