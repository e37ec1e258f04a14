// Asks the probe and graphql-js the same questions and compares the answers:
//   parsing: accepted or not, the same message and the same tree; our printed text gives the same tree again;
//   validation and execution: the same data, the same errors (message, path, locations of field errors);
//   introspection: the standard query gives the same schema.
import {spawn} from 'node:child_process';
import {createInterface} from 'node:readline';
import {readFileSync} from 'node:fs';
import {isDeepStrictEqual} from 'node:util';
import {buildSchema, executeSync, getIntrospectionQuery, getOperationAST, parse, validate} from 'graphql';
import {executable, sdl, syntax, variables} from './corpus.mjs';
import {mutate, random, tokens} from './mutate.mjs';

const kMutants = 6000;
const schema = buildSchema(readFileSync('schema.graphql', 'utf8'));
const data = JSON.parse(readFileSync('data.json', 'utf8'));

const plain = (value) => JSON.parse(JSON.stringify(value, (key, inner) => (key === 'loc' ? undefined : inner)));
/// Suggestions and the text of a broken escape are left out: clients do not match on them.
const short = (message) =>
  message.replace(/ Did you mean [^{]*\?$/s, '').replace(/(Syntax Error: Invalid Unicode escape sequence: ).*/s, '$1');
const sorted = (list) => [...list].sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
const unique = (list) => [...new Set(list)];

function referenceParse(text) {
  try {
    return {ast: plain(parse(text))};
  } catch (error) {
    return {syntaxError: short(error.message)};
  }
}

/// Errors of execution keep their path and locations; those of validation only their messages, each once.
function canonical(response) {
  const out = {};
  let errors = response.errors ?? [];
  const executed = errors.some((error) => error.path);
  // An operation that cannot start has no data in ours, as the specification wants it, and null in theirs.
  if ('data' in response && (response.data !== null || executed)) out.data = response.data;
  // We say of definitions of types only that they do not belong here.
  const foreign = errors.filter((error) => error.message.endsWith('definition is not executable.'));
  if (foreign.length > 0) errors = foreign;
  out.errors = executed
    ? sorted(errors.map((error) => ({message: wording(error.message), path: error.path, locations: error.locations})))
    : unique(errors.map((error) => short(error.message))).sort();
  return out;
}

/// Where our text is deliberately another one.
function wording(message) {
  return message.replace(/(Abstract type "\w+" was resolved to a type "\w+" that does not exist inside the schema\.).*/, '$1');
}

function referenceExecute({text, variables: values, operationName}) {
  let document;
  try {
    document = parse(text);
  } catch (error) {
    return {errors: [{message: error.message}]};
  }
  const errors = validate(schema, document);
  if (errors.length > 0) return plain({errors});
  const operation = getOperationAST(document, operationName);
  return plain(executeSync({schema, document, rootValue: data[operation?.operation ?? 'query'], variableValues: values, operationName}));
}

function sortNames(value) {
  if (Array.isArray(value)) return sorted(value.map(sortNames));
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, sortNames(inner)]));
}

/// Descriptions of what is built in are our own words.
function comparableSchema(response) {
  const {__schema: all} = response.data;
  const ours = (name) => name.startsWith('__') || ['Int', 'Float', 'String', 'Boolean', 'ID', 'include', 'skip', 'deprecated', 'specifiedBy'].includes(name);
  const strip = (value) => {
    if (Array.isArray(value)) return value.map(strip);
    if (value === null || typeof value !== 'object') return value;
    return Object.fromEntries(Object.entries(value).filter(([key]) => key !== 'description').map(([key, inner]) => [key, strip(inner)]));
  };
  for (const kind of ['types', 'directives']) all[kind] = all[kind].map((each) => (ours(each.name) ? strip(each) : each));
  return sortNames(all);
}

class Probe {
  constructor(path) {
    this.process = spawn(path, ['schema.graphql', 'data.json'], {stdio: ['pipe', 'pipe', 'inherit']});
    this.lines = createInterface({input: this.process.stdout})[Symbol.asyncIterator]();
  }
  /// Answers in the order of the questions.
  async ask(questions) {
    this.process.stdin.write(questions.map((each) => JSON.stringify(each) + '\n').join(''));
    const answers = [];
    for (const question of questions) {
      const {value, done} = await this.lines.next();
      if (done) throw new Error(`the probe ended at ${JSON.stringify(question)}`);
      answers.push(JSON.parse(value));
    }
    return answers;
  }
  async close() {
    this.process.stdin.end();
    return new Promise((resolve) => this.process.on('exit', resolve));
  }
}

let compared = 0;
const failures = [];
function check(what, question, actual, expected) {
  ++compared;
  if (!isDeepStrictEqual(actual, expected)) failures.push({what, question, actual, expected});
}

async function compareParsing(probe, texts) {
  const trees = await probe.ask(texts.map((text) => ({ask: 'parse', text})));
  const accepted = [];
  texts.forEach((text, i) => {
    const expected = referenceParse(text);
    const actual = 'syntaxError' in trees[i] ? {syntaxError: short(trees[i].syntaxError)} : trees[i];
    check('parse', text, actual, expected);
    if (expected.ast) accepted.push(text);
  });
  const printed = await probe.ask(accepted.map((text) => ({ask: 'print', text})));
  accepted.forEach((text, i) => check('print', text, unblocked(referenceParse(printed[i].text ?? '{')), unblocked(referenceParse(text))));
}

/// Our printer writes every string in one line.
function unblocked(value) {
  return JSON.parse(JSON.stringify(value, (key, inner) => (key === 'block' ? undefined : inner)));
}

async function compareExecution(probe, questions) {
  const answers = await probe.ask(questions.map((each) => ({ask: 'execute', ...each})));
  questions.forEach((question, i) => {
    const actual = canonical(answers[i]);
    // graphql-js takes a JSON list for an input object with the members "0", "1" …; we refuse it, as the specification does.
    if (/got invalid value \[.*; Expected type "\w+" to be an object\./.test(actual.errors[0])) return;
    check('execute', question, actual, canonical(referenceExecute(question)));
  });
}

async function compareIntrospection(probe) {
  const text = getIntrospectionQuery({specifiedByUrl: true, directiveIsRepeatable: true, schemaDescription: true, inputValueDeprecation: true});
  const [ours] = await probe.ask([{ask: 'execute', text}]);
  check('introspection', 'the standard query', comparableSchema(ours), comparableSchema(referenceExecute({text})));
}

const probe = new Probe(process.argv[2]);
const next = random(20211001);
const sources = [...executable, ...syntax, ...sdl].map(tokens).filter((list) => list.length > 0);
const pool = unique(sources.flat());
const mutants = Array.from({length: kMutants}, () => mutate(sources[Math.floor(next() * sources.length)], pool, next));

await compareParsing(probe, [...executable, ...syntax, ...sdl, ...mutants]);
const questions = [...executable, ...mutants].map((text) => ({text, variables: {}}));
for (const text of executable.filter((each) => each.includes('$'))) {
  for (const values of variables) questions.push({text, variables: values});
}
questions.push({text: 'query A { text } query B { flag }', operationName: 'B'}, {text: 'query A { text } query B { flag }', operationName: 'C'});
await compareExecution(probe, questions);
await compareIntrospection(probe);
const status = await probe.close();

for (const failure of failures.slice(0, 20)) console.error(JSON.stringify(failure, null, 1));
console.log(`graphql_differential: ${compared} comparisons with graphql-js, ${failures.length} differ`);
process.exit(failures.length === 0 && status === 0 ? 0 : 1);
