/** The engine's door: params parsed before anybody sees them, errors in the one shape that clients read. */
import { ErrorCodes, ResponseError, type MessageConnection } from 'vscode-jsonrpc/node';
import type { z } from 'zod';
import { RunyardError, describeError } from '../core/base/errors';
import type { Log } from '../core/base/log';
import { methods, type MethodArgs, type MethodName, type MethodResults } from '../protocol/engine';

/** As the Language Server Protocol numbers it: the request was understood and couldn't be done. */
const REQUEST_FAILED = -32803;

/** Whoever asks, for as long as they are connected. */
export interface Caller { onGone(heard: () => void): void }

export type Handlers<M extends MethodName = MethodName> = { [K in M]: (args: MethodArgs<K>, caller: Caller) => MethodResults[K] | Promise<MethodResults[K]> };

/** Answers every method of the table on a connection. A request that isn't in the table, or with params that don't fit, is bad_input. */
export function serve(connection: MessageConnection, handlers: Handlers, log: Log): void {
  const caller: Caller = { onGone: (heard) => { gone.push(heard); } };
  const gone: (() => void)[] = [];
  connection.onDispose(() => { for (const heard of gone.splice(0)) heard(); });
  connection.onRequest(async (method: string, params: unknown) => {
    try {
      return await answer(handlers, { method, params, caller });
    } catch (error) {
      if (!(error instanceof RunyardError) || error.code === 'internal') log.error(`${method} failed`, error);
      return toResponseError(error);
    }
  });
}

interface Request<M = string> { method: M; params: unknown; caller: Caller }

async function answer(handlers: Handlers, { method, ...request }: Request): Promise<unknown> {
  if (!isMethod(method)) throw new RunyardError('unsupported', `this engine doesn't know ${method}`, 'update Runyard in every window, then reload them');
  return call(handlers, { method, ...request });
}

async function call<M extends MethodName>(handlers: Handlers, { method, params, caller }: Request<M>): Promise<MethodResults[M]> {
  const parsed = methods[method].safeParse(params ?? {});
  if (!parsed.success) throw new RunyardError('bad_input', `${method}: ${faults(parsed.error)}`, 'mend the named fields');
  return handlers[method](parsed.data as MethodArgs<M>, caller);
}

const isMethod = (name: string): name is MethodName => Object.hasOwn(methods, name);

/** One line naming each field that doesn't fit. */
function faults(error: z.ZodError): string {
  return error.issues.map((issue) => (issue.path.length > 0 ? `${issue.path.join('.')}: ${issue.message}` : issue.message)).join('; ');
}

function toResponseError(error: unknown): ResponseError<{ code: string; message: string; hint: string }> {
  const { code, hint } = error instanceof RunyardError ? error : { code: 'internal', hint: "look into the engine's log" };
  const message = error instanceof RunyardError ? error.message : describeError(error);
  return new ResponseError(code === 'bad_input' ? ErrorCodes.InvalidParams : REQUEST_FAILED, message, { code, message, hint });
}
