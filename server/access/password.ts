import { randomBytes, randomInt, scrypt, timingSafeEqual } from 'node:crypto';
import { refuse, refuseField } from '../../shared/protocol/errors.ts';

/** What one hash costs: log2 of scrypt's N, with r and p. */
export interface HashCost {
  ln: number;
  r: number;
  p: number;
}
/** OWASP's Password Storage Cheat Sheet. 32 MiB and about a third of a second for one hash. */
const COST: HashCost = { ln: 15, r: 8, p: 3 };
const HASH_BYTES = 32;

export const PASSWORD_MIN = 10;
export const PASSWORD_MAX = 200;

/**
 * Hashes of people's passwords: `scrypt$ln$r$p$salt$hash`, so that a hash says itself how it was made. At most two are
 * computed at a time and few wait: memory for passwords is bounded whoever knocks.
 */
export class Passwords {
  private running = 0;
  private readonly queue: (() => void)[] = [];
  private readonly nobody: string;

  constructor(
    private readonly atOnce = 2,
    private readonly mayWait = 60,
    private readonly cost: HashCost = COST,
  ) {
    this.nobody = format(cost, randomBytes(16), randomBytes(HASH_BYTES));
  }

  async hash(password: string): Promise<string> {
    const salt = randomBytes(16);
    return format(this.cost, salt, await this.derive(password, salt, this.cost, HASH_BYTES));
  }

  /** Costs the same for a person that does not exist: `stored` is then undefined, and the answer false. */
  async verify(password: string, stored: string | undefined): Promise<boolean> {
    const { salt, hash, ...parameters } = parse(stored ?? this.nobody);
    const derived = await this.derive(password, salt, parameters, hash.length);
    return timingSafeEqual(derived, hash) && stored !== undefined;
  }

  /** Made with other parameters than today's: to be made anew at the next sign-in. */
  outdated(stored: string): boolean {
    const { ln, r, p } = parse(stored);
    return ln !== this.cost.ln || r !== this.cost.r || p !== this.cost.p;
  }

  private async derive(password: string, salt: Buffer, { ln, r, p }: HashCost, length: number): Promise<Buffer> {
    if (this.running >= this.atOnce) {
      if (this.queue.length >= this.mayWait) throw refuse('tooMany', { retryAfter: 5 });
      await new Promise<void>((turn) => this.queue.push(turn));
    } else this.running += 1;
    try {
      const N = 2 ** ln;
      return await new Promise<Buffer>((done, fail) => {
        scrypt(password.normalize('NFKC'), salt, length, { N, r, p, maxmem: 256 * N * r }, (error, key) => (error ? fail(error) : done(key)));
      });
    } finally {
      const next = this.queue.shift();
      if (next) next();
      else this.running -= 1;
    }
  }
}

function format({ ln, r, p }: HashCost, salt: Buffer, hash: Buffer): string {
  return ['scrypt', ln, r, p, salt.toString('base64url'), hash.toString('base64url')].join('$');
}

function parse(stored: string): HashCost & { salt: Buffer; hash: Buffer } {
  const [name, ln, r, p, salt, hash] = stored.split('$');
  if (name !== 'scrypt' || !salt || !hash) throw new Error('a stored password hash has an unknown form');
  return { ln: Number(ln), r: Number(r), p: Number(p), salt: Buffer.from(salt, 'base64url'), hash: Buffer.from(hash, 'base64url') };
}

/** Refuses a password that is too short or that anyone would try first. Throws with the field `path`. */
export function demandGood(password: string, userName: string, path: string): void {
  const text = password.normalize('NFKC');
  const letters = [...text];
  if (letters.length < PASSWORD_MIN) throw refuseField(path, 'tooShort', { min: PASSWORD_MIN });
  if (letters.length > PASSWORD_MAX) throw refuseField(path, 'tooLong', { max: PASSWORD_MAX });
  const plain = text.toLowerCase();
  const steps = letters.slice(1).map((c, i) => (c.codePointAt(0) ?? 0) - (letters[i]?.codePointAt(0) ?? 0));
  const easy =
    new Set(letters).size < 5 ||
    steps.filter((s) => Math.abs(s) <= 1).length >= steps.length * 0.7 ||
    isRepeated(plain) ||
    (userName.length >= 3 && plain.includes(userName) && letters.length - [...userName].length < PASSWORD_MIN - 2);
  if (easy) throw refuseField(path, 'passwordTooEasy');
}

/** `abcabcabcabc`: a short piece again and again. */
function isRepeated(text: string): boolean {
  const at = (text + text).indexOf(text, 1);
  return at < text.length;
}

/** No letter that is taken for another when read from a screen or a note. */
const readable = 'abcdefghjkmnpqrstuvwxyz23456789';

/** 16 letters in fours, some 79 bits: to be read out or copied by hand, and changed at the first sign-in. */
export function oneTimePassword(): string {
  const letters = Array.from({ length: 16 }, () => readable[randomInt(readable.length)]);
  return [0, 4, 8, 12].map((i) => letters.slice(i, i + 4).join('')).join('-');
}
