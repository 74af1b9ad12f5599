// Signs, derives and verifies with the ECDSA suites of @digitalbazaar.
// In: [{action, credential, ...}], out: the credential, or {verified, errors}.

import {input, output} from './offline.mjs';
import {documentLoader} from './loader.mjs';

const {DataIntegrityProof} = await import('@digitalbazaar/data-integrity');
const EcdsaMultikey = await import('@digitalbazaar/ecdsa-multikey');
const rdfc = await import('@digitalbazaar/ecdsa-rdfc-2019-cryptosuite');
const sd = await import('@digitalbazaar/ecdsa-sd-2023-cryptosuite');
const vc = await import('@digitalbazaar/vc');

async function issue({credential, key, created, mandatoryPointers}) {
  const pair = await EcdsaMultikey.from({type: 'Multikey', ...key});
  const cryptosuite = mandatoryPointers ? sd.createSignCryptosuite({mandatoryPointers}) : rdfc.cryptosuite;
  const suite = new DataIntegrityProof({signer: pair.signer(), date: created, cryptosuite});
  return vc.issue({credential, suite, documentLoader});
}

async function derive({credential, selectivePointers}) {
  const suite = new DataIntegrityProof({cryptosuite: sd.createDiscloseCryptosuite({selectivePointers})});
  return vc.derive({verifiableCredential: credential, suite, documentLoader});
}

async function verify({credential}) {
  const [{cryptosuite}] = [credential.proof].flat();
  const suite = new DataIntegrityProof({
    cryptosuite: cryptosuite === 'ecdsa-sd-2023' ? sd.createVerifyCryptosuite() : rdfc.cryptosuite,
  });
  const result = await vc.verifyCredential({credential, suite, documentLoader});
  return {verified: result.verified, errors: messages(result.error)};
}

function messages(error) {
  return error ? [error.message, ...(error.errors ?? []).flatMap(messages), ...messages(error.cause)] : [];
}

const actions = {issue, derive, verify};
const answers = [];
for(const {action, ...request} of input()) {
  answers.push(await actions[action](request));
}
output(answers);
