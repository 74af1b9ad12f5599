// Verifies credentials with @digitalbazaar/vc and with @digitalcredentials/verifier-core.
// In: [{credential, documents: {address or DID: document}}]. Out, for each: what either of them says.

import {input, output, use} from './offline.mjs';
import {documentLoader} from './loader.mjs';

const {DataIntegrityProof} = await import('@digitalbazaar/data-integrity');
const {cryptosuite} = await import('@digitalbazaar/eddsa-rdfc-2022-cryptosuite');
const {checkStatus} = await import('@digitalbazaar/vc-bitstring-status-list');
const vc = await import('@digitalbazaar/vc');
const core = await import('@digitalcredentials/verifier-core');

async function byDigitalBazaar(credential) {
  const suite = new DataIntegrityProof({cryptosuite});
  let status;
  const result = await vc.verifyCredential({
    credential,
    suite,
    documentLoader,
    checkStatus: async options => status = await checkStatus({...options, suite}),
  });
  return {
    verified: result.verified,
    revoked: status?.results?.some(entry => entry.status) ?? null,
    errors: messages(result.error ?? result.statusResult?.error),
  };
}

async function byVerifierCore(credential) {
  const result = await core.verifyCredential({credential, knownDIDRegistries: []});
  const step = id => result.log?.find(entry => entry.id === id)?.valid;
  const [schemas] = (result.additionalInformation ?? []).filter(entry => entry.id === 'schema_check');
  return {
    verified: !result.errors && step('valid_signature') === true && step('revocation_status') !== false,
    revoked: step('revocation_status') === undefined ? null : !step('revocation_status'),
    fitsSchema: Array.isArray(schemas?.results) && schemas.results.every(({result: {valid}}) => valid),
    errors: (result.errors ?? []).map(({name, message}) => `${name}: ${message}`),
  };
}

function messages(error) {
  return error ? [error.message, ...(error.errors ?? []).flatMap(messages), ...messages(error.cause)] : [];
}

const answers = [];
for(const {credential, documents} of input()) {
  use(documents);
  answers.push({
    digitalbazaar: await byDigitalBazaar(structuredClone(credential)),
    verifierCore: await byVerifierCore(structuredClone(credential)),
  });
}
output(answers);
