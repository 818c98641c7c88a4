import type { Command } from '../command';
import { copyWith, placeOf } from '../copying';

export const exportCommand: Command = {
  name: 'export',
  usage: 'mlflow PLACE [--python PATH]',
  summary: "copy this workspace's runs, models and traces to MLflow",
  more: "PLACE is the address of a server, a folder, or an SQLite file (sqlite:///mlflow.db). Folders and files are written by the mlflow of the workspace's Python.\n"
    + 'A server gives runs ids of its own; ours stay in the tag runyard.run_id, by which a second export finds them and an import gives them back.',
  example: 'runyard export mlflow http://127.0.0.1:5000',
  options: { python: { value: 'PATH', help: 'whose mlflow writes a folder or a file' } },
  words: { least: 2, most: 2, what: 'mlflow, and an address, a folder or a file' },
  run(call) {
    const to = placeOf(call);
    const python = call.text('python');
    return copyWith(call, (client, copy) => client.request('mlflow.export', { to, path: call.io.env.PATH ?? '', ...(python === undefined ? {} : { python }), ...copy }));
  },
};
