import { expect, it } from 'vitest';
import { inSubnets, machineNames, reachableAt, subnet } from './names.ts';

const machine = { name: 'Hub-1', addresses: ['10.20.30.40', 'fd00::2'] };

it('names a machine as screens in the house may type it', () => {
  const wild = machineNames('0.0.0.0', ['Board.City.gov.cn', '203.0.113.7'], machine);
  expect(wild).toEqual({ dns: ['localhost', 'hub-1', 'hub-1.local', 'board.city.gov.cn'], ip: ['127.0.0.1', '::1', '10.20.30.40', 'fd00::2', '203.0.113.7'] });
  expect(reachableAt('0.0.0.0', wild)[0]).toBe('10.20.30.40');
  // One address alone: nothing else is listened on.
  expect(machineNames('10.20.30.40', [], machine).ip).toEqual(['127.0.0.1', '::1', '10.20.30.40']);
  expect(reachableAt('10.20.30.40', wild)).toEqual(['10.20.30.40']);
});

it('tells networks from what is none, and what lies in them', () => {
  for (const text of ['10.0.0.0/8', '10.0.0.2', 'fd00::/8', '::1']) expect([text, subnet(text)]).not.toEqual([text, null]);
  for (const text of ['10.0.0.0/33', 'balancer', '10.0.0', 'fd00::/129', '']) expect([text, subnet(text)]).toEqual([text, null]);
  const within = inSubnets(['10.0.0.0/8', 'fd00::/8']);
  expect(['10.255.0.1', '::ffff:10.1.1.1', 'fdff::1'].filter((ip) => !within(ip))).toEqual([]);
  expect(['11.0.0.1', 'fe00::1', 'nobody', ''].filter(within)).toEqual([]);
});
