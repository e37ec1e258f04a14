// Puts the pinned graphql-js into the work folder (once), copies the scripts beside it and runs the comparison there,
// so that nothing is written into the source tree.
import {spawnSync} from 'node:child_process';
import {cpSync, existsSync, mkdirSync, readFileSync} from 'node:fs';
import {dirname, join} from 'node:path';
import {fileURLToPath} from 'node:url';
import {parseArgs} from 'node:util';

const {values: options} = parseArgs({
  options: {probe: {type: 'string'}, npm: {type: 'string'}, work: {type: 'string'}},
});
const here = dirname(fileURLToPath(import.meta.url));
const files = ['package.json', 'package-lock.json', 'compare.mjs', 'corpus.mjs', 'mutate.mjs', 'schema.graphql', 'data.json'];

mkdirSync(options.work, {recursive: true});
for (const file of files) cpSync(join(here, file), join(options.work, file));

const pinned = JSON.parse(readFileSync(join(here, 'package.json'), 'utf8')).dependencies.graphql;
const installed = join(options.work, 'node_modules/graphql/package.json');
if (!existsSync(installed) || JSON.parse(readFileSync(installed, 'utf8')).version !== pinned) {
  const npm = spawnSync(options.npm, ['ci', '--ignore-scripts', '--no-audit', '--no-fund'], {cwd: options.work, stdio: 'inherit'});
  if (npm.status !== 0) {
    console.error(`graphql_differential: npm could not install graphql ${pinned}; is a package registry reachable?`);
    process.exit(1);
  }
}
const compare = spawnSync(process.execPath, ['compare.mjs', options.probe], {cwd: options.work, stdio: 'inherit'});
process.exit(compare.status ?? 1);
