// Signs credentials with @digitalbazaar/vc. In: [{credential, seed (hex), verificationMethod, created}].

import {input, output} from './offline.mjs';
import {documentLoader} from './loader.mjs';

const {DataIntegrityProof} = await import('@digitalbazaar/data-integrity');
const Ed25519Multikey = await import('@digitalbazaar/ed25519-multikey');
const {cryptosuite} = await import('@digitalbazaar/eddsa-rdfc-2022-cryptosuite');
const vc = await import('@digitalbazaar/vc');

const signed = [];
for(const {credential, seed, verificationMethod, created} of input()) {
  const key = await Ed25519Multikey.generate({
    seed: Buffer.from(seed, 'hex'),
    id: verificationMethod,
    controller: verificationMethod.split('#')[0],
  });
  const suite = new DataIntegrityProof({signer: key.signer(), date: created, cryptosuite});
  signed.push(await vc.issue({credential, suite, documentLoader}));
}
output(signed);
