/** Moves an environment from version to version until it is ended: node pointer-child.js ROOT FROM */
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { preparePointer, swapPointer } from '../../../../src/core/registry/live/pointer';

const [root = '', from = '1'] = process.argv.slice(2);
async function move(): Promise<void> {
  for (let version = Number(from); ; version++) {
    const file = path.join(root, 'model.bin');
    writeFileSync(file, Buffer.alloc(200_000, version % 251));
    const pointer = { root: path.join(root, 'models'), model: 'car loan', environment: 'production' };
    const prepared = await preparePointer(pointer, {
      format: 1, model: 'car loan', environment: 'production', version, files: { 'model.onnx': { digest: '', size: 200_000 } }, at: version, by: { name: 'Ana', email: '' }, reason: '', entry: String(version),
    }, [{ path: 'model.onnx', from: file }]);
    await swapPointer(prepared);
    process.stdout.write(`${version}\n`);
  }
}
void move();
