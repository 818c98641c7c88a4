/** Each kind of event has a shape of its own, so that colour only repeats what it says. */
import type { TimelinePoint, TimelineShape } from '../shared/timeline-chart';
import type { EventKind } from './model/timeline';

export const eventShapes: Record<EventKind, TimelineShape> = {
  registered: 'disc', evaluated: 'square', gates: 'diamond', approved: 'up', rejected: 'cross', promoted: 'right', forced: 'star', rolledBack: 'left',
  hook: 'dash', hookFailed: 'plus', alias: 'ring', described: 'ring', deleted: 'ring', comment: 'ring',
};
export const eventTones: Record<EventKind, TimelinePoint['tone']> = {
  registered: 'strong', evaluated: 'plain', gates: 'plain', approved: 'plain', rejected: 'bad', promoted: 'strong', forced: 'bad', rolledBack: 'strong',
  hook: 'plain', hookFailed: 'bad', alias: 'plain', described: 'plain', deleted: 'plain', comment: 'plain',
};
