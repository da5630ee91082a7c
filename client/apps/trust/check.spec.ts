import { afterEach, expect, it, vi } from 'vitest';
import { checkTrust } from './check.ts';
import { deviceOf } from './device.ts';

afterEach(() => vi.unstubAllGlobals());
const http = { protocol: 'http:', host: '10.0.0.5:8080' };
const https = { protocol: 'https:', host: '10.0.0.5:8080' };

it('in plain HTTP it asks the same port over HTTPS, and a refusal is no trust', async () => {
  const asked = vi.fn(async () => new Response(null, { status: 204 }));
  vi.stubGlobal('fetch', asked);
  expect(await checkTrust(http)).toBe('trusted');
  expect(asked).toHaveBeenCalledWith('https://10.0.0.5:8080/trust/check', expect.objectContaining({ credentials: 'omit' }));
  vi.stubGlobal('fetch', async () => Promise.reject(new TypeError('Failed to fetch')));
  expect(await checkTrust(http)).toBe('not');
  vi.stubGlobal('fetch', async () => Promise.reject(new DOMException('late', 'TimeoutError')));
  expect(await checkTrust(http)).toBe('unknown');
});

it('over HTTPS, past a warning, a worker is not registered; where there are none it does not pretend to know', async () => {
  const unregister = vi.fn(async () => true);
  vi.stubGlobal('navigator', { serviceWorker: { register: async () => ({ unregister }) } });
  expect(await checkTrust(https)).toBe('trusted');
  expect(unregister).toHaveBeenCalled();
  vi.stubGlobal('navigator', { serviceWorker: { register: async () => Promise.reject(new DOMException('certificate', 'SecurityError')) } });
  expect(await checkTrust(https)).toBe('not');
  vi.stubGlobal('navigator', {});
  expect(await checkTrust(https)).toBe('unknown');
});

it.each([
  ['Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X)', 5, 'ios'],
  ['Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7)', 5, 'ios'],
  ['Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7)', 0, 'mac'],
  ['Mozilla/5.0 (Linux; Android 14; HUAWEI)', 5, 'android'],
  ['Mozilla/5.0 (Windows NT 10.0; Win64; x64)', 0, 'windows'],
  ['Mozilla/5.0 (X11; Linux x86_64)', 0, 'linux'],
])('%s is %s: %s', (agent, touch, device) => expect(deviceOf(agent, touch)).toBe(device));
