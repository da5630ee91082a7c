import type { BoardViews } from '../board/store.ts';
import type { CountyMark } from '../map/marks.ts';
import { incidentMarks } from './incident/mapMarks.ts';

/** What kinds mark on the map, the gravest first: a kind that has something to say of counties adds itself here. */
export const marksOf = (views: BoardViews): CountyMark[] => [...incidentMarks(views.incident)].sort((a, b) => b.weight - a.weight || (a.code < b.code ? -1 : 1));
