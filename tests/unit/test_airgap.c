/* SPDX-License-Identifier: ISC */
/*
 * Network interfaces, real ones: those of this machine as sysfs has them, and
 * those of a network of our own, where the kernel lets us have one.
 */
#include <fcntl.h>
#include <linux/if_tun.h>
#include <net/if.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "rooms_fixture.h"
#include "root/issue/airgap.h"
#include "test.h"

#define NO_NETWORK 77	/* exit status of a child that has none of its own */
#define NAMES_MAX 64

/* What sysfs says of an interface. */
static unsigned long
flags_of(const char *name)
{
	char path[PATH_SIZE];
	unsigned int flags = 0;
	FILE *file;

	snprintf(path, sizeof(path), "/sys/class/net/%s/flags", name);
	file = fopen(path, "r");
	assert_non_null(file);
	assert_int_equal(fscanf(file, "%x", &flags), 1);
	fclose(file);
	return flags;
}

/* Interfaces of this machine that are up, loopback left out. */
static size_t
list_up(char names[NAMES_MAX][IF_NAMESIZE])
{
	struct if_nameindex *list = if_nameindex();
	size_t count = 0;

	assert_non_null(list);
	for (size_t i = 0; list[i].if_index != 0; i++) {
		unsigned long flags = flags_of(list[i].if_name);

		if ((flags & IFF_UP) == 0 || (flags & IFF_LOOPBACK) != 0)
			continue;
		assert_true(count < NAMES_MAX);
		snprintf(names[count++], IF_NAMESIZE, "%s", list[i].if_name);
	}
	if_freenameindex(list);
	return count;
}

TEST(it_finds_what_sysfs_finds)
{
	char names[NAMES_MAX][IF_NAMESIZE], have[64];
	const char *words[NAMES_MAX];
	size_t count = list_up(names);
	struct config_words allowed = { words, 0 };
	struct error err = {0};

	for (size_t i = 0; i < count; i++)
		words[i] = names[i];
	/* Each is found until all of them are allowed. */
	for (allowed.count = 0; allowed.count <= count; allowed.count++) {
		bool found = allowed.count == count, is_one = false;

		FINE(airgap_find(&allowed, have, sizeof(have), &found, &err));
		assert_int_equal(found, allowed.count < count);
		for (size_t i = allowed.count; found && i < count; i++)
			is_one = is_one || strcmp(have, names[i]) == 0;
		assert_int_equal(found, is_one);
	}
}

TEST(what_the_configuration_says_is_done)
{
	static const struct {
		enum air_gap air_gap;
		enum err want;
		bool is_said;
	} rows[] = {
		{ AIR_GAP_REQUIRE, ERR_NETWORK, false },
		{ AIR_GAP_WARN, ERR_OK, true },
		{ AIR_GAP_OFF, ERR_OK, false },
	};
	char names[NAMES_MAX][IF_NAMESIZE];
	bool is_up = list_up(names) > 0;

	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		RELEASE_NOTICES struct notices notices = {0};
		const struct config config = { .path = "x.cfg",
			.air_gap = rows[i].air_gap };
		struct error err = {0};
		enum err code = airgap_check(&config, &notices, &err);

		if (is_up && rows[i].want != ERR_OK)
			assert_refusal("up", rows[i].want, "network interface ",
			    code, &err);
		else
			assert_fine("up", code, &err);
		assert_int_equal(notices.lines.size > 0,
		    is_up && rows[i].is_said);
	}
}

/* Into a network without anything but a loopback that is down. */
static bool
leave_network(void)
{
	return unshare(CLONE_NEWNET) == 0 ||
	    unshare(CLONE_NEWUSER | CLONE_NEWNET) == 0;
}

/* Wait until it has these of IFF_UP and IFF_RUNNING: that takes its time. */
static bool
await_flags(const char *name, int flags)
{
	struct ifreq request = {0};
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	bool has_come = false;

	snprintf(request.ifr_name, sizeof(request.ifr_name), "%s", name);
	for (int tries = 0; fd >= 0 && !has_come && tries < 10000; tries++) {
		has_come = ioctl(fd, SIOCGIFFLAGS, &request) == 0 &&
		    (request.ifr_flags & (IFF_UP | IFF_RUNNING)) == flags;
		if (!has_come)
			usleep(1000);
	}
	close(fd);
	return has_come;
}

