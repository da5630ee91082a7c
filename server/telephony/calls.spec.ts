import { describe, expect, it } from 'vitest';
import { CallScript, type Event } from '../testing/asterisk.ts';
import { Calls, extensionOf, type OpenRing, type Told } from './calls.ts';

const NOW = Date.UTC(2020, 1, 5, 14);
const NUMBER = '19900000126';
const incoming = { contexts: ['from-pstn'], trunks: [] };
const packet = (e: Event): Map<string, string> => new Map(Object.entries(e).map(([k, v]) => [k.toLowerCase(), v]));

/** Each event a second after the one before. */
function play(events: readonly Event[], calls = new Calls(incoming)): string[] {
  return events.flatMap((e, i) => calls.hear(packet(e), NOW + i * 1_000).map(said));
}
const said = (t: Told): string => [t.event, t.extension, t.estimated ? 'reckoned' : undefined].filter((x) => x !== undefined).join(' ');
const script = (): CallScript => new CallScript('1580911200.118', NUMBER);

describe('a call as the exchange tells of it', () => {
  it('answered at the one telephone it rang at', () => {
    const call = script();
    const leg = call.dials('801');
    const all = [...call.rings(), ...leg.begin, ...leg.answer, ...leg.leave, ...call.hangsUp()];
    expect(play(all)).toEqual(['ringing 801', 'answered 801', 'ended']);
    const calls = new Calls(incoming);
    const [first] = all.flatMap((e) => calls.hear(packet(e), NOW));
    expect(first).toEqual({ call: '1580911200.118', event: 'ringing', at: NOW, estimated: false, number: NUMBER, line: '057112345', extension: '801' });
    expect(calls.size).toBe(0);
  });

  it('from a queue at two telephones, and the second takes it', () => {
    const call = script();
    const [a, b] = [call.dials('801'), call.dials('802')];
    expect(play([...call.rings(), ...call.queue(), ...a.begin, ...b.begin, ...b.answer, ...a.giveUp, ...b.leave, ...call.hangsUp()])).toEqual(['ringing', 'ringing 801', 'ringing 802', 'answered 802', 'ended']);
  });

  it('missed: rung through, nobody came', () => {
    const call = script();
    const leg = call.dials('801');
    expect(play([...call.rings(), ...leg.begin, ...leg.giveUp, ...call.hangsUp()])).toEqual(['ringing 801', 'missed']);
  });

  it('abandoned in the queue before any telephone rang; and during the announcement, which is no ring', () => {
    const call = script();
    expect(play([...call.rings(), ...call.queue(), ...call.abandons(), ...call.hangsUp()])).toEqual(['ringing', 'missed']);
    expect(play([...call.rings(), ...call.hangsUp()])).toEqual([]);
  });

  it('transferred: the first who answered answered, and it ends with the caller', () => {
    const call = script();
    const [a, b] = [call.dials('801'), call.dials('803')];
    const all = [...call.rings(), ...a.begin, ...a.answer, { Event: 'BlindTransfer', Result: 'Success' }, ...b.begin, ...a.leave, ...b.answer, ...b.leave, ...call.hangsUp()];
    expect(play(all)).toEqual(['ringing 801', 'answered 801', 'ringing 803', 'ended']);
  });

  it('picked up at another telephone, which was never dialled', () => {
    const call = script();
    const [a, b] = [call.dials('801'), call.dials('804')];
    expect(play([...call.rings(), ...a.begin, ...b.answer.filter((e) => e.Event === 'BridgeEnter'), ...a.giveUp, ...call.hangsUp()])).toEqual(['ringing 801', 'answered 804', 'ended']);
  });

  it('calls of the house among themselves, and those it makes, are none of ours', () => {
    const call = script();
    const inside = [...call.rings(), ...call.dials('802').begin].map((e) => ({ ...e, ...(e.Context && { Context: 'from-internal' }) }));
    expect(play([...inside, ...call.hangsUp()])).toEqual([]);
  });

  it('a trunk is known by its channel, whatever context it enters by', () => {
    const call = script();
    const all = call.rings().map((e) => ({ ...e, Context: 'anything' }));
    expect(play([...all, ...call.queue()], new Calls({ contexts: [], trunks: ['PJSIP/trunk-telecom-'] }))).toEqual(['ringing']);
    expect(play([...all, ...call.queue()], new Calls({ contexts: ['anything'], trunks: ['DAHDI/'] }))).toEqual([]);
  });

  it('the exchange’s own time is taken while it is near ours', () => {
    const call = script();
    const at = (stamp: number): number | undefined => {
      const calls = new Calls(incoming);
      return [...call.rings(), ...call.queue()].flatMap((e) => calls.hear(packet({ ...e, Timestamp: (stamp / 1_000).toFixed(6) }), NOW))[0]?.at;
    };
    expect(at(NOW - 2_500)).toBe(NOW - 2_500);
    expect(at(NOW + 3_600_000)).toBe(NOW);
  });

  it.each([
    ['PJSIP/801-0000002f', '801'],
    ['SIP/801-0000002f', '801'],
    ['Local/801@from-queue-00000011;1', '801'],
    ['DAHDI/i1/8012-3', '8012'],
    ['PJSIP/trunk-telecom-0000001a', undefined],
    [undefined, undefined],
  ])('%s rings at %s', (channel, extension) => expect(extensionOf(channel)).toBe(extension));
});

