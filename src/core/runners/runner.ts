/**
 * Who starts supervisors. A runner only starts, and hears that what it started has ended: how a run is doing is told by the
 * files of its folder, on every runner alike.
 */
export interface StartedSupervisor {
  /** Becomes true when the supervisor that was started here is gone. */
  readonly gone: Promise<void>;
}

export interface Runner {
  readonly name: string;
  /** Starts the supervisor of a run folder with a spec.json. Starting it twice is harmless: the second one goes away. */
  start(folder: string): StartedSupervisor;
  /** Starts one that watches the command of a folder whose supervisor is gone; `pid` where supervisor.json doesn't know it. */
  adopt(folder: string, pid?: number): StartedSupervisor;
}
