// Drives the emulator with the vendor's own clients, unchanged: the newest one, and the oldest one that can be installed. Both are of the
// generation of agent tokens.
//
//   node fimidara.mjs SERVER_URL JWT WORKSPACE_ID
//
// or with FIMIDARA_SERVER_URL, FIMIDARA_JWT and FIMIDARA_WORKSPACE_ID set. The JWT may be a user's session or a token.
import assert from 'node:assert/strict';

const clients = ['fimidara', 'fimidara-1.34.0'];

const [
  address = process.env.FIMIDARA_SERVER_URL,
  authToken = process.env.FIMIDARA_JWT,
  workspaceId = process.env.FIMIDARA_WORKSPACE_ID,
] = process.argv.slice(2);
if (!address || !authToken || !workspaceId) {
  console.error('usage: node fimidara.mjs SERVER_URL JWT WORKSPACE_ID');
  process.exit(1);
}

const serverURL = address.replace(/\/+$/, '');

async function drive(client, FimidaraEndpoints) {
  const {agentTokens} = new FimidaraEndpoints({serverURL, authToken});
  const called = new Set();
  const step = (operation, text) => {
    called.add(operation);
    console.log(`${client} ${operation}: ${text}`);
  };
  const name = `${client} ${process.pid}`;
  const providedResourceId = `${client}-${process.pid}`;

  const list = async () => {
    const ids = [];
    for (let page = 0; ; page++) {
      const response = await agentTokens.getWorkspaceTokens({workspaceId, page, pageSize: 100});
      assert.equal(response.page, page);
      ids.push(...response.tokens.map(token => token.resourceId));
      if (response.tokens.length < 100) return ids;
    }
  };

  const before = await list();
  step('getWorkspaceTokens', `${before.length} tokens`);

  const expiresAt = Date.now() + 3_600_000;
  const {token} = await agentTokens.addToken({
    workspaceId, name, description: 'made by npm', providedResourceId, expiresAt, shouldEncode: true, shouldRefresh: true,
    refreshDuration: 60_000,
  });
  assert.match(token.resourceId, /^agtoken_/);
  assert.equal(token.name, name);
  assert.equal(token.expiresAt, expiresAt);
  assert.equal(token.jwtToken.split('.').length, 3);
  assert.equal(token.refreshDuration, 60_000);
  step('addToken', token.resourceId);

  const byId = await agentTokens.getToken({tokenId: token.resourceId});
  assert.equal(byId.token.name, name);
  assert.equal(byId.token.providedResourceId, providedResourceId);
  assert.equal(byId.token.jwtToken, undefined);
  const byKey = await agentTokens.getToken({workspaceId, providedResourceId});
  assert.equal(byKey.token.resourceId, token.resourceId);
  const own = new FimidaraEndpoints({serverURL, authToken: token.jwtToken});
  const self = await own.agentTokens.getToken({onReferenced: true});
  assert.equal(self.token.resourceId, token.resourceId);
  step('getToken', 'by id, by key, and as itself');

  const encoded = await agentTokens.encodeToken({tokenId: token.resourceId});
  assert.equal(encoded.jwtToken.split('.').length, 3);
  assert.ok(encoded.jwtTokenExpiresAt < expiresAt);
  step('encodeToken', 'the secret again, with a refresh token');

  const encodedOne = new FimidaraEndpoints({serverURL, authToken: encoded.jwtToken});
  const refreshed = await encodedOne.agentTokens.refreshToken({refreshToken: encoded.refreshToken});
  assert.notEqual(refreshed.refreshToken, encoded.refreshToken);
  const refreshedOne = new FimidaraEndpoints({serverURL, authToken: refreshed.jwtToken});
  assert.equal((await refreshedOne.agentTokens.getToken({onReferenced: true})).token.resourceId, token.resourceId);
  await assert.rejects(encodedOne.agentTokens.refreshToken({refreshToken: refreshed.refreshToken}), /Invalid refresh token/);
  step('refreshToken', 'a JWT that works; the refresh token of another JWT is refused');

  const updated = await agentTokens.updateToken({tokenId: token.resourceId, token: {description: 'changed by npm'}});
  assert.equal(updated.token.description, 'changed by npm');
  assert.equal(updated.token.name, name);
  assert.ok(updated.token.lastUpdatedAt >= updated.token.createdAt);
  step('updateToken', 'the description');

  const during = await list();
  assert.equal(during.length, before.length + 1);
  assert.ok(during.includes(token.resourceId));
  assert.equal((await agentTokens.countWorkspaceTokens({workspaceId})).count, during.length);
  step('countWorkspaceTokens', `${during.length} tokens`);

  const {jobId} = await agentTokens.deleteToken({tokenId: token.resourceId});
  assert.match(jobId, /^job/);
  await assert.rejects(agentTokens.getToken({tokenId: token.resourceId}), /Agent token not found/);
  await assert.rejects(own.agentTokens.getToken({onReferenced: true}), /Invalid credentials/);
  assert.deepEqual(await list(), before);
  step('deleteToken', 'the record is gone and its JWT refused');

  // A new operation of the client must be called here, too.
  const operations = Object.keys(agentTokens).filter(key => typeof agentTokens[key] === 'function');
  assert.deepEqual([...called].sort(), operations.sort());
}

try {
  for (const client of clients) {
    const {FimidaraEndpoints} = await import(client);
    await drive(client, FimidaraEndpoints);
  }
} catch (error) {
  console.error(error);
  process.exit(1);
}
