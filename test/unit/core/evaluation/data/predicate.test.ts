import { beforeAll, describe, expect, it } from 'vitest';
import path from 'node:path';
import { predicateProblem } from '../../../../../src/core/evaluation/data/predicate';
import type { Data } from '../../../../../src/core/evaluation/data/types';
import { bench, sql } from './support';

const { file, open, keep, dir } = bench();
file('rows.csv', 'age,region,income,flag,joined,código país,zip,Case\n61,north,10.5,True,2026-01-02,ES,01234,1\n30,south,,False,2025-01-02,NA,99,2\n,north,7,,,x,"",3\n');
let data: Data;
beforeAll(async () => {
  data = await keep('rows.csv');
});

describe('a predicate', () => {
  it.each([
    ["age >= 60 and region = 'north'", '100'], ['income is null', '010'], ['income is not null', '101'], ['not age > 40', '010'], ['AGE > 1', '110'], ['"Case" = 1', '100'],
    ["region in ('north', 'x')", '101'], ["region not in ('north')", '010'], ["region like 'no%'", '101'], ["region not like 'n\\_%' escape '\\'", '111'], ["region ilike 'NO%'", '101'],
    ['flag', '100'], ['not flag', '010'], ["flag = 'True'", '100'], ['flag is true', '100'], ['flag = true or flag is null', '101'],
    ["joined >= '2026-01-01'", '100'], ["joined >= date '2025-01-01' + interval 1 year", '100'], ['year(joined) = 2026', '100'], ['extract(month from joined) = 1', '110'], ["date_diff('day', joined, date '2026-01-03') = 1", '100'],
    ['"código país" = \'NA\'', '010'], ['age between 20 and 40', '010'], ['age not between 20 and 40', '100'], ['case when age > 40 then true else false end', '100'], ['case age when 61 then 1 else 0 end = 1', '100'],
    ['coalesce(age, 0) = 0', '001'], ['nullif(age, 30) is null', '011'], ['try_cast(zip as int) > 100', '100'], ['age::double / 2 > 30', '100'], ["zip similar to '0.*'", '100'], ["regexp_matches(region, '^n')", '101'],
    ['-age < -40 and age % 2 = 1', '100'], ["age in ('61', 30)", '110'], ['true', '111'], ['age is distinct from 30', '101'], ['age > 6e1', '100'], ['income = 10.5', '100'], ['age > 12345678901234567890', '000'],
    ['(age > 1 or age is null) and region <> \'south\'', '101'], ["zip = ''", '001'], ["region || zip = 'south99'", '010'], ["region = 'it''s -- not /* a comment */ ; at all'", '000'], ['age = age', '110'], ['income != income', '000'],
  ])('%s holds for %s', async (where, rows) => {
    expect(await predicateProblem(data, where)).toBeNull();
    expect([...((await data.members([where]))[0] ?? [])].join('')).toBe(rows);
  });

  it('says which columns it reads', async () => {
    expect(await data.checkPredicate('AGE > 1 and (region = \'x\' or age < 3)')).toEqual({ where: 'AGE > 1 and (region = \'x\' or age < 3)', columns: ['age', 'region'] });
  });

  it.each([
    ["regio = 'north'", 'regio', 'there is no column regio; did you mean region?'],
    ['"código pais" > 1', '"código pais"', 'did you mean código país?'],
    ['income > 1 and agee > 3', 'agee', 'did you mean age?'],
    ['region >= 60', 'region >= 60', 'region is a text and the other side is a number'],
    ["age = 'abc'", "age = 'abc'", "'abc' is not a number"],
    ["joined > 'soon'", "joined > 'soon'", "'soon' is not a date"],
    ['age', 'age', 'age is a number, not true or false'],
    ['age + 1', 'age + 1', 'this is a number, not true or false'],
    ['flag and age', 'age', 'age is a number, not true or false'],
    ['not region', 'region', 'region is a text, not true or false'],
    ['region in (1, 2)', 'region in (1', 'region is a text'],
    ['joined > 3', 'joined > 3', 'joined is a date'],
    ['joined between 1 and 2', 'joined between 1', 'joined is a date'],
    ["case age when 'x' then true end", "age when 'x'", "'x' is not a number"],
    ['age + region > 3', 'age + region', "can't be done with a number and a text"],
    ["flag and lower(age) = 'a'", 'lower(age', "can't be done with a number"],
    ["lowr(region) = 'a'", 'lowr', 'did you mean lower?'],
    ["regexp_matches(region, '(')", "regexp_matches(region, '('", 'missing )'],
    ["region = 'ééé' and (age >= 60 an region)", 'an', "can't be read"],
    ['age >= 60 an region', 'region', "can't be read"],
    ['age >', '>', 'breaks off'],
    ['age > 1 and case = 1', '=', 'put double quotes around the column, "Case"'],
    ['código país > 1', '>', 'put double quotes around the column, "código país"'],
    ['region = "upstate"', '"upstate"', "a text goes in single quotes, 'upstate'"],
    ['', '', 'it is empty'],
    ['age > 1e400', 'age > 1e400', 'too large'],
  ])('%s is wrong at %j', async (where, place, message) => {
    const problem = await predicateProblem(data, where);
    expect(problem?.message).toContain(message);
    expect(where.slice(problem?.from, problem?.to)).toBe(place);
    await expect(data.checkPredicate(where)).rejects.toMatchObject({ name: 'RunyardError', code: 'bad_input', message: expect.stringContaining(`predicate ${where}, at ${(problem?.from ?? 0) + 1}: `) as string });
    await expect(data.members(["age > 1", where])).rejects.toMatchObject({ code: 'bad_input' });
  });

  it('that fails on a row is named', async () => {
    await expect(data.members(['age > 1', 'cast(zip as int) > 5'])).rejects.toMatchObject({ code: 'bad_input', message: expect.stringMatching(/predicate cast\(zip as int\) > 5, .*it fails on a row: Could not convert string ''/) as string });
  });

  it('is parsed without data too', async () => {
    expect(await predicateProblem(null, "anything > 3 and lower(x) = 'a'")).toBeNull();
    expect(await predicateProblem(null, 'anything > ')).toMatchObject({ from: 9 });
    expect(await predicateProblem(null, 'anything > getenv(1)')).toMatchObject({ from: 11, to: 17 });
  });
});

