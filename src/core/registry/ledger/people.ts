/** When two names are one person: by their address, as git's commits are counted; by their name where there is none. Pure. */
import type { Person } from '../../../protocol/registry';

export const personKey = ({ name, email }: Person): string => (email.trim() === '' ? `name ${name.trim().toLowerCase()}` : email.trim().toLowerCase());
export const samePerson = (a: Person, b: Person): boolean => personKey(a) === personKey(b);
