// The job with openpgp.js and nodemailer, 8 connections, for each line "FINGERPRINT MAIL" of
// stdin.  node peer-openpgpjs.mjs MODULES KEYS PAYLOAD PORT [CA]
// KEYS holds signer.asc, with the secret key, and FINGERPRINT.asc.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const [modules, keys, payload, port, ca] = process.argv.slice(2);
const require = createRequire(`${modules}/`);
const openpgp = require('openpgp');
const nodemailer = require('nodemailer');

const relay = nodemailer.createTransport({
  host: '127.0.0.1', port: Number(port), secure: Boolean(ca), ignoreTLS: !ca,
  tls: ca ? { ca: readFileSync(ca) } : undefined, pool: true, maxConnections: 8, maxMessages: Infinity,
});
const key = (name) => readFileSync(`${keys}/${name}.asc`, 'utf8');
const signer = await openpgp.readPrivateKey({ armoredKey: key('signer') });
const plain = readFileSync(payload);
const contacts = readFileSync(0, 'utf8').trim().split('\n').map((line) => line.split(' '));

const mail = (to, sealed) => `From: Example Programme <advisories@psirt.example>
To: ${to}
Subject: [...]
Date: ${new Date().toUTCString()}
MIME-Version: 1.0
Content-Type: multipart/encrypted; protocol="application/pgp-encrypted"; boundary=b

--b
Content-Type: application/pgp-encrypted

Version: 1

--b
Content-Type: application/octet-stream

${sealed}
--b--
`;

const sent = [];
for (const [fingerprint, to] of contacts) {
  const sealed = await openpgp.encrypt({
    message: await openpgp.createMessage({ binary: plain }), signingKeys: signer,
    encryptionKeys: await openpgp.readKey({ armoredKey: key(fingerprint) }),
  });
  sent.push(relay.sendMail({ envelope: { from: 'advisories@psirt.example', to: [to] }, raw: mail(to, sealed) }));
}
await Promise.all(sent);
relay.close();
