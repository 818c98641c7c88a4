/** Names that can be said aloud: brave-otter-17. */
import { randomInt } from 'node:crypto';

const HOW = 'amber brave brisk calm clear crisp eager early fair fleet fond gentle glad golden grand green happy honest keen kind lively lucid mellow merry mild neat noble proud quick quiet rapid ready rosy sharp silver sleek smart smooth snowy solid steady still sunny swift tidy warm wise young'.split(' ');
const WHO = 'adder alder aspen badger beech bison cedar crane cricket dove eagle elm falcon fern finch fox gecko hare hawk hazel heron ibis iris jay juniper koala lark lemur linnet lotus lynx maple marten mink newt oak orca osprey otter owl pine plover poplar quail raven robin rowan sable salmon seal sorrel spruce swan tern thistle tiger trout tulip wren yarrow'.split(' ');

/** A new name; about 300,000 there are, so a name twice is rare, and harmless: the id tells runs apart. */
export const newName = (): string => `${HOW[randomInt(HOW.length)]}-${WHO[randomInt(WHO.length)]}-${randomInt(100)}`;
