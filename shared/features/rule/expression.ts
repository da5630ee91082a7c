import { Environment, EvaluationError, ParseError, TypeError as CelTypeError } from '@marcbachmann/cel-js';
import type { ASTNode } from '@marcbachmann/cel-js';
import type { Flaw, FlawCode } from './flaws.ts';

/**
 * The expressions of rules: Common Expression Language (CEL, github.com/google/cel-spec), by a library that neither
 * evaluates nor makes functions from text. This is the only file that knows it. What must hold:
 * - An expression is checked against the names and types it may use before it is stored; what is wrong says where.
 * - It ends: no loop but over the lists of one record, at most one within another, and no regular expressions.
 * - Numbers are one sort: `count == 3` and `count / 2.0` mean what they say, whatever they are made of.
 */

/** What a name stands for. `any`: may be empty (null), or of several sorts. */
export type Sort = 'number' | 'text' | 'yesNo' | 'list' | 'map' | 'numbers' | 'any';
export interface Name {
  sort: Sort;
  /** The only values it can have, where they are known. */
  among?: readonly string[];
  /** What it is where it is not empty. */
  whole?: Sort;
  /** Names within it, where they are known: `clock.due`. */
  parts?: Names;
}
/** Names an expression may use; dotted ones are figures of a kind: `call.overdue`. */
export type Names = Record<string, Name>;

export interface Expression {
  /** The names it reads, sorted. */
  reads: readonly string[];
  /** Whether it holds. Throws {@link Failed} where it cannot be told. */
  holds(values: Record<string, unknown>): boolean;
}

export type Compiled = { ok: true; expression: Expression } | { ok: false; flaw: Flaw };

/** It could not be worked out on these values: an empty one was compared, a key is missing. */
export class Failed extends Error {
  constructor(
    readonly flaw: Flaw,
    options?: ErrorOptions,
  ) {
    super(flaw.code, options);
  }
}

export const LONGEST = 500;
const types: Record<Sort, string> = { number: 'double', text: 'string', yesNo: 'bool', list: 'list<dyn>', map: 'map<string, dyn>', numbers: 'map<string, double>', any: 'dyn' };
/** Calls and methods it may use. What is missing here: `matches`, whose patterns can take for ever. */
const calls = new Set(['size', 'contains', 'startsWith', 'endsWith', 'has', 'exists', 'exists_one', 'all', 'filter', 'map', 'double', 'int', 'string', 'dyn', 'minutes', 'hours', 'lowerAscii', 'upperAscii', 'indexOf', 'substring']);
const loops = new Set(['exists', 'exists_one', 'all', 'filter', 'map']);

const base = new Environment({ limits: { maxAstNodes: 200, maxDepth: 30, maxListElements: 100, maxMapEntries: 50, maxCallArguments: 6 } });
for (const [op, run] of [
  ['+', (a, b) => a + b],
  ['-', (a, b) => a - b],
  ['*', (a, b) => a * b],
  ['/', (a, b) => a / b],
] as [string, (a: number, b: number) => number][]) {
  base.registerOperator(`double ${op} int: double`, (a: number, b: bigint) => run(a, Number(b)));
  base.registerOperator(`int ${op} double: double`, (a: bigint, b: number) => run(Number(a), b));
}
// The library adds the other order and `!=` by itself.
base.registerOperator('double == int: bool', (a: number, b: bigint) => a === Number(b));
base.registerFunction('minutes(double): double', (n: number) => n * 60_000);
base.registerFunction('minutes(int): double', (n: bigint) => Number(n) * 60_000);
base.registerFunction('hours(double): double', (n: number) => n * 3_600_000);
base.registerFunction('hours(int): double', (n: bigint) => Number(n) * 3_600_000);

interface Walk {
  names: Names;
  reads: Set<string>;
  flaw: Flaw | null;
}

const flawAt = (node: { start: number; end: number }, code: FlawCode): Flaw => ({ code, at: node.start, to: Math.max(node.end, node.start + 1) });

interface Named {
  path: string;
  is: Name;
}

