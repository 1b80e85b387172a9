/* SPDX-License-Identifier: ISC */
/*
 * OpenSSL never has the socket: it reads what was received within the time, and
 * what it writes is sent for it.  So no peer can keep it busy, and none can
 * make it send more than a handshake.
 */
#include <stdio.h>
#include <string.h>

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509_vfy.h>

#include "base/array.h"
#include "base/text.h"
#include "sub/watch/probe_handshake.h"

#define CHAIN_MAX_BYTES (256 * 1024)
#define RECEIVED_MAX_BYTES (1024 * 1024)

#define NO_OTHERS ":!aNULL:!eNULL:!PSK:!SRP:@SECLEVEL=0"

/*
 * What is soundest first; but for a service that can do no better, all.  TLS
 * 1.3 goes by the signatures alone, and what is older than 1.2 by the ciphers.
 */
static const struct {
	const char *ciphers, *signatures;
} offers[] = {
    [KEYS_ANY] = {"ALL" NO_OTHERS, NULL},
    [KEYS_RSA] = {"aRSA" NO_OTHERS,
	"rsa_pss_rsae_sha256:rsa_pss_pss_sha256:rsa_pss_rsae_sha384:"
	"rsa_pss_pss_sha384:rsa_pss_rsae_sha512:rsa_pss_pss_sha512:"
	"RSA+SHA256:RSA+SHA384:RSA+SHA512:RSA+SHA224:RSA+SHA1"},
    [KEYS_ELLIPTIC] = {"aECDSA" NO_OTHERS, "ECDSA+SHA256:ECDSA+SHA384:"
	"ECDSA+SHA512:ed25519:ed448:ECDSA+SHA224:ECDSA+SHA1"},
};

#define RECORD_ALERT 21
#define RECORD_HANDSHAKE 22

static void
free_context(SSL_CTX **context)
{
	SSL_CTX_free(*context);
}

static void
free_ssl(SSL **ssl)
{
	SSL_free(*ssl);
}

void
probe_handshake_release(struct probe_handshake *handshake)
{
	for (size_t i = 0; i < handshake->sent_count; i++)
		buffer_release(&handshake->sent[i]);
}

static bool
keep(struct probe_handshake *handshake, X509 *certificate)
{
	struct buffer *buffer = &handshake->sent[handshake->sent_count];
	unsigned char *der = NULL;
	const int size = i2d_X509(certificate, &der);
	bool is_kept = size > 0 &&
	    buffer_append(buffer, der, (size_t)size, NULL) == ERR_OK;

	OPENSSL_free(der);
	handshake->sent_count += is_kept;
	return is_kept;
}

/* In place of OpenSSL's verification: it is we who judge, afterwards. */
static int
collect(X509_STORE_CTX *context, void *argument)
{
	STACK_OF(X509) *sent = X509_STORE_CTX_get0_untrusted(context);
	struct probe_handshake *handshake = argument;

	for (int i = 0; i < sk_X509_num(sent); i++) {
		if (handshake->sent_count == PROBE_SENT_MAX ||
		    !keep(handshake, sk_X509_value(sent, i)))
			handshake->left_out++;
	}
	X509_STORE_CTX_set_error(context, X509_V_OK);
	return 1;
}

/* There is none to send. */
static int
note_request(SSL *ssl, X509 **certificate, EVP_PKEY **key)
{
	struct probe_handshake *handshake = SSL_get_app_data(ssl);

	(void)certificate;
	(void)key;
	handshake->asks_client = true;
	return 0;
}

static bool
prepare_context(SSL_CTX *context, enum probe_keys keys,
    struct probe_handshake *handshake)
{
	const char *signatures = offers[keys].signatures;