describe('what happened while nobody listened', () => {
  const channel = (more: Event): Map<string, string> => packet({ Event: 'CoreShowChannel', Linkedid: '1.1', Context: 'from-internal', Duration: '00:00:30', BridgeId: '', Application: '', ...more });
  const caller = channel({ Channel: 'PJSIP/trunk-telecom-01', Uniqueid: '1.1', CallerIDNum: NUMBER, Context: 'ext-queues', Exten: '600', Application: 'Queue' });
  const desk = (bridge: string): Map<string, string> => channel({ Channel: 'PJSIP/802-0000002', Uniqueid: '1.2', CallerIDNum: '802', Duration: '00:00:20', BridgeId: bridge });
  const found = (channels: Map<string, string>[], open: OpenRing[] = []): [string, number][] => new Calls(incoming).reconcile(channels, open, NOW).map((t) => [said(t), NOW - t.at]);

  it('a call that came, rings or is spoken on is told now, its times reckoned', () => {
    expect(found([caller])).toEqual([['ringing reckoned', 30_000]]);
    expect(found([caller, desk('')])).toEqual([['ringing 802 reckoned', 30_000]]);
    const bridged = new Map([...caller, ['bridgeid', 'b']]);
    expect(found([bridged, desk('b')])).toEqual([['ringing 802 reckoned', 30_000], ['answered 802 reckoned', 20_000]]);
  });

  it('a ring on the record is not told again; that it was answered meanwhile, or is over, is', () => {
    const open = { call: '1.1', rung: NOW - 25_000, answered: false };
    expect(found([caller], [open])).toEqual([]);
    expect(found([new Map([...caller, ['bridgeid', 'b']]), desk('b')], [open])).toEqual([['answered 802 reckoned', 20_000]]);
    expect(found([new Map([...caller, ['bridgeid', 'b']]), desk('b')], [{ ...open, answered: true }])).toEqual([]);
    expect(found([], [open])).toEqual([['ended reckoned', 0]]);
  });

  it('goes on from there: the end of a call found is told when it comes', () => {
    const calls = new Calls(incoming);
    calls.reconcile([caller], [], NOW);
    expect(calls.hear(packet({ Event: 'Hangup', Uniqueid: '1.1', Linkedid: '1.1' }), NOW).map(said)).toEqual(['missed']);
  });

  it('calls among the house’s own telephones are passed over', () => {
    expect(found([channel({ Channel: 'PJSIP/803-01', Uniqueid: '1.1', CallerIDNum: '803' }), desk('')])).toEqual([]);
  });
});