/** What a chain of names stands for: `call.overdue` where that is a figure, `clock.due` where that is part of a field. Null: none, or not known so far. */
function namedBy(node: ASTNode, walk: Walk, bound: readonly string[]): Named | null {
  if (node.op === 'id') {
    const is = bound.includes(node.args) || !Object.hasOwn(walk.names, node.args) ? undefined : walk.names[node.args];
    return is ? { path: node.args, is } : null;
  }
  if (node.op !== '.') return null;
  const [from, field] = node.args;
  if (from.op === 'id' && !bound.includes(from.args)) {
    const dotted = `${from.args}.${field}`;
    const figure = Object.hasOwn(walk.names, dotted) ? walk.names[dotted] : undefined;
    if (figure) return { path: dotted, is: figure };
  }
  const of = namedBy(from, walk, bound);
  if (!of?.is.parts) return null;
  const part = Object.hasOwn(of.is.parts, field) ? of.is.parts[field] : undefined;
  if (part) return { path: `${of.path}.${field}`, is: part };
  walk.flaw ??= flawAt(node, 'unknownName');
  return null;
}

const sortOf = (value: unknown): Sort | null => (typeof value === 'string' ? 'text' : typeof value === 'boolean' ? 'yesNo' : typeof value === 'number' || typeof value === 'bigint' ? 'number' : null);

/** Compared with a word it can never be, or with what is of another sort: an alert that would never come. */
function compared(walk: Walk, named: ASTNode, literal: ASTNode, bound: readonly string[]): void {
  const is = namedBy(named, walk, bound)?.is;
  if (!is) return;
  const sort = is.whole ?? is.sort;
  const values = literal.op === 'list' ? literal.args : [literal];
  for (const v of values) {
    if (v.op !== 'value') continue;
    const of = sortOf(v.args);
    if (of !== null && ['text', 'number', 'yesNo'].includes(sort) && of !== sort) walk.flaw ??= flawAt(v, 'types');
    else if (is.among && typeof v.args === 'string' && !is.among.includes(v.args)) walk.flaw ??= flawAt(v, 'notInList');
  }
}

const comparisons = new Set(['==', '!=', '<', '<=', '>', '>=']);

function look(node: ASTNode, walk: Walk, bound: readonly string[], loopsDeep: number): void {
  if (walk.flaw) return;
  const named = namedBy(node, walk, bound);
  if (walk.flaw) return;
  if (named) {
    walk.reads.add(named.path);
    return;
  }
  switch (node.op) {
    case 'value':
    case 'id':
      return;
    case '.': {
      const [from] = node.args;
      if (from.op === 'id' && !bound.includes(from.args) && Object.keys(walk.names).some((n) => n.startsWith(`${from.args}.`))) walk.flaw = flawAt(node, 'unknownName');
      return look(from, walk, bound, loopsDeep);
    }
    case '!_':
    case '-_':
      return look(node.args, walk, bound, loopsDeep);
    case 'list':
      return node.args.forEach((n) => look(n, walk, bound, loopsDeep));
    case '?:':
      return node.args.forEach((n) => look(n, walk, bound, loopsDeep));
    case 'call':
    case 'rcall': {
      const called = node.args[0];
      if (!calls.has(called)) return void (walk.flaw = flawAt(node, 'notAllowed'));
      const isLoop = node.op === 'rcall' && loops.has(called);
      if (isLoop && loopsDeep >= 2) return void (walk.flaw = flawAt(node, 'notAllowed'));
      const args = node.op === 'rcall' ? node.args[2] : node.args[1];
      if (node.op === 'rcall') look(node.args[1], walk, bound, loopsDeep);
      const first = args[0];
      const inner = isLoop && first?.op === 'id' ? [...bound, first.args] : bound;
      args.forEach((n, i) => (isLoop && i === 0 ? undefined : look(n, walk, inner, loopsDeep + Number(isLoop))));
      return;
    }
    case 'map':
    case '.?':
    case '[?]':
      return void (walk.flaw = flawAt(node, 'notAllowed'));
    default: {
      const [a, b] = node.args;
      if (comparisons.has(node.op) || node.op === 'in') compared(walk, a, b, bound);
      if (comparisons.has(node.op)) compared(walk, b, a, bound);
      look(a, walk, bound, loopsDeep);
      look(b, walk, bound, loopsDeep);
    }
  }
}

type Shape = { [part: string]: string | Shape };
/** As the library wants it; parts of what may be empty are checked by {@link namedBy} alone. */
const shapeOf = ({ sort, parts }: Name): string | Shape => (sort === 'map' && parts ? Object.fromEntries(Object.entries(parts).map(([part, of]) => [part, shapeOf(of)])) : types[sort]);

