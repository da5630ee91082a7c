import { createHash, randomBytes } from 'node:crypto';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { Packets, written, type Packet } from '../telephony/packets.ts';

/**
 * An Asterisk as its Manager Interface shows it: greeting, digest sign-in, events in the order and form of Asterisk 18 to 20,
 * `CoreShowChannels` of what there is. What it tells is kept as its own picture, so that a restart of it, or of whoever
 * listens, finds the same exchange.
 */
export type Event = Record<string, string>;

interface Channel {
  name: string;
  uniqueid: string;
  linkedid: string;
  context: string;
  exten: string;
  number: string;
  application: string;
  bridge: string;
  began: number;
}

export class Asterisk {
  private server: Server | null = null;
  private readonly sockets = new Set<Socket>();
  private readonly channels = new Map<string, Channel>();
  private readonly arrivals: { count: number; done(): void }[] = [];
  /** Sign-ins that succeeded, refused ones, and everything that was said to it. */
  readonly seen = { logins: 0, refused: 0, said: [] as string[] };
  /** Answers `CoreShowChannels` only when told to. */
  holdList = false;
  private held: (() => void) | null = null;
  private asked: (() => void) | null = null;
  port = 0;

  constructor(
    private readonly user: string,
    private readonly secret: string,
    /** Milliseconds; its own clock. */
    private readonly now: () => number,
  ) {}

  async start(port = this.port): Promise<void> {
    const server = createServer((socket) => this.connected(socket));
    this.server = server;
    await new Promise<void>((done) => server.listen(port, '127.0.0.1', done));
    this.port = (server.address() as AddressInfo).port;
  }

  /** As `core restart now`: connections break, and with `calls` all calls are gone. */
  async stop({ calls }: { calls: boolean }): Promise<void> {
    const { server } = this;
    this.server = null;
    for (const s of this.sockets) s.destroy();
    await new Promise((done) => (server ? server.close(done) : done(null)));
    if (calls) this.channels.clear();
  }

  /** Connections break; it goes on. */
  cut(): void {
    for (const s of this.sockets) s.destroy();
  }

  get listeners(): number {
    return this.sockets.size;
  }

  /** When so many have signed in since it was made, and have been told of its channels. */
  listened(count: number): Promise<void> {
    return new Promise((done) => {
      this.arrivals.push({ count, done });
      this.arrived();
    });
  }
  private listed = 0;
  private arrived(): void {
    for (const a of this.arrivals.filter((x) => this.listed >= x.count)) {
      this.arrivals.splice(this.arrivals.indexOf(a), 1);
      a.done();
    }
  }

  /** Tells whoever listens, and changes its own picture. */
  say(...events: Event[]): void {
    for (const event of events) {
      this.picture(event);
      const text = written({ Event: event.Event ?? '', Privilege: 'call,all', Timestamp: (this.now() / 1_000).toFixed(6), ...event });
      for (const s of this.sockets) if (this.letIn.has(s)) s.write(text);
    }
  }

  /** When somebody waits for the list that is held. */
  listAsked(): Promise<void> {
    return this.held ? Promise.resolve() : new Promise((done) => (this.asked = done));
  }

  releaseList(): void {
    this.held?.();
    this.held = null;
  }

  private readonly letIn = new WeakSet<Socket>();

  private connected(socket: Socket): void {
    this.sockets.add(socket);
    socket.on('close', () => this.sockets.delete(socket));
    socket.on('error', () => socket.destroy());
    socket.write('Asterisk Call Manager/5.0.2\r\n');
    // What is said to it has no greeting before it.
    const packets = new Packets();
    packets.push(Buffer.from('Asterisk Call Manager/5.0.2\r\n'));
    const challenge = randomBytes(4).toString('hex');
    socket.on('data', (chunk: Buffer) => {
      this.seen.said.push(chunk.toString());
      for (const p of packets.push(chunk)) this.answer(socket, p, challenge);
    });
  }

  private answer(socket: Socket, p: Packet, challenge: string): void {
    const actionid = p.get('actionid') ?? '';
    const reply = (fields: Event): void => void socket.write(written({ Response: 'Success', ActionID: actionid, ...fields }));
    switch (p.get('action')) {
      case 'Challenge':
        return reply({ Challenge: challenge });
      case 'Login': {
        const key = createHash('md5').update(challenge + this.secret).digest('hex');
        if (p.get('username') !== this.user || p.get('key') !== key) {
          this.seen.refused++;
          reply({ Response: 'Error', Message: 'Authentication failed' });
          socket.end();
          return;
        }
        this.seen.logins++;
        this.letIn.add(socket);
        reply({ Message: 'Authentication accepted' });
        socket.write(written({ Event: 'FullyBooted', Privilege: 'system,all', Uptime: '86400', LastReload: '86400', Status: 'Fully Booted' }));
        return;
      }
      case 'Ping':
        return reply({ Ping: 'Pong', Timestamp: (this.now() / 1_000).toFixed(6) });
      case 'CoreShowChannels': {
        // The picture is of the moment it was asked for; what happens while it is told comes as events between.
        const there = [...this.channels.values()].map((c) => ({ ...c }));
        const list = (): void => {
          reply({ EventList: 'start', Message: 'Channels will follow' });
          for (const c of there) {
            const s = Math.max(0, Math.floor((this.now() - c.began) / 1_000));
            const two = (n: number): string => String(n).padStart(2, '0');
            socket.write(
              written({
                Event: 'CoreShowChannel',
                ActionID: actionid,
                Channel: c.name,
                CallerIDNum: c.number,
                Context: c.context,
                Exten: c.exten,
                Uniqueid: c.uniqueid,
                Linkedid: c.linkedid,
                Application: c.application,
                Duration: `${two(Math.floor(s / 3_600))}:${two(Math.floor(s / 60) % 60)}:${two(s % 60)}`,
                BridgeId: c.bridge,
              }),
            );
          }
          socket.write(written({ Event: 'CoreShowChannelsComplete', ActionID: actionid, EventList: 'Complete', ListItems: String(there.length) }));
          this.listed++;
          this.arrived();
        };
        if (!this.holdList) return list();
        this.held = list;
        this.asked?.();
        return;
      }
      default:
        return reply({ Response: 'Error', Message: 'Invalid/unknown command' });
    }
  }

