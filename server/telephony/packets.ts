import { StringDecoder } from 'node:string_decoder';

/** One message of the Asterisk Manager Interface: names in lower case; of a name said twice the first value. */
export type Packet = ReadonlyMap<string, string>;

/** Far beyond what an exchange says in one line, one message; whoever says more is none. */
const LINE = 16_384;
const LINES = 512;

export class NotAmi extends Error {}

/**
 * Takes the Manager Interface's bytes apart as they come, whatever way they were cut: a greeting of one line, then messages
 * of `Name: value` lines, each closed by an empty one. Throws {@link NotAmi} beyond its bounds; nothing it was given is in the error.
 */
export class Packets {
  private readonly decoder = new StringDecoder('utf8');
  private rest = '';
  private greeted = false;
  private lines = 0;
  private packet = new Map<string, string>();

  push(chunk: Buffer): Packet[] {
    const out: Packet[] = [];
    this.rest += this.decoder.write(chunk);
    let from = 0;
    for (let end = this.rest.indexOf('\n', from); end >= 0; end = this.rest.indexOf('\n', from)) {
      if (end - from > LINE) throw new NotAmi('a line is too long');
      const line = this.rest.slice(from, this.rest[end - 1] === '\r' && end > from ? end - 1 : end);
      from = end + 1;
      this.take(line, out);
    }
    this.rest = this.rest.slice(from);
    if (this.rest.length > LINE) throw new NotAmi('a line is too long');
    return out;
  }

  private take(line: string, out: Packet[]): void {
    if (!this.greeted) {
      if (!line.startsWith('Asterisk Call Manager/')) throw new NotAmi('the greeting is not that of a manager interface');
      this.greeted = true;
      return;
    }
    if (line === '') {
      if (this.packet.size > 0) out.push(this.packet);
      this.packet = new Map();
      this.lines = 0;
      return;
    }
    if (++this.lines > LINES) throw new NotAmi('a message is too long');
    const colon = line.indexOf(':');
    if (colon <= 0) return;
    const name = line.slice(0, colon).trim().toLowerCase();
    if (!this.packet.has(name)) this.packet.set(name, line.slice(colon + 1).trim());
  }
}

/** An action as it is written; no value can bring a line of its own. */
export function written(fields: Record<string, string>): string {
  return `${Object.entries(fields)
    .map(([name, value]) => `${name}: ${value.replace(/[\r\n]/g, '')}\r\n`)
    .join('')}\r\n`;
}