/** `{ 'call.overdue': number }` as the library wants it: `call` with a field `overdue`. */
function environment(names: Names): Environment {
  const env = base.clone();
  const parts: Record<string, Shape> = {};
  for (const [name, is] of Object.entries(names)) {
    const [first = '', second] = name.split('.');
    const of = shapeOf(is);
    if (second !== undefined) (parts[first] ??= {})[second] = of;
    else if (typeof of === 'string') env.registerVariable(first, of);
    else parts[first] = of;
  }
  for (const [first, schema] of Object.entries(parts)) env.registerVariable({ name: first, schema });
  return env;
}

const environments = new WeakMap<Names, Environment>();

/** Reads an expression over names. The same `names` object is prepared once. */
export function compile(source: string, names: Names): Compiled {
  if (source.trim() === '') return { ok: false, flaw: { code: 'empty', at: 0, to: 0 } };
  if (source.length > LONGEST) return { ok: false, flaw: { code: 'tooLong', at: LONGEST, to: source.length } };
  let env = environments.get(names);
  if (!env) environments.set(names, (env = environment(names)));
  try {
    const run = env.parse(source);
    const walk: Walk = { names, reads: new Set(), flaw: null };
    look(run.ast, walk, [], 0);
    if (walk.flaw) return { ok: false, flaw: walk.flaw };
    const checked = run.check();
    if (!checked.valid) return { ok: false, flaw: flawOf(checked.error, source) };
    const type = String(checked.type);
    if (type !== 'bool' && type !== 'dyn') return { ok: false, flaw: { code: 'notYesNo', at: 0, to: source.length } };
    const reads = [...walk.reads].sort();
    return { ok: true, expression: { reads, holds: (values) => holds(run, reads, names, values, source) } };
  } catch (error) {
    return { ok: false, flaw: flawOf(error, source) };
  }
}

function holds(run: (values: Record<string, unknown>) => unknown, reads: readonly string[], names: Names, values: Record<string, unknown>, source: string): boolean {
  const given: Record<string, unknown> = {};
  for (const name of reads) {
    const cut = name.indexOf('.');
    const root = cut < 0 ? name : name.slice(0, cut);
    if (!Object.hasOwn(names, name) || cut < 0) given[root] = values[root] ?? null;
    else {
      // A figure nobody knows is not a figure that is too high.
      if (values[name] === null || values[name] === undefined) return false;
      (given[name.slice(0, cut)] ??= {} as Record<string, unknown>) as Record<string, unknown>;
      (given[name.slice(0, cut)] as Record<string, unknown>)[name.slice(cut + 1)] = values[name];
    }
  }
  let value: unknown;
  try {
    value = run(given);
  } catch (error) {
    // What is empty is neither more nor less than anything: it does not hold, and that is no mistake of the rule.
    if (error instanceof EvaluationError && error.code === 'no_such_overload' && error.summary.includes('null')) return false;
    if (error instanceof EvaluationError && error.code === 'no_such_key' && reads.some((name) => withinEmpty(values, name))) return false;
    throw new Failed({ ...flawOf(error, source), code: 'failed' }, { cause: error });
  }
  if (typeof value !== 'boolean') throw new Failed({ code: 'notYesNo', at: 0, to: source.length });
  return value;
}

/** Part of a field that is empty. */
function withinEmpty(values: Record<string, unknown>, path: string): boolean {
  let at: unknown = values;
  for (const part of path.split('.').slice(0, -1)) {
    at = (at as Record<string, unknown>)[part];
    if (at === null || at === undefined) return !Object.hasOwn(values, path);
  }
  return false;
}

function flawOf(error: unknown, source: string): Flaw {
  const known = error instanceof ParseError || error instanceof CelTypeError || error instanceof EvaluationError;
  const at = known ? (error.range?.start ?? 0) : 0;
  const to = Math.max(at + 1, known ? (error.range?.end ?? source.length) : source.length);
  const named = known ? error.code : '';
  const code: FlawCode = error instanceof ParseError ? 'syntax' : named === 'unknown_variable' || named === 'no_such_field' || named === 'unknown_field' ? 'unknownName' : 'types';
  return { code, at: Math.min(at, source.length), to: Math.min(to, Math.max(source.length, at + 1)) };
}