  private picture(e: Event): void {
    const id = e.Uniqueid ?? '';
    const channel = this.channels.get(id);
    switch (e.Event) {
      case 'Newchannel':
        this.channels.set(id, { name: e.Channel ?? '', uniqueid: id, linkedid: e.Linkedid ?? '', context: e.Context ?? '', exten: e.Exten ?? '', number: e.CallerIDNum ?? '', application: '', bridge: '', began: this.now() });
        break;
      case 'QueueCallerJoin':
        if (channel) Object.assign(channel, { application: 'Queue', context: 'ext-queues' });
        break;
      case 'BridgeEnter':
        if (channel) channel.bridge = e.BridgeUniqueid ?? '';
        break;
      case 'BridgeLeave':
        if (channel) channel.bridge = '';
        break;
      case 'Hangup':
        this.channels.delete(id);
    }
  }
}

/** One caller's call, as Asterisk tells of it step by step. */
export class CallScript {
  private readonly caller: Event;
  private legs = 0;

  constructor(
    readonly id: string,
    number: string,
    private readonly line = '057112345',
  ) {
    this.caller = { Channel: `PJSIP/trunk-telecom-${hex(id)}`, CallerIDNum: number, CallerIDName: '<unknown>', ConnectedLineNum: '<unknown>', Language: 'zh', Context: 'from-pstn', Exten: line, Priority: '1', Uniqueid: id, Linkedid: id };
  }

  rings(): Event[] {
    return [
      { Event: 'Newchannel', ...this.caller, ChannelState: '4', ChannelStateDesc: 'Ring' },
      { Event: 'Newexten', ...this.caller, Application: 'Answer' },
      { Event: 'Newstate', ...this.caller, ChannelState: '6', ChannelStateDesc: 'Up' },
    ];
  }

  queue(): Event[] {
    return [{ Event: 'QueueCallerJoin', ...this.caller, Queue: '600', Position: '1', Count: '1' }];
  }

  private leg(extension: string): Event {
    const n = `${this.id.replace('.', '')}${++this.legs}`;
    return { Channel: `PJSIP/${extension}-${hex(n)}`, CallerIDNum: extension, CallerIDName: `Desk ${extension}`, Context: 'from-internal', Exten: '', Priority: '1', Uniqueid: `${this.id}9${this.legs}`, Linkedid: this.id };
  }

  private dial(event: string, dest: Event, more: Event = {}): Event {
    return { Event: event, ...this.caller, ...Object.fromEntries(Object.entries(dest).map(([k, v]) => [`Dest${k}`, v])), ...more };
  }

  /** A telephone is dialled; what is returned takes it further. */
  dials(extension: string): { begin: Event[]; answer: Event[]; giveUp: Event[]; leave: Event[] } {
    const leg = this.leg(extension);
    const bridge = { BridgeUniqueid: `bridge-${leg.Uniqueid ?? ''}`, BridgeType: 'basic', BridgeTechnology: 'simple_bridge' };
    return {
      begin: [
        { Event: 'Newchannel', ...leg, ChannelState: '0', ChannelStateDesc: 'Down' },
        this.dial('DialBegin', leg, { DialString: extension }),
        { Event: 'Newstate', ...leg, ChannelState: '5', ChannelStateDesc: 'Ringing' },
      ],
      answer: [
        { Event: 'Newstate', ...leg, ChannelState: '6', ChannelStateDesc: 'Up' },
        this.dial('DialEnd', leg, { DialStatus: 'ANSWER' }),
        { Event: 'BridgeCreate', ...bridge, BridgeNumChannels: '0' },
        { Event: 'BridgeEnter', ...leg, ...bridge, BridgeNumChannels: '1' },
        { Event: 'BridgeEnter', ...this.caller, ...bridge, BridgeNumChannels: '2' },
      ],
      giveUp: [this.dial('DialEnd', leg, { DialStatus: 'CANCEL' }), { Event: 'Hangup', ...leg, Cause: '26', 'Cause-txt': 'Answered elsewhere' }],
      leave: [
        { Event: 'BridgeLeave', ...leg, ...bridge, BridgeNumChannels: '1' },
        { Event: 'Hangup', ...leg, Cause: '16', 'Cause-txt': 'Normal Clearing' },
      ],
    };
  }

  abandons(): Event[] {
    return [{ Event: 'QueueCallerAbandon', ...this.caller, Queue: '600', Position: '1', OriginalPosition: '1', HoldTime: '31' }, { Event: 'QueueCallerLeave', ...this.caller, Queue: '600', Position: '1', Count: '0' }];
  }

  hangsUp(): Event[] {
    return [{ Event: 'BridgeLeave', ...this.caller, BridgeUniqueid: '', BridgeNumChannels: '0' }, { Event: 'HangupRequest', ...this.caller }, { Event: 'Hangup', ...this.caller, Cause: '16', 'Cause-txt': 'Normal Clearing' }, { Event: 'SoftHangupRequest', ...this.caller }];
  }
}

const hex = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 8);
