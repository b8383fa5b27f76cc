// Uses SailPoint's own clients, unchanged, against a server that should behave as SailPoint does. Each version of the client has a class
// for each version of the API that it knows. Every operation of every such class is used: list, create, patch and delete.
//
//   node sailpoint.mjs <base URL> <client id> <client secret>
//
// or with SAIL_BASE_URL, SAIL_CLIENT_ID and SAIL_CLIENT_SECRET, the names that the client itself reads. Run `npm ci` here first.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';

// 1.3.0 puts the id and secret into the query of the exchange, the newest version sends them as multipart/form-data.
const packages = ['sailpoint-api-client', 'sailpoint-api-client-1.3.0'];

const [baseurl, clientId, clientSecret] = [
  process.argv[2] ?? process.env.SAIL_BASE_URL,
  process.argv[3] ?? process.env.SAIL_CLIENT_ID,
  process.argv[4] ?? process.env.SAIL_CLIENT_SECRET,
];
let place = 'sailpoint';

async function run() {
  assert(baseurl && clientId && clientSecret, 'usage: node sailpoint.mjs <base URL> <client id> <client secret>');
  for (const name of packages) {
    const { version } = JSON.parse(readFileSync(new URL(`node_modules/${name}/package.json`, import.meta.url)));
    const { default: client } = await import(name);
    const classes = Object.keys(client).filter((key) => /^PersonalAccessTokens\w*Api$/.test(key));
    assert(classes.length > 1, `${name} ${version} has ${classes.length} classes for personal access tokens`);
    for (const key of classes) {
      place = `sailpoint ${version} ${key}`;
      await useAll(client, key);
    }
  }
}

async function useAll(client, key) {
  const base = baseurl.replace(/\/+$/, '');
  const connect = async (id, secret) => {
    const configuration = new client.Configuration({ baseurl: base, clientId: id, clientSecret: secret, tokenUrl: `${base}/oauth/token` });
    const accessToken = await configuration.accessToken;
    assert(typeof accessToken === 'string' && accessToken.length > 0);
    return configuration;
  };
  const api = new client[key](await connect(clientId, clientSecret));
  step('exchange', 'got an access token');

  // The names of the bodies end with the version, as that of the class does.
  const suffix = key.slice('PersonalAccessTokens'.length, -'Api'.length);
  const used = new Set();
  const call = (operation, parameters) => {
    used.add(operation);
    return api[operation](parameters);
  };
  const list = async () => (await call('listPersonalAccessTokens', { ownerId: 'me' })).data;
  const find = async (id) => (await list()).find((token) => token.id === id);

  const before = await list();
  assert(Array.isArray(before));
  for (const token of before) {
    assert(token.id && token.name !== undefined && token.owner.id);
    assert.equal(token.secret, undefined);
  }
  step('list', `${before.length} token(s)`);

  const name = `official client ${Date.now()}`;
  const created = await call('createPersonalAccessToken', {
    [`createPersonalAccessTokenRequest${suffix}`]: { name, scope: ['sp:scopes:default'], accessTokenValiditySeconds: 900 },
  });
  assert.equal(created.status, 200);
  const { id, secret } = created.data;
  try {
    assert(id && secret);
    assert.equal(created.data.name, name);
    assert.deepEqual(created.data.scope, ['sp:scopes:default']);
    assert.equal(created.data.accessTokenValiditySeconds, 900);
    assert(!Number.isNaN(Date.parse(created.data.created)));
    step('create', `${id}, with a secret`);

    // What was created is a credential of its own.
    assert((await call('listPersonalAccessTokens', { filters: 'lastUsed isnull' })).data.some((token) => token.id === id));
    await connect(id, secret);
    step('exchange', 'the new token works');

    const patched = await call('patchPersonalAccessToken', {
      id,
      [`jsonPatchOperation${suffix}`]: [
        { op: 'replace', path: '/name', value: `${name} (renamed)` },
        { op: 'replace', path: '/scope', value: ['sp:scopes:all'] },
      ],
    });
    assert.equal(patched.status, 200);
    assert.equal(patched.data.name, `${name} (renamed)`);
    assert.equal(patched.data.secret, undefined);
    step('patch', 'renamed, scopes replaced');

    const listed = await find(id);
    assert.equal(listed?.name, `${name} (renamed)`);
    assert.deepEqual(listed.scope, ['sp:scopes:all']);
    assert(listed.lastUsed);
    assert.equal((await list()).length, before.length + 1);
    step('list', 'shows the change');
  } finally {
    assert.equal((await call('deletePersonalAccessToken', { id })).status, 204);
  }

  step('delete', id);

  assert.equal(await find(id), undefined);
  assert.equal((await list()).length, before.length);
  step('list', 'the token is gone');

  await assert.rejects(call('deletePersonalAccessToken', { id }), (error) => error.response?.status === 404);
  step('delete', 'a second time is a 404');

  const operations = Object.getOwnPropertyNames(client[key].prototype).filter((member) => member !== 'constructor');
  assert.deepEqual(operations.filter((operation) => !used.has(operation)), [], 'operations that were not used');
}

function step(name, result) {
  console.log(`${place} ${name}: ${result}`);
}

try {
  await run();
} catch (error) {
  // Not the whole error: the client's errors hold the request, and that the credential.
  console.error(`${place} failed: ${error.stack}${error.response ? `\n${JSON.stringify(error.response.data)}` : ''}`);
  process.exitCode = 1;
}