static bool
set_flags(const char *name, short flags)
{
	struct ifreq request = {0};
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	bool is_set;

	if (fd < 0)
		return false;
	snprintf(request.ifr_name, sizeof(request.ifr_name), "%s", name);
	request.ifr_flags = flags;
	is_set = ioctl(fd, SIOCSIFFLAGS, &request) == 0;
	close(fd);
	return is_set;
}

/* An interface, IFF_TUN or IFF_TAP, that lasts as long as its descriptor. */
static int
make_interface(const char *name, short kind)
{
	struct ifreq request = { .ifr_flags = (short)(kind | IFF_NO_PI) };
	int fd = open("/dev/net/tun", O_RDWR | O_CLOEXEC);

	if (fd < 0)
		return -1;
	snprintf(request.ifr_name, sizeof(request.ifr_name), "%s", name);
	if (ioctl(fd, TUNSETIFF, &request) == 0)
		return fd;
	close(fd);
	return -1;
}

static bool
finds(const char *allowed, const char *want)
{
	const char *words[] = { allowed };
	const struct config_words list = { words, allowed != NULL };
	struct error err = {0};
	char have[64] = "";
	bool found = want == NULL;

	return airgap_find(&list, have, sizeof(have), &found, &err) ==
	    ERR_OK && found == (want != NULL) &&
	    (want == NULL || strcmp(have, want) == 0);
}

/*
 * A cable may be plugged in at any time: one that is up counts without a
 * carrier as well.
 */
static int
check_without_carrier(const char *name, short kind)
{
	int carrier = 0;
	int fd = make_interface(name, kind);

	if (fd < 0 || ioctl(fd, TUNSETCARRIER, &carrier) != 0 ||
	    !set_flags(name, IFF_UP))
		return NO_NETWORK;
	/* Else this would show nothing. */
	if (!await_flags(name, IFF_UP))
		return 7;
	if (!finds(NULL, name) || !finds(name, NULL))
		return 8;
	carrier = 1;
	if (ioctl(fd, TUNSETCARRIER, &carrier) != 0 ||
	    !await_flags(name, IFF_UP | IFF_RUNNING))
		return 9;
	if (!finds(NULL, name))
		return 10;
	close(fd);
	return finds(NULL, NULL) ? 0 : 11;
}

/* The step that fails, from 1; 0 where all is as it should be. */
static int
check_own_network(void)
{
	int fd, step;

	if (!leave_network())
		return NO_NETWORK;
	if (!finds(NULL, NULL))
		return 1;
	if (!set_flags("lo", IFF_UP))
		return NO_NETWORK;
	/* Loopback is no network, up or down. */
	if (!finds(NULL, NULL))
		return 2;
	fd = make_interface("wire0", IFF_TUN);
	if (fd < 0)
		return NO_NETWORK;
	/* It is there, and down; it has no address, and is up all the same. */
	if (!finds(NULL, NULL))
		return 3;
	if (!set_flags("wire0", IFF_UP))
		return NO_NETWORK;
	if (!finds(NULL, "wire0"))
		return 4;
	if (!finds("wire0", NULL) || !finds("wire", "wire0") ||
	    !finds("wire00", "wire0"))
		return 5;
	if (!set_flags("wire0", 0))
		return NO_NETWORK;
	if (!finds(NULL, NULL))
		return 6;
	step = check_without_carrier("tap0", IFF_TAP);
	return step != 0 ? step : check_without_carrier("tun0", IFF_TUN);
}

TEST(only_what_is_up_counts)
{
	pid_t pid = fork();
	int status;

	assert_true(pid >= 0);
	if (pid == 0)
		_exit(check_own_network());
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status));
	if (WEXITSTATUS(status) == NO_NETWORK) {
		print_message("no network of our own here\n");
		skip();
	}
	assert_int_equal(WEXITSTATUS(status), 0);
}
