import { TZDate } from '@date-fns/tz';
import type { BoardInfo } from '../../shared/protocol/messages.ts';
import type { Instant } from '../../shared/time/clock.ts';
import type { Version } from '../record/versions.ts';

/**
 * Common Alerting Protocol 1.2 (OASIS, 2010): what happened to a record, for systems that take warnings. A kind says what
 * each of its versions means; the messages, their names and what refers to what follow from the log, so that they are the
 * same whenever they are asked for.
 */
export interface CapMeaning {
  msgType: 'Alert' | 'Update' | 'Cancel';
  /** Null: for anybody; else for whom it is meant (`Restricted`). */
  restriction: string | null;
  category: 'Geo' | 'Met' | 'Safety' | 'Security' | 'Rescue' | 'Fire' | 'Health' | 'Env' | 'Transport' | 'Infra' | 'CBRNE' | 'Other';
  responseType: 'Shelter' | 'Evacuate' | 'Prepare' | 'Execute' | 'Avoid' | 'Monitor' | 'Assess' | 'AllClear' | 'None';
  urgency: 'Immediate' | 'Expected' | 'Future' | 'Past' | 'Unknown';
  severity: 'Extreme' | 'Severe' | 'Moderate' | 'Minor' | 'Unknown';
  certainty: 'Observed' | 'Likely' | 'Possible' | 'Unlikely' | 'Unknown';
  effective: Instant;
  /** In both languages: what it is, in a few words and in full. */
  said: Record<'zh' | 'en', { event: string; headline: string; description: string | null }>;
  parameters: [name: string, value: string][];
  /** GB/T 2260 codes; empty for the whole of the board. */
  localities: string[];
}

/** A kind's version against the one before, by its public fields alone; null where nothing is to be told of it. */
export type CapOf = (after: Record<string, unknown>, before: Record<string, unknown> | null) => CapMeaning | null;

export interface CapMessage extends CapMeaning {
  identifier: string;
  sent: Instant;
  /** Earlier messages of the same course: this one stands in their place. */
  references: { identifier: string; sent: Instant }[];
}

/** Every message a record has given cause for, oldest first. An `Alert` begins a course, a `Cancel` ends it. */
export function capMessages(capOf: CapOf, kind: string, id: string, versions: readonly Version[]): CapMessage[] {
  const messages: CapMessage[] = [];
  let course: CapMessage['references'] = [];
  versions.forEach((version, i) => {
    const meaning = capOf(version.body, versions[i - 1]?.body ?? null);
    if (!meaning) return;
    const identifier = `${kind}.${id}.${version.epoch}.${version.revision}`.replace(/[^\w.-]/g, '_');
    if (meaning.msgType === 'Alert') course = [];
    // What was never told cannot be updated or called off.
    const msgType = course.length === 0 && meaning.msgType === 'Update' ? 'Alert' : meaning.msgType;
    if (course.length === 0 && msgType === 'Cancel') return;
    messages.push({ ...meaning, msgType, identifier, sent: version.recorded, references: course });
    course = msgType === 'Cancel' ? [] : [...course, { identifier, sent: version.recorded }];
  });
  return messages;
}

export interface CapBoard {
  info: BoardInfo;
  /** Of this very board: no other in the world has it. */
  identity: string;
}

