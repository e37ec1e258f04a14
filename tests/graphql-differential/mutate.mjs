// Damages documents token by token, the same way in every run.
import {Lexer, Source, TokenKind} from 'graphql';

/// A small generator (mulberry32): numbers in [0, 1) from a seed.
export function random(seed) {
  return () => {
    seed = (seed + 0x6d2b79f5) | 0;
    let t = Math.imul(seed ^ (seed >>> 15), 1 | seed);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

/// The texts of all tokens, or nothing when the text has no tokens.
export function tokens(text) {
  const out = [];
  try {
    const lexer = new Lexer(new Source(text));
    while (lexer.advance().kind !== TokenKind.EOF) out.push(text.slice(lexer.token.start, lexer.token.end));
  } catch {
    return [];
  }
  return out;
}

/// One to three changes: leave out, double, swap, replace by a token of the pool.
export function mutate(list, pool, next) {
  const out = [...list];
  const pick = (array) => Math.floor(next() * array.length);
  for (let changes = 1 + Math.floor(next() * 3); changes > 0 && out.length > 0; --changes) {
    const at = pick(out);
    const kind = Math.floor(next() * 4);
    if (kind === 0) out.splice(at, 1);
    if (kind === 1) out.splice(at, 0, out[at]);
    if (kind === 2) [out[at], out[pick(out)]] = [out[pick(out)], out[at]];
    if (kind === 3) out[at] = pool[pick(pool)];
  }
  return out.filter((token) => token !== undefined).join(' ');
}
