import { column, type Table } from '../table.ts';

/** All calls ever, a line each. Names and numbers as their masks; of a narrative nothing, since a mask of it says nothing. */
export const table: Table = {
  columns: [
    column.text('number', 15),
    column.time('rung'),
    column.masked('callerName', 8),
    column.masked('callerNumber', 14),
    column.item('topic', 'topics', 16),
    column.place('locality', 26),
    column.word('call', 'stage', 'stages', 9),
    column.unit('unit', 16),
    column.word('call', 'urgency', 'urgencies', 8),
    column.word('call', 'origin', 'origins', 9),
    column.text('operator', 12),
  ],
};
