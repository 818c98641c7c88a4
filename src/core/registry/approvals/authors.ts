/** Who made a version: their own approval counts nothing. */
import { samePerson } from '../ledger/people';
import type { Person, VersionFacts } from '../../../protocol/registry';
import { withGit } from './git';

/** Who registered it, and who wrote the commit that it was made from, under their names there and by .mailmap. A commit that isn't here names nobody. */
export async function authorsOf(workspace: string, { author, code }: Pick<VersionFacts, 'author' | 'code'>): Promise<Person[]> {
  const found = [author];
  const { commit } = code;
  if (commit === null || !/^[0-9a-f]{7,64}$/.test(commit)) return found;
  const { status, out } = await withGit(workspace, (git) => git.run(['log', '-1', '--no-show-signature', '--format=%aN%x00%aE%x00%an%x00%ae', commit, '--']));
  if (status !== 0) return found;
  const [name = '', email = '', plainName = '', plainEmail = ''] = out.trimEnd().split('\0');
  for (const person of [{ name, email }, { name: plainName, email: plainEmail }]) {
    if (`${person.name}${person.email}` !== '' && !found.some((one) => samePerson(one, person))) found.push(person);
  }
  return found;
}
