/** Time as an argument, so that tests can set it. Seconds since the epoch, UTC. */
export type Clock = () => number;
export const systemClock: Clock = () => Date.now() / 1000;
