/*
 * What the parts cost by themselves, for tests/bench/run to set a run of forewarn against:
 *   limits seal N SIZE GROUP               the arithmetic of N messages, in libgcrypt
 *   limits gpgme HOME SIGNER FILE N        one GPGME operation for each of N keys of a ring
 *   limits sync FILE N                     4 KiB written and made durable, N times
 */
#include <errno.h>
#include <fcntl.h>
#include <gcrypt.h>
#include <gpgme.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void
die(const char *what, const char *why)
{
	fprintf(stderr, "limits: %s: %s\n", what, why);
	exit(2);
}

static void
gcrypt(const char *what, gcry_error_t error)
{
	if (error)
		die(what, gcry_strerror(error));
}

static void
gpg(const char *what, gpgme_error_t error)
{
	if (error)
		die(what, gpgme_strerror(error));
}

static size_t
number(const char *word)
{
	char *end;
	unsigned long n;

	errno = 0;
	n = strtoul(word, &end, 10);
	if (errno || *end || end == word || !n)
		die(word, "is not a number above 0");
	return n;
}

/* --- libgcrypt ------------------------------------------------------------------- */
static gcry_sexp_t
new_key(const char *form)
{
	gcry_sexp_t parameters, key;

	gcrypt("key", gcry_sexp_new(&parameters, form, 0, 1));
	gcrypt("key", gcry_pk_genkey(&key, parameters));
	gcry_sexp_release(parameters);
	return key;
}

/* An Ed25519 signature over a digest of the text. */
static void
sign(gcry_sexp_t key, const void *text, size_t size)
{
	unsigned char digest[64];
	gcry_sexp_t data, signature;

	gcry_md_hash_buffer(GCRY_MD_SHA512, digest, text, size);
	gcrypt("sign",
	    gcry_sexp_build(&data, NULL,
		"(data (flags eddsa)(hash-algo sha512)(value %b))", (int)sizeof digest,
		digest));
	gcrypt("sign", gcry_pk_sign(&signature, data, key));
	gcry_sexp_release(signature);
	gcry_sexp_release(data);
}

/* A session key for one recipient: an ephemeral X25519 key, and the secret shared with it. */
static void
wrap(gcry_sexp_t key)
{
	static const unsigned char scalar[32] = { 0x40, 1, 2, 3, [31] = 8 };
	gcry_sexp_t data, secret;

	gcrypt("wrap",
	    gcry_sexp_build(
		&data, NULL, "(data (flags raw)(value %b))", (int)sizeof scalar, scalar));
	gcrypt("wrap", gcry_pk_encrypt(&secret, data, key));
	gcry_sexp_release(secret);
	gcry_sexp_release(data);
}

/* AES-256 and the SHA-1 of RFC 4880, section 5.13. */
static void
encrypt(unsigned char *text, size_t size)
{
	static const unsigned char session[32] = { 1 };
	unsigned char digest[20];
	gcry_cipher_hd_t cipher;

	gcry_md_hash_buffer(GCRY_MD_SHA1, digest, text, size);
	gcrypt("encrypt",
	    gcry_cipher_open(&cipher, GCRY_CIPHER_AES256, GCRY_CIPHER_MODE_CFB, 0));
	gcrypt("encrypt", gcry_cipher_setkey(cipher, session, sizeof session));
	gcrypt("encrypt", gcry_cipher_encrypt(cipher, text, size, NULL, 0));
	gcry_cipher_close(cipher);
}

static void
seal_all(size_t n, size_t size, size_t group)
{
	unsigned char *text = calloc(1, size);
	gcry_sexp_t signer, contact;

	if (!text || !gcry_check_version(NULL))
		die("libgcrypt", "cannot be used");
	gcry_control(GCRYCTL_INITIALIZATION_FINISHED, 0);
	signer = new_key("(genkey (ecc (curve Ed25519)(flags eddsa)))");
	contact = new_key("(genkey (ecc (curve Curve25519)(flags djb-tweak)))");
	for (size_t i = 0; i < n; i++) {
		if (i % group == 0) {
			sign(signer, text, size);
			encrypt(text, size);
		}
		wrap(contact);
	}
	gcry_sexp_release(contact);
	gcry_sexp_release(signer);
	free(text);
}

/* --- GPGME ----------------------------------------------------------------------- */
static void
wide(gpgme_data_t data)
{
	gpg("buffer", gpgme_data_set_flag(data, "io-buffer-size", "65536"));
}

static void
operate(gpgme_ctx_t context, gpgme_key_t contact, const char *file)
{
	gpgme_key_t to[] = { contact, NULL };
	gpgme_data_t in, out;

	gpg(file, gpgme_data_new_from_file(&in, file, 1));
	gpg(file, gpgme_data_new(&out));
	wide(in);
	wide(out);
	gpg("encrypt",
	    gpgme_op_encrypt_sign(context, to,
		GPGME_ENCRYPT_ALWAYS_TRUST | GPGME_ENCRYPT_NO_COMPRESS, in, out));
	gpgme_data_release(out);
	gpgme_data_release(in);
}

static gpgme_ctx_t
open_context(const char *home, const char *signer)
{
	gpgme_ctx_t context;
	gpgme_key_t key;

	setlocale(LC_ALL, "");
	gpgme_check_version(NULL);
	gpg("context", gpgme_new(&context));
	gpg(home, gpgme_ctx_set_engine_info(context, GPGME_PROTOCOL_OpenPGP, NULL, home));
	gpg(signer, gpgme_get_key(context, signer, &key, 1));
	gpg(signer, gpgme_signers_add(context, key));
	gpgme_key_unref(key);
	return context;
}

/* The keys are listed once, before: what is left is one operation each. */
static void
operate_all(const char *home, const char *signer, const char *file, size_t n)
{
	gpgme_ctx_t context = open_context(home, signer);
	gpgme_key_t *keys = calloc(n, sizeof *keys), key;
	size_t count = 0;

	if (!keys)
		die("memory", strerror(errno));
	gpg(home, gpgme_op_keylist_start(context, NULL, 0));
	while (count < n && !gpgme_op_keylist_next(context, &key))
		if (key->can_encrypt)
			keys[count++] = key;
		else
			gpgme_key_unref(key);
	gpg(home, gpgme_op_keylist_end(context));
	for (size_t i = 0; i < count; i++) {
		operate(context, keys[i], file);
		gpgme_key_unref(keys[i]);
	}
	free(keys);
	gpgme_release(context);
	if (count < n)
		die(home, "has fewer keys than that");
}

/* --- the disk -------------------------------------------------------------------- */
static void
sync_all(const char *path, size_t n)
{
	char page[4096];
	int fd = open(path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

	for (size_t i = 0; fd >= 0 && i < n; i++) {
		memset(page, (int)i, sizeof page);
		if (pwrite(fd, page, sizeof page, 0) != sizeof page || fdatasync(fd) != 0)
			die(path, strerror(errno));
	}
	if (fd < 0 || close(fd) != 0 || unlink(path) != 0)
		die(path, strerror(errno));
}

int
main(int argc, char **argv)
{
	const char *mode = argc == 1 ? "" : argv[1];

	if (strcmp(mode, "seal") == 0 && argc == 5)
		seal_all(number(argv[2]), number(argv[3]), number(argv[4]));
	else if (strcmp(mode, "gpgme") == 0 && argc == 6)
		operate_all(argv[2], argv[3], argv[4], number(argv[5]));
	else if (strcmp(mode, "sync") == 0 && argc == 4)
		sync_all(argv[2], number(argv[3]));
	else
		die(mode, "is none of: seal, gpgme, sync");
	return 0;
}