export function capXml(board: CapBoard, message: CapMessage): string {
  const { info } = board;
  const sender = `urn:uuid:${board.identity}`;
  const time = (at: Instant): string => capTime(at, info.zone);
  const infoXml = (language: 'zh-CN' | 'en'): string => {
    const key = language === 'en' ? 'en' : 'zh';
    const said = message.said[key];
    return element(
      'info',
      leaf('language', language) +
        leaf('category', message.category) +
        leaf('event', said.event) +
        leaf('responseType', message.responseType) +
        leaf('urgency', message.urgency) +
        leaf('severity', message.severity) +
        leaf('certainty', message.certainty) +
        leaf('effective', time(message.effective)) +
        leaf('senderName', info.name[key]) +
        leaf('headline', said.headline) +
        (said.description === null ? '' : leaf('description', said.description)) +
        message.parameters.map(([name, value]) => element('parameter', leaf('valueName', name) + leaf('value', value))).join('') +
        element(
          'area',
          leaf('areaDesc', info.name[key]) + message.localities.map((code) => element('geocode', leaf('valueName', 'GB/T 2260') + leaf('value', code))).join(''),
        ),
    );
  };
  return `<?xml version="1.0" encoding="UTF-8"?>\n<alert xmlns="urn:oasis:names:tc:emergency:cap:1.2">${
    leaf('identifier', message.identifier) +
    leaf('sender', sender) +
    leaf('sent', time(message.sent)) +
    leaf('status', info.exercise ? 'Exercise' : 'Actual') +
    leaf('msgType', message.msgType) +
    leaf('scope', message.restriction === null ? 'Public' : 'Restricted') +
    (message.restriction === null ? '' : leaf('restriction', message.restriction)) +
    // The standard wants the name of an exercise here.
    (info.exercise ? leaf('note', info.id) : '') +
    (message.references.length === 0 ? '' : leaf('references', message.references.map((r) => `${sender},${r.identifier},${time(r.sent)}`).join(' '))) +
    infoXml('zh-CN') +
    infoXml('en')
  }</alert>\n`;
}

export interface FeedEntry {
  address: string;
  message: CapMessage;
}

/** An Atom list (RFC 4287) of messages in force, newest first. */
export function capFeed(board: CapBoard, address: string, entries: readonly FeedEntry[], now: Instant): string {
  const time = (at: Instant): string => capTime(at, board.info.zone);
  const newest = [...entries].sort((a, b) => b.message.sent - a.message.sent);
  return `<?xml version="1.0" encoding="UTF-8"?>\n<feed xmlns="http://www.w3.org/2005/Atom">${
    leaf('id', `urn:uuid:${board.identity}`) +
    leaf('title', board.info.name.zh) +
    leaf('updated', time(newest[0]?.message.sent ?? now)) +
    element('author', leaf('name', board.info.name.zh)) +
    `<link rel="self" href="${escaped(address)}"/>` +
    newest
      .map(({ address: href, message }) =>
        element(
          'entry',
          leaf('id', `urn:uuid:${board.identity}:${message.identifier}`) +
            leaf('title', message.said.zh.headline) +
            leaf('updated', time(message.sent)) +
            `<link rel="alternate" type="application/cap+xml" href="${escaped(href)}"/>`,
        ),
      )
      .join('')
  }</feed>\n`;
}

const element = (name: string, inside: string): string => `<${name}>${inside}</${name}>`;
const leaf = (name: string, text: string): string => element(name, escaped(text));

const entity: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&apos;' };
/** Text and attributes alike; what XML 1.0 cannot hold at all is dropped. */
const escaped = (text: string): string =>
  text
    .replace(/\p{Surrogate}/gu, '\ufffd')
    // eslint-disable-next-line no-control-regex -- these are the ones XML has no way to say
    .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, '')
    .replace(/[&<>"']/g, (c) => entity[c] ?? c);

const two = (n: number): string => String(n).padStart(2, '0');

/** CAP has no `Z` and no fractions: `2020-01-23T18:00:00+08:00`, in the board's zone. */
export function capTime(at: Instant, zone: string): string {
  const d = new TZDate(at, zone);
  const offset = -d.getTimezoneOffset();
  const size = Math.abs(offset);
  const date = `${String(d.getFullYear()).padStart(4, '0')}-${two(d.getMonth() + 1)}-${two(d.getDate())}`;
  return `${date}T${two(d.getHours())}:${two(d.getMinutes())}:${two(d.getSeconds())}${offset < 0 ? '-' : '+'}${two(Math.floor(size / 60))}:${two(size % 60)}`;
}
