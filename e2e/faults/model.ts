import type { Sent, Units } from './history.ts';

/**
 * What calls must be after a number of acknowledged commands, worked out from those alone. Independent on purpose: nothing
 * of the product's rules, folds or merging is used, only the meaning of the commands, written down a second time.
 */
export interface ModelCall {
  id: string;
  version: number;
  revision: number;
  stage: string;
  topic: string;
  urgency: string;
  locality: string;
  unit: string | null;
  rung: number;
  answered: number | null;
}

export const topics: Record<string, { urgency: string; unit: string | null }> = {
  symptoms: { urgency: 'urgent', unit: 'health' },
  hazard: { urgency: 'urgent', unit: 'emergency' },
  supplies: { urgency: 'soon', unit: 'supplies' },
  complaint: { urgency: 'soon', unit: 'market' },
  advice: { urgency: 'normal', unit: null },
};

const desk = ['operator', 'leader'];
/** Every way there is, who may go it, and what it asks for. */
const ways: Record<string, Record<string, { roles: string[]; needs?: 'unit' | 'reply' | 'reason' | 'rating' }>> = {
  accepted: { dispatched: { roles: desk, needs: 'unit' }, answered: { roles: desk, needs: 'reply' }, urged: { roles: ['leader'], needs: 'unit' } },
  dispatched: { inHand: { roles: desk }, answered: { roles: desk, needs: 'reply' }, sentBack: { roles: desk, needs: 'reason' }, urged: { roles: ['leader'] } },
  sentBack: { dispatched: { roles: desk, needs: 'unit' }, answered: { roles: desk, needs: 'reply' } },
  inHand: { answered: { roles: desk, needs: 'reply' }, sentBack: { roles: desk, needs: 'reason' }, urged: { roles: ['leader'] } },
  urged: { inHand: { roles: desk }, answered: { roles: desk, needs: 'reply' }, sentBack: { roles: desk, needs: 'reason' } },
  answered: { finished: { roles: desk }, inHand: { roles: desk, needs: 'reason' } },
  finished: { calledBack: { roles: desk }, inHand: { roles: desk, needs: 'reason' } },
  calledBack: { rated: { roles: desk, needs: 'rating' }, inHand: { roles: desk, needs: 'reason' } },
};
export const waysFrom = (stage: string): [string, { roles: string[]; needs?: 'unit' | 'reply' | 'reason' | 'rating' }][] => Object.entries(ways[stage] ?? {});

const closed = ['calledBack', 'rated'];
export const sees = (units: Units, call: { unit: string | null; locality: string }): boolean => units === null || (call.unit !== null && units.includes(call.unit));

/** What is not of this revision any more is kept as it was: the past is asked for too. */
export class Model {
  revision: number;
  private readonly calls = new Map<string, ModelCall>();

  constructor(after: number, calls: Iterable<ModelCall> = []) {
    this.revision = after;
    for (const call of calls) this.calls.set(call.id, call);
  }

  all(): ModelCall[] {
    return [...this.calls.values()];
  }

  put(call: ModelCall): void {
    this.calls.set(call.id, call);
  }

  get(id: string): ModelCall | undefined {
    return this.calls.get(id);
  }

  /** What a command makes of a call as things stand; null when it changes nothing; a text when it should have been refused. */
  effect(sent: Sent, result: Record<string, unknown>): ModelCall | null | string {
    const { body } = sent;
    if (sent.type === 'call.log') {
      const id = String(result.id);
      if (this.calls.has(id)) return 'it was logged before';
      const topic = topics[String(body.topic)];
      if (!topic) return 'there is no such topic';
      const unit = body.unit === undefined ? topic.unit : (body.unit as string | null);
      const call: ModelCall = {
        id,
        version: 1,
        revision: 0,
        stage: body.reply ? 'answered' : unit === null ? 'accepted' : 'dispatched',
        topic: String(body.topic),
        urgency: topic.urgency,
        locality: String(body.locality),
        unit,
        rung: Number(body.rung),
        answered: body.answered as number | null,
      };
      return sees(sent.units, call) ? call : 'outside the scope';
    }
    const now = this.calls.get(String(body.id));
    if (!now) return 'there is no such call';
    if (!sees(sent.units, now)) return 'outside the scope';
    if (sent.type === 'call.move') return this.moved(sent, now);
    if (sent.type !== 'call.amend') return 'there is no such command';
    const next = { ...now, version: now.version + 1 };
    let changed = false;
    for (const [field, { from, to }] of Object.entries(body.changes as Record<string, { from: unknown; to: unknown }>)) {
      const is = now[field as keyof ModelCall];
      if (is === to) continue;
      if (is !== from) return `${field} had moved`;
      Object.assign(next, { [field]: to }, field === 'topic' ? { urgency: topics[String(to)]?.urgency } : {});
      changed = true;
    }
    return changed ? next : null;
  }

  private moved({ body, role }: Sent, now: ModelCall): ModelCall | string {
    if (now.stage !== body.from) return 'it had moved on';
    const way = ways[now.stage]?.[String(body.to)];
    if (!way) return 'there is no such way';
    if (!way.roles.includes(role)) return 'not for this role';
    if (way.needs && !(way.needs === 'unit' && now.unit !== null) && !body[way.needs]) return `${way.needs} is missing`;
    return { ...now, version: now.version + 1, stage: String(body.to), unit: (body.unit as string | undefined) ?? now.unit };
  }

  /** What a console of this scope holds. */
  held(units: Units): Map<string, ModelCall> {
    return new Map(this.all().filter((c) => !closed.includes(c.stage) && sees(units, c)).map((c) => [c.id, c]));
  }

  /** What a wall says of open calls. */
  figures(): { open: number; stages: Record<string, number>; topics: Record<string, number> } {
    const stages: Record<string, number> = {};
    const byTopic: Record<string, number> = {};
    let open = 0;
    for (const c of this.all()) {
      if (closed.includes(c.stage)) continue;
      open += 1;
      stages[c.stage] = (stages[c.stage] ?? 0) + 1;
      byTopic[c.topic] = (byTopic[c.topic] ?? 0) + 1;
    }
    return { open, stages, topics: byTopic };
  }
}