describe('a predicate can read nothing but its row', () => {
  file('secret.csv', 'secret\n42\n');
  const secret = path.join(dir, 'secret.csv');
  const hostile = [
    `(select count(*) from read_csv('${secret}')) > 0`, `exists (select 1 from read_text('${secret}'))`, 'age in (select age from data)', 'age = (select max(age) from data)', 'age = any(select 1)', 'age > all([1, 2])',
    `length(read_text('${secret}')) > 0`, `read_csv('${secret}') is null`, `glob('${dir}/*') is null`, `parquet_scan('${secret}') is null`, "sniff_csv('x') is null", "getenv('HOME') is not null", "current_setting('temp_directory') = ''",
    "getvariable('x') is null", 'current_database() = \'x\'', 'current_user = \'x\'', 'user = \'x\'', 'current_schema() is null', 'version() = \'x\'', 'now() > joined', 'today() > joined', 'current_date > joined', 'current_timestamp is null', 'random() > 0.5', 'uuid() is null', "nextval('s') > 0",
    'count(*) > 1', 'sum(age) > 1', 'max(age) = age', 'row_number() over () = 1', 'lag(age) over () > 1', 'age > ?', 'age > $1', 'age > $name', '* is null', 'columns(*) > 1', "columns('a.*') > 1",
    'list_transform([1], lambda x: x) is null', 'list_filter([1], x -> x > 1) is null', '[1, 2] is null', "{'a': 1} is null", '(age, income) = (1, 2)', 'unnest([1]) = 1', 'rowid = 0', 'c0 > 1', 'bad is null', 'row = 1', 'data.age > 1', 'main.data.age > 1', '#1 > 2', 'default',
    'age > 1; drop table data', 'age > 1;', "age > 1; attach 'x'", '1) or (1=1', 'age > 1) from data where (true', 'age > 1 from data', 'age > 1 union select true', 'age > 1 order by 1', 'age > 1 limit 1', 'age > 1 group by 1', 'age > 1 where true', 'age > 1 as x', 'age > 1, true', 'distinct flag',
    'age > 1 -- and region', 'age > 1 /* hidden */', '/* age > 1', 'select true', 'with x as (select 1) select 1', 'from data', 'values (true)', "copy data to 'x'", "install httpfs", 'pragma version', "set memory_limit = '1GB'",
    'x.lower() = \'a\'', "region.lower() = 'a'", "system.main.lower(region) = 'a'", 'lower(distinct region) = \'a\'', "lower(region) filter (where true) = 'a'", 'region collate nocase = \'a\'', "age::foo = 1", "age::int[] is null", "cast(age as enum('a')) is null", "age::main.data is null",
    'error(\'x\') is null', "printf('%s', age) = 'x'", "format('{}', age) = 'x'", "repeat('x', 1000000000) = ''", "range(1000000000) is null", "generate_series(1, 1000000000) is null", "sleep_ms(10000) is null", "query('select 1') is null", "query_table('data') is null", 'struct_extract(age, 1) = 1', 'age[1] = 1', "json_execute_serialized_sql('x') is null", "write_log('x') is null", 'try(age) = 1',
    'age\u0000 > 1', 'age > 1 \u200b', 'age > 1 \u202e', `${'not '.repeat(1500)}flag`, `${'('.repeat(20_000)}flag${')'.repeat(20_000)}`,
  ];

  it.each(hostile.map((where) => [where.length > 100 ? `${where.slice(0, 60)}... (${where.length} signs)` : where, where]))('not %s', async (_, where) => {
    const problem = await predicateProblem(data, where);
    expect(problem).not.toBeNull();
    expect(problem?.message).not.toContain('\n');
    expect(problem?.from).toBeLessThanOrEqual(problem?.to ?? -1);
    await expect(data.members([where])).rejects.toMatchObject({ name: 'RunyardError', code: 'bad_input' });
    if (!/^(c0|bad|row|rowid|user|current_user|current_date|current_timestamp)\b/.test(where)) expect(await predicateProblem(null, where)).not.toBeNull();
  });

  it('so there are more than forty of them', () => {
    expect(hostile.length).toBeGreaterThan(40);
  });

  it('whatever the files are: another file stays closed', async () => {
    await sql(`COPY (SELECT 1 AS a) TO '${path.join(dir, 'p.parquet')}'`);
    const other = await open('p.parquet');
    expect(await predicateProblem(other, `a = (select count(*) from read_csv('${secret}'))`)).not.toBeNull();
    expect((await other.members(['a = 1']))[0]).toEqual(new Uint8Array([1]));
  });
});
