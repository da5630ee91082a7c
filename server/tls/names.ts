import { BlockList, isIP } from 'node:net';
import { hostname, networkInterfaces } from 'node:os';

/** What a machine is reached by: names as in DNS, and IP addresses. */
export interface Names {
  dns: string[];
  ip: string[];
}

const dnsName = /^(?=.{1,253}$)[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9])?(?:\.[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9])?)*$/;

export const isDnsName = (text: string): boolean => dnsName.test(text);

/**
 * Everything a screen in the house may type: this machine's name, alone and as the house's own name service gives it
 * (`.local`), its addresses that others can reach, itself, and whatever was named by hand. Link-local IPv6 is left out:
 * no browser takes an address with a zone.
 */
export function machineNames(host: string, extra: readonly string[], machine: { name: string; addresses: readonly string[] } = thisMachine()): Names {
  const own = machine.name.toLowerCase();
  const wild = host === '0.0.0.0' || host === '::';
  const all = ['localhost', ...(wild ? [] : [host]), own, ...(own.includes('.') ? [] : [`${own}.local`]), ...extra.map((name) => name.toLowerCase())];
  const ip = new Set(['127.0.0.1', '::1', ...(wild ? machine.addresses : []), ...all.filter((name) => isIP(name) !== 0)]);
  return { dns: [...new Set(all.filter((name) => isIP(name) === 0 && isDnsName(name)))], ip: [...ip] };
}

export function thisMachine(): { name: string; addresses: string[] } {
  const addresses = Object.values(networkInterfaces())
    .flatMap((all) => all ?? [])
    .filter((a) => !a.internal && !/^fe80:/i.test(a.address))
    .map((a) => a.address);
  return { name: hostname(), addresses };
}

/** Where a screen in another room finds the hub: what stands in a printed address, the plainest first. */
export function reachableAt(host: string, names: Names): string[] {
  if (host !== '0.0.0.0' && host !== '::') return [host];
  const outside = names.ip.filter((ip) => ip !== '127.0.0.1' && ip !== '::1');
  return [...outside.filter((ip) => isIP(ip) === 4), ...outside.filter((ip) => isIP(ip) === 6), ...names.dns.filter((name) => name !== 'localhost')];
}

/** As it stands in an address: IPv6 in brackets. */
export const bracketed = (host: string): string => (isIP(host) === 6 ? `[${host}]` : host);

/** `10.0.0.0/8` or one address; null for anything else. */
export function subnet(text: string): { address: string; prefix: number; family: 'ipv4' | 'ipv6' } | null {
  const [, address = '', length] = /^([0-9a-fA-F.:]+)(?:\/(\d{1,3}))?$/.exec(text) ?? [];
  const version = isIP(address);
  if (version === 0) return null;
  const most = version === 4 ? 32 : 128;
  const prefix = length === undefined ? most : Number(length);
  return prefix <= most ? { address, prefix, family: version === 4 ? 'ipv4' : 'ipv6' } : null;
}

/** Whether an address lies in one of the networks. */
export function inSubnets(networks: readonly string[]): (ip: string) => boolean {
  const list = new BlockList();
  for (const text of networks) {
    const net = subnet(text);
    if (net) list.addSubnet(net.address, net.prefix, net.family);
  }
  return (ip) => {
    const plain = ip.replace(/^::ffff:(?=\d+\.)/i, '');
    const version = isIP(plain);
    return version !== 0 && list.check(plain, version === 4 ? 'ipv4' : 'ipv6');
  };
}
