// Terminal output as text with colours: SGR sequences are understood, other control sequences are dropped.
export interface Style {
  fg?: string;
  bg?: string;
  bold?: boolean;
  dim?: boolean;
  italic?: boolean;
  underline?: boolean;
  inverse?: boolean;
}

export interface Piece {
  text: string;
  style: Style;
}

// eslint-disable-next-line no-control-regex
const SEQUENCE = /\u001b(?:\[([0-9;:]*)([@-~])|\][^\u0007\u001b]*(?:\u0007|\u001b\\)|[@-Z\\^_])/g;
// eslint-disable-next-line no-control-regex
const CONTROL = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/g;

/** Only what a terminal would still show: a progress bar overwrites its line after each carriage return. */
export function visiblePart(line: string): string {
  const ended = line.endsWith("\r") ? line.slice(0, -1) : line;
  const last = ended.lastIndexOf("\r");
  return last < 0 ? ended : ended.slice(last + 1);
}

export function stripAnsi(line: string): string {
  return visiblePart(line).replace(SEQUENCE, "").replace(CONTROL, "");
}

function cubeColor(index: number): string {
  if (index < 16) return `var(--ansi-${index})`;
  if (index >= 232) {
    const level = 8 + (index - 232) * 10;
    return `rgb(${level} ${level} ${level})`;
  }
  const level = (part: number) => (part === 0 ? 0 : 55 + part * 40);
  const cube = index - 16;
  return `rgb(${level(Math.floor(cube / 36))} ${level(Math.floor(cube / 6) % 6)} ${level(cube % 6)})`;
}

/** The colour after 38 or 48, and how many codes it took. */
function extendedColor(codes: number[], at: number): [string | undefined, number] {
  if (codes[at] === 5) return [cubeColor(codes[at + 1] ?? 0), 2];
  if (codes[at] === 2) return [`rgb(${codes[at + 1] ?? 0} ${codes[at + 2] ?? 0} ${codes[at + 3] ?? 0})`, 4];
  return [undefined, 1];
}

function applySgr(style: Style, parameters: string): Style {
  const codes = parameters.split(/[;:]/).map((code) => Number(code) || 0);
  let next: Style = { ...style };
  for (let at = 0; at < codes.length; at += 1) {
    const code = codes[at] ?? 0;
    if (code === 0) next = {};
    else if (code === 1) next.bold = true;
    else if (code === 2) next.dim = true;
    else if (code === 3) next.italic = true;
    else if (code === 4) next.underline = true;
    else if (code === 7) next.inverse = true;
    else if (code === 22) next = { ...next, bold: undefined, dim: undefined };
    else if (code === 23) next.italic = undefined;
    else if (code === 24) next.underline = undefined;
    else if (code === 27) next.inverse = undefined;
    else if (code >= 30 && code <= 37) next.fg = cubeColor(code - 30);
    else if (code >= 90 && code <= 97) next.fg = cubeColor(code - 82);
    else if (code >= 40 && code <= 47) next.bg = cubeColor(code - 40);
    else if (code >= 100 && code <= 107) next.bg = cubeColor(code - 92);
    else if (code === 39) next.fg = undefined;
    else if (code === 49) next.bg = undefined;
    else if (code === 38 || code === 48) {
      const [color, used] = extendedColor(codes, at + 1);
      if (code === 38) next.fg = color;
      else next.bg = color;
      at += used;
    }
  }
  return next;
}

/** A line in pieces of one style each. */
export function parseAnsi(line: string): Piece[] {
  const shown = visiblePart(line);
  if (!shown.includes("\u001b")) return [{ text: shown.replace(CONTROL, ""), style: {} }];
  const pieces: Piece[] = [];
  let style: Style = {};
  let from = 0;
  const push = (text: string) => {
    const clean = text.replace(CONTROL, "");
    if (clean) pieces.push({ text: clean, style });
  };
  for (const match of shown.matchAll(SEQUENCE)) {
    push(shown.slice(from, match.index));
    if (match[2] === "m") style = applySgr(style, match[1] ?? "");
    from = match.index + match[0].length;
  }
  push(shown.slice(from));
  return pieces;
}
