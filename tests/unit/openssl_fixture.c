/* SPDX-License-Identifier: ISC */
#include <fcntl.h>
#include <ftw.h>
#include <spawn.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "openssl_fixture.h"
#include "test.h"

#define ARGUMENTS_MAX 64
#define FOLDERS_MAX 256
#define LOG_NAME "fixture.log"

/* What genpkey is told for each type of key. */
static const struct {
	const char *type;
	const char *options;
} key_types[] = {
	{ "rsa", "-algorithm RSA -pkeyopt rsa_keygen_bits:2048" },
	{ "rsa-pss", "-algorithm RSA-PSS -pkeyopt rsa_keygen_bits:2048" },
	{ "rsa-pss-sha384", "-algorithm RSA-PSS -pkeyopt rsa_keygen_bits:2048 "
	    "-pkeyopt rsa_pss_keygen_md:sha384 "
	    "-pkeyopt rsa_pss_keygen_mgf1_md:sha384 "
	    "-pkeyopt rsa_pss_keygen_saltlen:48" },
	{ "p256", "-algorithm EC -pkeyopt ec_paramgen_curve:P-256" },
	{ "p384", "-algorithm EC -pkeyopt ec_paramgen_curve:P-384" },
	{ "p521", "-algorithm EC -pkeyopt ec_paramgen_curve:P-521" },
	{ "k1", "-algorithm EC -pkeyopt ec_paramgen_curve:secp256k1" },
	{ "ed25519", "-algorithm ED25519" },
	{ "ed448", "-algorithm ED448" },
	{ "ml-dsa-44", "-algorithm ML-DSA-44" },
	{ "ml-dsa-65", "-algorithm ML-DSA-65" },
	{ "ml-dsa-87", "-algorithm ML-DSA-87" },
	{ "slh-dsa-sha2-128f", "-algorithm SLH-DSA-SHA2-128f" },
	{ "slh-dsa-sha2-256f", "-algorithm SLH-DSA-SHA2-256f" },
};

static const char ca_configuration[] =
    "[ca]\n"
    "default_ca = this\n"
    "[this]\n"
    "database = %1$s.index\n"
    "crlnumber = %1$s.crlnumber\n"
    "certificate = %1$s.pem\n"
    "private_key = %1$s.key\n"
    "serial = %1$s.serial\n"
    "new_certs_dir = .\n"
    "default_md = default\n"
    "default_days = 1825\n"
    "default_crl_days = 210\n"
    "unique_subject = no\n"
    "policy = any\n"
    "crl_extensions = crl_ext\n"
    "[any]\n"
    "commonName = supplied\n"
    "[req]\n"
    "distinguished_name = dn\n"
    "prompt = no\n"
    "[dn]\n"
    "O = Fixture\n"
    "CN = %1$s\n"
    "[root_ext]\n"
    "basicConstraints = critical,CA:TRUE\n"
    "keyUsage = critical,keyCertSign,cRLSign\n"
    "subjectKeyIdentifier = hash\n"
    "[sub_ext]\n"
    "basicConstraints = critical,CA:TRUE,pathlen:0\n"
    "keyUsage = critical,digitalSignature,keyCertSign,cRLSign\n"
    "subjectKeyIdentifier = hash\n"
    "authorityKeyIdentifier = keyid\n"
    "crlDistributionPoints = URI:http://pki.example/%1$s.crl\n"
    "[crl_ext]\n"
    "authorityKeyIdentifier = keyid:always\n";

static void
make_path(char out[FIXTURE_PATH_SIZE], const char *folder, const char *name)
{
	int size = snprintf(out, FIXTURE_PATH_SIZE, "%s/%s", folder, name);

	assert_in_range(size, 1, FIXTURE_PATH_SIZE - 1);
}

static char folders[FOLDERS_MAX][FIXTURE_PATH_SIZE];
static size_t folder_count;

void
fixture_make_folder(char folder[FIXTURE_PATH_SIZE])
{
	const char *parent = getenv("TMPDIR");

	assert_in_range(folder_count, 0, FOLDERS_MAX - 1);
	make_path(folder, parent != NULL ? parent : "/tmp",
	    "crlferry-test-XXXXXX");
	assert_non_null(mkdtemp(folder));
	strcpy(folders[folder_count++], folder);
}

static int
remove_one(const char *path, const struct stat *status, int type,
    struct FTW *where)
{
	return remove(path);
}

void
fixture_remove_folder(const char *folder)
{
	assert_int_equal(nftw(folder, remove_one, 8, FTW_DEPTH | FTW_PHYS), 0);
}

size_t
fixture_count_folders(void)
{
	return folder_count;
}

void
fixture_remove_folders(size_t kept)
{
	while (folder_count > kept) {
		const char *folder = folders[--folder_count];

		if (access(folder, F_OK) == 0)
			fixture_remove_folder(folder);
	}
}

