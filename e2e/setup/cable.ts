import { connect, createServer, type NetConnectOpts, type Server, type Socket } from 'node:net';
import { Transform, type TransformCallback } from 'node:stream';

/**
 * A cable between two programs that the test can pull: bytes pass as they are, until they do not. Pulled, it is silent as
 * a real one is: nothing is closed, nothing arrives, and a new connection waits without a word. What was on its way when it
 * was pulled comes late, all at once, when it is plugged in again. Made long, it brings everything as late as it is long.
 */
export class Cable {
  private readonly pairs = new Set<Pair>();
  private state: 'in' | 'pulled' | 'cut' = 'in';
  /** Milliseconds a byte is under way, in either direction. */
  delay = 0;
  /** Taken from the near end while pulled: connected on when it is plugged in again. */
  private readonly waiting = new Set<Socket>();

  private constructor(
    private readonly server: Server,
    public to: NetConnectOpts,
  ) {}

  static async lay(to: NetConnectOpts): Promise<Cable> {
    const server = createServer({ allowHalfOpen: false, noDelay: true });
    const cable = new Cable(server, to);
    server.on('connection', (near) => cable.taken(near));
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    return cable;
  }

  /** Of the near end, on this machine. */
  get port(): number {
    const address = this.server.address();
    if (address === null || typeof address === 'string') throw new Error('this cable has been taken away');
    return address.port;
  }

  pull(): void {
    this.state = 'pulled';
    for (const { near, far, out, back } of this.pairs) {
      near.unpipe(out).pause();
      far.unpipe(back).pause();
      out.unpipe(far).pause();
      back.unpipe(near).pause();
    }
  }

  plug(): void {
    // What is in stays as it is: joined a second time, every byte would pass twice.
    if (this.state === 'in') return;
    this.state = 'in';
    for (const { near, far, out, back } of this.pairs) {
      near.pipe(out).pipe(far);
      far.pipe(back).pipe(near);
    }
    for (const near of this.waiting) this.join(near);
    this.waiting.clear();
  }

  /** The other end is gone and says so: what is open breaks, what is new is turned away. */
  cut(): void {
    this.state = 'cut';
    for (const { near, far } of this.pairs) for (const end of [near, far]) end.destroy();
    for (const near of this.waiting) near.destroy();
    this.waiting.clear();
  }

  async remove(): Promise<void> {
    this.cut();
    await new Promise<void>((done) => this.server.close(() => done()));
  }

  private taken(near: Socket): void {
    // A broken end is what this is for.
    near.on('error', () => near.destroy());
    if (this.state === 'cut') near.resetAndDestroy();
    else if (this.state === 'pulled') {
      near.pause();
      this.waiting.add(near);
      near.once('close', () => this.waiting.delete(near));
    } else this.join(near);
  }

  private join(near: Socket): void {
    const far = connect({ ...this.to, noDelay: true } as NetConnectOpts);
    const pair: Pair = { near, far, out: new Way(() => this.delay), back: new Way(() => this.delay) };
    this.pairs.add(pair);
    // Nobody there, or gone without a word: so it is for the near end too.
    far.on('error', () => near.resetAndDestroy());
    near.pipe(pair.out).pipe(far);
    far.pipe(pair.back).pipe(near);
    near.once('close', () => far.destroy());
    far.once('close', () => {
      this.pairs.delete(pair);
      near.destroy();
    });
  }
}

interface Pair {
  near: Socket;
  far: Socket;
  out: Way;
  back: Way;
}

/** One direction. What is under way stays so long under way as it was when it set out; nothing overtakes. */
class Way extends Transform {
  /** Chunks that have not arrived, and when the last of them will (monotonic). */
  private readonly flying: Buffer[] = [];
  private last = 0;
  /** Called once what is under way has arrived; nothing more will set out. */
  private landed: (() => void) | null = null;

  constructor(private readonly delay: () => number) {
    super();
  }

  override _transform(chunk: Buffer, _: BufferEncoding, taken: TransformCallback): void {
    const now = performance.now();
    const due = Math.max(this.last, now + this.delay());
    if (this.flying.length === 0 && due <= now) return taken(null, chunk);
    this.last = due;
    this.flying.push(chunk);
    // Timers keep whole milliseconds and may pass one another: whichever comes, the chunk that set out first arrives.
    setTimeout(() => {
      const first = this.flying.shift();
      if (!this.destroyed) this.push(first);
      if (this.flying.length === 0) this.landed?.();
    }, due - now);
    taken();
  }

  override _flush(done: TransformCallback): void {
    if (this.flying.length === 0) return done();
    // Not by a timer of its own, which may come before the last chunk's.
    this.landed = done;
  }
}
