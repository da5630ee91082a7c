/** A browser's own long description, as somebody would say it: `Chrome 130 · Android`. What cannot be read is shown cut. */
export function agentWords(agent: string): string {
  const browser = /(Edg|OPR|Firefox|MicroMessenger|Chrome|Version)\/(\d+)/.exec(agent);
  const names: Record<string, string> = { Edg: 'Edge', OPR: 'Opera', Version: 'Safari', MicroMessenger: 'WeChat' };
  // The telling one before the general one: Android calls itself Linux first.
  const system = ['Android', 'iPhone', 'iPad', 'HarmonyOS', 'Windows', 'Mac OS X', 'Linux'].find((name) => agent.includes(name));
  if (!browser?.[1]) return agent.slice(0, 40);
  // Edge and Opera call themselves Chrome first.
  const own = /(Edg|OPR|MicroMessenger)\/(\d+)/.exec(agent) ?? browser;
  return [`${names[own[1] ?? ''] ?? own[1]} ${own[2]}`, system === 'Mac OS X' ? 'macOS' : system].filter(Boolean).join(' · ');
}