	SSL_CTX_set_verify(context, SSL_VERIFY_NONE, NULL);
	SSL_CTX_set_cert_verify_callback(context, collect, handshake);
	SSL_CTX_set_client_cert_cb(context, note_request);
	SSL_CTX_set_max_cert_list(context, CHAIN_MAX_BYTES);
	SSL_CTX_set_security_level(context, 0);
	SSL_CTX_set_options(context, SSL_OP_LEGACY_SERVER_CONNECT |
	    SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_TICKET);
	return SSL_CTX_set_min_proto_version(context, TLS1_VERSION) == 1 &&
	    SSL_CTX_set_cipher_list(context, offers[keys].ciphers) == 1 &&
	    (signatures == NULL ||
	    SSL_CTX_set1_sigalgs_list(context, signatures) == 1);
}

/* A BIO of memory for what is received, and one for what is to be sent. */
static bool
prepare(SSL *ssl, const struct probe_target *target,
    struct probe_handshake *handshake)
{
	BIO *in = BIO_new(BIO_s_mem());
	BIO *out = BIO_new(BIO_s_mem());

	if (in == NULL || out == NULL) {
		BIO_free(in);
		BIO_free(out);
		return false;
	}
	SSL_set_bio(ssl, in, out);
	SSL_set_app_data(ssl, handshake);
	SSL_set_connect_state(ssl);
	return target->is_address ||
	    SSL_set_tlsext_host_name(ssl, target->servername) == 1;
}

/* Send what waits to be sent. */
static enum err
flush(SSL *ssl, int fd, int64_t deadline_ms, struct error *err)
{
	char octets[4096];
	int size;

	while ((size = BIO_read(SSL_get_wbio(ssl), octets,
	    sizeof(octets))) > 0)
		TRY(probe_send(fd, (struct span){(const void *)octets,
		    (size_t)size}, deadline_ms, err));
	return ERR_OK;
}

/* Words of another protocol, and what to do then. */
static enum err
fail_plain(struct span received, struct error *err)
{
	static const struct {
		const char *begin, *remedy;
	} others[] = {
	    {"220", "give --starttls smtp"},
	    {"* OK", "give --starttls imap"},
	    {"+OK", "give --starttls pop3"},
	    {"HTTP/", "this port serves plain HTTP: name the one of HTTPS"},
	};
	char text[64];
	const size_t size = received.size < sizeof(text) ? received.size :
	    sizeof(text) - 1;

	memcpy(text, received.data, size);
	text[size] = '\0';
	text[strcspn(text, "\r\n")] = '\0';
	text_make_printable(text, '?');
	(void)err_fail(err, ERR_FORMAT, "it does not speak TLS: it says "
	    "\"%s\"", text);
	for (size_t i = 0; i < COUNT_OF(others); i++) {
		if (span_starts_with(received, others[i].begin))
			return err_remedy(err, ERR_FORMAT, "%s",
			    others[i].remedy);
	}
	return err_remedy(err, ERR_FORMAT, "check the port; a service that "
	    "begins in plain text needs --starttls");
}

static enum err
fail_handshake(const struct probe_handshake *handshake, struct error *err)
{
	const unsigned long number = ERR_peek_error();
	const char *reason = ERR_reason_error_string(number);

	return err_remedy(err, err_fail(err, ERR_FORMAT, "the handshake "
	    "failed: %s", reason == NULL ? "no reason is known" : reason),
	    handshake->asks_client ? "it asks for a client certificate, of "
	    "which this probe has none" : "see the log of the service");
}

/* Nothing came, or no more. */
static enum err
fail_silent(size_t total, enum err code, struct error *err)
{
	return err_remedy(err, code, total > 0 ? "see the log of the service" :
	    "check the service; one that begins in plain text needs "
	    "--starttls");
}

