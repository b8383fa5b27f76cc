// Drives the emulator with the vendor's own client, unchanged.
//
//   node fimidara.mjs SERVER_URL JWT WORKSPACE_ID
//
// or with FIMIDARA_SERVER_URL, FIMIDARA_JWT and FIMIDARA_WORKSPACE_ID set. The JWT may be a user's session or a token.
import assert from 'node:assert/strict';
import {FimidaraEndpoints} from 'fimidara';

const [
  serverURL = process.env.FIMIDARA_SERVER_URL,
  authToken = process.env.FIMIDARA_JWT,
  workspaceId = process.env.FIMIDARA_WORKSPACE_ID,
] = process.argv.slice(2);
if (!serverURL || !authToken || !workspaceId) {
  console.error('usage: node fimidara.mjs SERVER_URL JWT WORKSPACE_ID');
  process.exit(1);
}

const {agentTokens} = new FimidaraEndpoints({serverURL: serverURL.replace(/\/+$/, ''), authToken});
const name = `npm ${process.pid}`;
const providedResourceId = `npm-${process.pid}`;

const list = async () => {
  const ids = [];
  for (let page = 0; ; page++) {
    const response = await agentTokens.getWorkspaceTokens({workspaceId, page, pageSize: 100});
    assert.equal(response.page, page);
    ids.push(...response.tokens.map(token => token.resourceId));
    if (response.tokens.length < 100) return ids;
  }
};

try {
  const before = await list();
  console.log(`list: ${before.length} tokens`);

  const expiresAt = Date.now() + 3_600_000;
  const {token} = await agentTokens.addToken({workspaceId, name, description: 'made by npm', providedResourceId, expiresAt, shouldEncode: true});
  assert.match(token.resourceId, /^agtoken_/);
  assert.equal(token.name, name);
  assert.equal(token.expiresAt, expiresAt);
  assert.equal(token.jwtToken.split('.').length, 3);
  console.log(`add: ${token.resourceId}`);

  const byId = await agentTokens.getToken({tokenId: token.resourceId});
  assert.equal(byId.token.name, name);
  assert.equal(byId.token.providedResourceId, providedResourceId);
  assert.equal(byId.token.jwtToken, undefined);
  const byKey = await agentTokens.getToken({workspaceId, providedResourceId});
  assert.equal(byKey.token.resourceId, token.resourceId);
  const own = new FimidaraEndpoints({serverURL: serverURL.replace(/\/+$/, ''), authToken: token.jwtToken});
  const self = await own.agentTokens.getToken({onReferenced: true});
  assert.equal(self.token.resourceId, token.resourceId);
  console.log('get: by id, by key, and as itself');

  const updated = await agentTokens.updateToken({tokenId: token.resourceId, token: {description: 'changed by npm'}});
  assert.equal(updated.token.description, 'changed by npm');
  assert.equal(updated.token.name, name);
  assert.ok(updated.token.lastUpdatedAt >= updated.token.createdAt);
  console.log('update: the description');

  const during = await list();
  assert.equal(during.length, before.length + 1);
  assert.ok(during.includes(token.resourceId));
  console.log(`list: ${during.length} tokens`);

  const {jobId} = await agentTokens.deleteToken({tokenId: token.resourceId});
  assert.match(jobId, /^job/);
  await assert.rejects(agentTokens.getToken({tokenId: token.resourceId}), /Agent token not found/);
  await assert.rejects(own.agentTokens.getToken({onReferenced: true}), /Invalid credentials/);
  console.log('delete: the record is gone and its JWT refused');

  const after = await list();
  assert.deepEqual(after, before);
  console.log(`list: ${after.length} tokens`);
} catch (error) {
  console.error(error);
  process.exit(1);
}
