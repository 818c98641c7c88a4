import { describe, expect, it } from 'vitest';
import { checkAlias, checkArchiving, checkModelName, checkNewAlias, parseModelAddress, toStage, toVersion } from '../../../../src/core/registry/rules';

describe('names', () => {
  it.each(['loan', 'my model', 'a.b', 'm@x', 'ä', '...'])('may be %s', (name) => {
    expect(() => checkModelName(name)).not.toThrow();
  });
  it.each([['', /Missing value for required parameter 'name'/], ['  ', /Missing value/], ['a/b', /cannot contain '\/' or ':'/], ['a:b', /cannot contain/], ['..', /resolve to '\.\.'/], ['.', /resolve to '\.'/]])('can\'t be %j', (name, why) => {
    expect(() => checkModelName(name)).toThrow(why);
  });
});

describe('aliases', () => {
  it.each(['champion', 'A-1_b', 'vx', 'v', 'latestest', 'ü'])('may be %s', (alias) => {
    expect(() => checkNewAlias(alias)).not.toThrow();
  });
  it.each([['latest', /reserved/], ['LATEST', /reserved/], ['v12', /Version alias name 'v12' is reserved/], ['V1', /reserved/], ['a.b', /may only contain/], ['a b', /may only contain/], ['', /empty/], ['a'.repeat(256), /maximum length of 255/]])('can\'t be %j', (alias, why) => {
    expect(() => checkNewAlias(alias)).toThrow(why);
  });
  it('may be asked for by a word that means something already', () => {
    expect(() => { checkAlias('latest'); checkAlias('v1'); }).not.toThrow();
  });
});

describe('versions and stages', () => {
  it('are numbers as text, and names in any case', () => {
    expect([toVersion('12'), toVersion(' 3 '), toVersion('-1')]).toEqual([12, 3, -1]);
    expect([toStage('production'), toStage('NONE'), toStage('Archived')]).toEqual(['Production', 'None', 'Archived']);
  });
  it.each(['x', '', '1.5', '1e3', '9'.repeat(20)])('%j is no version', (text) => {
    expect(() => toVersion(text)).toThrow(`Parameter 'version' must be an integer, got '${text}'`);
  });
  it('say what they may be', () => {
    expect(() => toStage('live')).toThrow('Invalid Model Version stage: live. Value must be one of None, Staging, Production, Archived.');
    expect(() => checkArchiving('None')).toThrow(/'None' is not an Active stage/);
    expect(() => checkArchiving('Staging')).not.toThrow();
  });
});

describe('an address', () => {
  it.each([
    ['models:/loan/3', { name: 'loan', version: 3 }], ['models:/my loan/latest', { name: 'my loan', stage: null }], ['models:/loan/LATEST', { name: 'loan', stage: null }],
    ['models:/loan/production', { name: 'loan', stage: 'Production' }], ['models:/loan@live', { name: 'loan', alias: 'live' }], ['models:/a@b@c', { name: 'a@b', alias: 'c' }],
    ['models:/m-1234', { model: 'm-1234' }], ['models://host/loan/3', { name: 'loan', version: 3 }],
  ])('%s is told apart', (uri, meant) => {
    expect(parseModelAddress(uri)).toEqual(meant);
  });
  it.each(['models:', 'models:/', 'models:/a/b/c', 'models:/a/', 'models:/a@', 'runs:/a/b', 'loan/3', 'models:loan/3'])('%s is none', (uri) => {
    expect(parseModelAddress(uri)).toBeUndefined();
  });
});
