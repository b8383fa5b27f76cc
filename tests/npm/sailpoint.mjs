// Uses SailPoint's own client, unchanged, against a server that should behave as SailPoint does: lists, creates, patches and deletes a
// personal access token.
//
//   node sailpoint.mjs <base URL> <client id> <client secret>
//
// or with SAIL_BASE_URL, SAIL_CLIENT_ID and SAIL_CLIENT_SECRET, the names that the client itself reads. Run `npm ci` here first.
import assert from 'node:assert/strict';
import sailpoint from 'sailpoint-api-client';

// The newest version that this client knows. Its class for it sends to /v2024/personal-access-tokens.
const { Configuration, PersonalAccessTokensV2024Api } = sailpoint;

const [baseurl, clientId, clientSecret] = [
  process.argv[2] ?? process.env.SAIL_BASE_URL,
  process.argv[3] ?? process.env.SAIL_CLIENT_ID,
  process.argv[4] ?? process.env.SAIL_CLIENT_SECRET,
];

async function run() {
  assert(baseurl && clientId && clientSecret, 'usage: node sailpoint.mjs <base URL> <client id> <client secret>');
  const base = baseurl.replace(/\/+$/, '');

  // The client fetches its access token here, as multipart/form-data.
  const configuration = new Configuration({ baseurl: base, clientId, clientSecret, tokenUrl: `${base}/oauth/token` });
  const accessToken = await configuration.accessToken;
  assert(typeof accessToken === 'string' && accessToken.length > 0);
  step('exchange', 'got an access token');

  const api = new PersonalAccessTokensV2024Api(configuration);
  const list = async () => (await api.listPersonalAccessTokens({ ownerId: 'me' })).data;
  const find = async (id) => (await list()).find((token) => token.id === id);

  const before = await list();
  assert(Array.isArray(before));
  for (const token of before) {
    assert(token.id && token.name !== undefined && token.owner.id);
    assert.equal(token.secret, undefined);
  }
  step('list', `${before.length} token(s)`);

  const name = `official client ${Date.now()}`;
  const created = await api.createPersonalAccessToken({
    createPersonalAccessTokenRequestV2024: { name, scope: ['sp:scopes:default'], accessTokenValiditySeconds: 900 },
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
    assert(await new Configuration({ baseurl: base, clientId: id, clientSecret: secret, tokenUrl: `${base}/oauth/token` }).accessToken);
    step('exchange', 'the new token works');

    const patched = await api.patchPersonalAccessToken({
      id,
      jsonPatchOperationV2024: [
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
    assert.equal((await api.deletePersonalAccessToken({ id })).status, 204);
  }

  step('delete', id);

  assert.equal(await find(id), undefined);
  assert.equal((await list()).length, before.length);
  step('list', 'the token is gone');

  await assert.rejects(api.deletePersonalAccessToken({ id }), (error) => error.response?.status === 404);
  step('delete', 'a second time is a 404');
}

function step(name, result) {
  console.log(`sailpoint ${name}: ${result}`);
}

try {
  await run();
} catch (error) {
  // Not the whole error: the client's errors hold the request, and that the credential.
  console.error(`sailpoint failed: ${error.stack}${error.response ? `\n${JSON.stringify(error.response.data)}` : ''}`);
  process.exitCode = 1;
}
