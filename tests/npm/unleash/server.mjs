// Starts an Unleash server, unchanged, with a PostgreSQL of its own, both in a temporary folder and on loopback only:
//
//   node server.mjs
//
// Prints one line of JSON: the server's address, a personal access token of its administrator, and the database (a folder with its socket
// and its user). Runs until its input ends; then it ends both and deletes the folder. A line of the input names a job of Unleash's service of
// API tokens, which its scheduler runs every minute (fetchActiveTokens) or every three minutes (updateLastSeen). It is run at once, and
// reported with a line.
import {execFileSync, spawn} from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import readline from 'node:readline';
import pg from 'pg';
import unleash from 'unleash-server';

const patience = 120_000;
const user = 'unleash';
const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'unleash-'));

// The commands of Debian's package are not in the path.
const versions = '/usr/lib/postgresql';
const installed = fs.existsSync(versions) ? fs.readdirSync(versions).sort((one, other) => Number(other) - Number(one)) : [];
const bin = installed.map(version => path.join(versions, version, 'bin')).find(bin => fs.existsSync(path.join(bin, 'initdb')));
if (!bin) {
  console.error(`PostgreSQL's server is not on this machine: there is no initdb in ${versions}/*/bin.`);
  process.exit(1);
}

// PostgreSQL refuses to run as root. It ends with this process, however this process ends.
const asUser = [];
if (process.getuid() === 0) {
  const [uid, gid] = ['-u', '-g'].map(option => Number(execFileSync('id', [option, 'nobody'], {encoding: 'utf8'})));
  fs.chownSync(folder, uid, gid);
  asUser.push(`--reuid=${uid}`, `--regid=${gid}`, '--clear-groups');
}

let server;
let postgres;
let isEnding = false;

async function end(code) {
  if (isEnding) return;
  isEnding = true;
  await Promise.race([Promise.resolve(server?.stop()).catch(() => {}), new Promise(resolve => setTimeout(resolve, 5_000))]);
  if (postgres && postgres.exitCode === null && postgres.signalCode === null) {
    await new Promise(resolve => {
      postgres.on('exit', resolve);
      postgres.kill('SIGQUIT');
    });
  }
  fs.rmSync(folder, {recursive: true, force: true});
  process.exit(code);
}

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => end(1));

async function connects(config) {
  for (const last = Date.now() + patience; ; await new Promise(resolve => setTimeout(resolve, 50))) {
    const client = new pg.Client(config);
    try {
      await client.connect();
      return await client.end();
    } catch (failure) {
      if (Date.now() > last || postgres.exitCode !== null) throw failure;
    }
  }
}

async function send(address, method, route, body, headers) {
  const response = await fetch(new URL(route, address), {
    method, body: JSON.stringify(body), headers: {'content-type': 'application/json', ...headers},
  });
  if (!response.ok) throw new Error(`${method} ${route}: ${response.status} ${await response.text()}`);
  return response;
}

try {
  const data = path.join(folder, 'data');
  execFileSync('setpriv', [...asUser, path.join(bin, 'initdb'),
    '-D', data, '-U', user, '-A', 'trust', '-E', 'UTF8', '--locale=C', '--no-sync'], {cwd: '/', stdio: ['ignore', 'ignore', 'inherit']});
  postgres = spawn('setpriv', [...asUser, '--pdeathsig', 'QUIT', path.join(bin, 'postgres'),
    '-D', data, '-k', folder, '-c', 'listen_addresses=', '-c', 'fsync=off'], {cwd: '/', stdio: ['ignore', 'ignore', 'inherit']});
  const database = {host: folder, user, database: 'postgres', password: 'none', port: 5432};
  await connects(database);

  const warns = (...texts) => console.error(...texts);
  const quiet = () => {};
  server = await unleash.start({
    db: {...database, ssl: false},
    server: {host: '127.0.0.1', port: 0},
    getLogger: () => ({debug: quiet, info: quiet, warn: warns, error: warns, fatal: warns}),
    versionCheck: {enable: false},
    telemetry: false,
  });
  const address = `http://127.0.0.1:${server.server.address().port}/`;

  // The administrator of a new server has a name and a password that the vendor documents.
  const login = await send(address, 'POST', 'auth/simple/login', {username: 'admin', password: 'unleash4all'});
  const cookie = login.headers.getSetCookie().map(each => each.split(';')[0]).join('; ');
  const expiresAt = new Date(Date.now() + 86_400_000).toISOString();
  const created = await send(address, 'POST', 'api/admin/user/tokens', {description: 'tests', expiresAt}, {cookie});
  const {secret} = await created.json();
  console.log(JSON.stringify({address, secret, folder, user, version: server.version}));

  for await (const job of readline.createInterface({input: process.stdin})) {
    await server.services.apiTokenService[job]();
    console.log(job);
  }
  await end(0);
} catch (failure) {
  console.error(failure);
  await end(1);
}
