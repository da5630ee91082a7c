import { grades } from '../../../shared/features/incident/record.ts';
import type { IncidentView } from '../../../shared/features/incident/stats.ts';
import type { CountyMark } from '../../map/marks.ts';
import { gradeMark } from './show.ts';

/** Open incidents, one mark a county, shaped as the gravest there. */
export function incidentMarks(view: IncidentView | undefined): CountyMark[] {
  return Object.entries(view?.openBy ?? {}).map(([code, count]) => {
    const grade = view?.gravestBy?.[code] ?? 'none';
    return { kind: 'incident', code, ...gradeMark[grade], count, weight: grade === 'none' ? 1 : 1 + grades.length - grades.indexOf(grade) };
  });
}