static enum err
feed(SSL *ssl, int fd, int64_t deadline_ms, size_t *total, struct error *err)
{
	uint8_t octets[4096];
	size_t size;

	TRY(fail_silent(*total, probe_receive(fd, octets, sizeof(octets),
	    deadline_ms, &size, err), err));
	if (size == 0)
		return fail_silent(*total, err_fail(err, ERR_IO, "it closed "
		    "the connection during the handshake"), err);
	if (*total == 0 && octets[0] != RECORD_HANDSHAKE &&
	    octets[0] != RECORD_ALERT)
		return fail_plain((struct span){octets, size}, err);
	*total += size;
	if (*total > RECEIVED_MAX_BYTES)
		return err_fail(err, ERR_FORMAT, "its handshake has more than "
		    "%d octets", RECEIVED_MAX_BYTES);
	return BIO_write(SSL_get_rbio(ssl), octets, (int)size) == (int)size ?
	    ERR_OK : err_no_memory(err);
}

static enum err
shake(SSL *ssl, int fd, const struct probe_handshake *handshake,
    struct error *err)
{
	const int64_t deadline_ms = probe_deadline();
	size_t total = 0;

	for (;;) {
		const int result = SSL_do_handshake(ssl);
		const int why = SSL_get_error(ssl, result);
		enum err code = ERR_OK;

		if (result != 1 && why != SSL_ERROR_WANT_READ)
			code = fail_handshake(handshake, err);
		/* An alert goes out, if it can; its failure is no news. */
		if (code != ERR_OK)
			(void)!flush(ssl, fd, deadline_ms, NULL);
		TRY(code);
		TRY(flush(ssl, fd, deadline_ms, err));
		if (result == 1)
			return ERR_OK;
		TRY(feed(ssl, fd, deadline_ms, &total, err));
	}
}

static void
describe(SSL *ssl, struct probe_report *report,
    struct probe_handshake *handshake)
{
	static const struct {
		int type;
		const char *name;
	} types[] = {
	    {NID_rsaEncryption, "RSA"}, {NID_rsassaPss, "RSA-PSS"},
	    {NID_X9_62_id_ecPublicKey, "ECDSA"}, {NID_dsa, "DSA"},
	};
	int digest = NID_undef, type = NID_undef;
	const char *name;

	snprintf(report->protocol, sizeof(report->protocol), "%s",
	    SSL_get_version(ssl));
	snprintf(report->cipher, sizeof(report->cipher), "%s",
	    SSL_get_cipher_name(ssl));
	/* A key exchange by RSA alone has no signature. */
	if (SSL_get_peer_signature_nid(ssl, &digest) != 1 ||
	    SSL_get_peer_signature_type_nid(ssl, &type) != 1)
		return;
	name = OBJ_nid2sn(type);
	for (size_t i = 0; i < COUNT_OF(types); i++) {
		if (types[i].type == type)
			name = types[i].name;
	}
	snprintf(report->signature, sizeof(report->signature), "%.20s%s%.20s",
	    name, digest == NID_undef ? "" : " with ", digest == NID_undef ?
	    "" : OBJ_nid2sn(digest));
	handshake->is_signature_weak = digest == NID_md5 ||
	    digest == NID_sha1 || digest == NID_md5_sha1;
}

enum err
probe_handshake(int fd, const struct probe_target *target,
    enum probe_keys keys, struct probe_report *report,
    struct probe_handshake *out, struct error *err)
{
	__attribute__((cleanup(free_context))) SSL_CTX *context = NULL;
	__attribute__((cleanup(free_ssl))) SSL *ssl = NULL;
	enum err code;

	ERR_clear_error();
	if (OPENSSL_init_ssl(OPENSSL_INIT_NO_LOAD_CONFIG, NULL) == 1)
		context = SSL_CTX_new(TLS_client_method());
	if (context != NULL && prepare_context(context, keys, out))
		ssl = SSL_new(context);
	if (ssl == NULL || !prepare(ssl, target, out))
		return err_fail(err, ERR_IO, "OpenSSL cannot begin a "
		    "handshake: %s",
		    ERR_reason_error_string(ERR_peek_error()));
	code = shake(ssl, fd, out, err);
	if (out->sent_count > 0)
		describe(ssl, report, out);
	if (code == ERR_OK && SSL_shutdown(ssl) >= 0)
		(void)!flush(ssl, fd, probe_deadline(), NULL);
	ERR_clear_error();
	return code;
}