static void
show_log(const char *folder)
{
	RELEASE_BUFFER struct buffer log = {0};

	fixture_read(folder, LOG_NAME, &log);
	print_error("%.*s\n", (int)log.size, (const char *)log.data);
}

void
fixture_run(const char *folder, const char *const argv[])
{
	posix_spawn_file_actions_t actions;
	int status;
	pid_t pid;

	assert_int_equal(posix_spawn_file_actions_init(&actions), 0);
	assert_int_equal(posix_spawn_file_actions_addchdir_np(&actions,
	    folder), 0);
	assert_int_equal(posix_spawn_file_actions_addopen(&actions, 0,
	    "/dev/null", O_RDONLY, 0), 0);
	assert_int_equal(posix_spawn_file_actions_addopen(&actions, 1,
	    LOG_NAME, O_WRONLY | O_CREAT | O_TRUNC, 0600), 0);
	assert_int_equal(posix_spawn_file_actions_adddup2(&actions, 1, 2), 0);
	assert_int_equal(posix_spawnp(&pid, argv[0], &actions, NULL,
	    (char *const *)argv, environ), 0);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	posix_spawn_file_actions_destroy(&actions);
	if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) {
		for (size_t i = 0; argv[i] != NULL; i++)
			print_error("%s ", argv[i]);
		show_log(folder);
		fail_msg("%s: want exit status 0, have wait status %#x",
		    argv[0], (unsigned int)status);
	}
}

void
fixture_openssl(const char *folder, const char *command, ...)
{
	const char *argv[ARGUMENTS_MAX] = { "openssl" };
	char words[1024], *rest = words, *word;
	size_t count = 1;
	va_list arguments;
	int size;

	va_start(arguments, command);
	size = vsnprintf(words, sizeof(words), command, arguments);
	va_end(arguments);
	assert_in_range(size, 1, sizeof(words) - 1);
	while ((word = strsep(&rest, " ")) != NULL) {
		assert_true(count < ARGUMENTS_MAX - 1);
		if (*word != '\0')
			argv[count++] = word;
	}
	assert_int_equal(setenv("OPENSSL_CONF", "/dev/null", 1), 0);
	fixture_run(folder, argv);
}

void
fixture_read(const char *folder, const char *name, struct buffer *out)
{
	char path[FIXTURE_PATH_SIZE];
	struct error err = {0};
	uint8_t chunk[4096];
	size_t size;
	FILE *file;

	make_path(path, folder, name);
	file = fopen(path, "rb");
	assert_non_null(file);
	while ((size = fread(chunk, 1, sizeof(chunk), file)) > 0)
		FINE(buffer_append(out, chunk, size, &err));
	assert_false(ferror(file));
	assert_int_equal(fclose(file), 0);
}

void
fixture_write(const char *folder, const char *name, struct span in)
{
	char path[FIXTURE_PATH_SIZE];
	FILE *file;

	make_path(path, folder, name);
	file = fopen(path, "wb");
	assert_non_null(file);
	if (in.size > 0)
		assert_int_equal(fwrite(in.data, 1, in.size, file), in.size);
	assert_int_equal(fclose(file), 0);
}

void
fixture_write_text(const char *folder, const char *name, const char *text)
{
	fixture_write(folder, name, (struct span){
	    .data = (const uint8_t *)text, .size = strlen(text) });
}

/* DSA keys come from a file of parameters. */
static void
make_dsa_key(const char *folder, const char *name)
{
	fixture_openssl(folder, "genpkey -genparam -algorithm DSA "
	    "-pkeyopt dsa_paramgen_bits:1024 -out dsa.parameters");
	fixture_openssl(folder, "genpkey -paramfile dsa.parameters "
	    "-out %s.key", name);
}

void
fixture_make_key(const char *folder, const char *name, const char *type)
{
	if (strcmp(type, "dsa") == 0) {
		make_dsa_key(folder, name);
		return;
	}
	for (size_t i = 0; i < COUNT_OF(key_types); i++) {
		if (strcmp(key_types[i].type, type) != 0)
			continue;
		fixture_openssl(folder, "genpkey %s -out %s.key",
		    key_types[i].options, name);
		return;
	}
	fail_msg("%s: want a known type of key, have %s", name, type);
}

void
fixture_make_ca(const char *folder, const char *name, const char *type)
{
	char configuration[2048], file[64];
	int size = snprintf(configuration, sizeof(configuration),
	    ca_configuration, name);

	assert_in_range(size, 1, sizeof(configuration) - 1);
	snprintf(file, sizeof(file), "%s.cnf", name);
	fixture_write_text(folder, file, configuration);
	snprintf(file, sizeof(file), "%s.index", name);
	fixture_write_text(folder, file, "");
	snprintf(file, sizeof(file), "%s.crlnumber", name);
	fixture_write_text(folder, file, "1000\n");
	fixture_make_key(folder, name, type);
	fixture_openssl(folder, "req -x509 -new -config %s.cnf -extensions "
	    "root_ext -key %s.key -days 3650 -out %s.pem", name, name, name);
}
