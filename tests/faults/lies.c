/* SPDX-License-Identifier: ISC */
/*
 * crlferry-sub as it would be were its reader taken over: linked with --wrap,
 * so that in the confined process these come in place of what judges a bundle
 * and what opens an order.  CRLFERRY_LIE names what they do.  For tests only.
 */
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/shm.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/array.h"
#include "sub/reader/reader_judge.h"
#include "sub/reader/reader_order.h"

#define DAY_S INT64_C(86400)

void __real_reader_judge(const struct reader_request *request,
    const struct reader_input *input, struct verdict *verdict);
void __wrap_reader_judge(const struct reader_request *request,
    const struct reader_input *input, struct verdict *verdict);
enum err __real_order_open(struct span json, const struct span *seals,
    size_t seal_count, const struct seals_trust *trust, struct order *out,
    struct seals *sealed, struct error *err);
enum err __wrap_order_open(struct span json, const struct span *seals,
    size_t seal_count, const struct seals_trust *trust, struct order *out,
    struct seals *sealed, struct error *err);

static bool
is_lie(const char *name)
{
	const char *lie = getenv("CRLFERRY_LIE");

	return lie != NULL && strcmp(lie, name) == 0;
}

static void
raise_fault(void)
{
	volatile int *volatile nowhere = NULL;

	*nowhere = 0;
}

/* What a process must not be able to do that has been taken over. */
static void
break_out(void)
{
	static char *const argv[] = {"true", NULL};

	if (is_lie("open") && open("/etc/passwd", O_RDONLY | O_CLOEXEC) >= 0)
		_exit(3);
	if (is_lie("socket") && socket(AF_UNIX, SOCK_STREAM, 0) >= 0)
		_exit(3);
	if (is_lie("exec"))
		execv("/bin/true", argv);
	if (is_lie("fork") && fork() >= 0)
		_exit(3);
	if (is_lie("unlink"))
		unlink("sub/state/version");
	if (is_lie("silence"))
		_exit(0);
	if (is_lie("crash"))
		raise_fault();
}

/* Octets of every kind, by a seed. */
static void
fill(void *out, size_t size, uint64_t seed)
{
	uint8_t *octets = out;
	size_t i;

	seed = seed * UINT64_C(2862933555777941757) + 3037000493;
	for (i = 0; i < size; i++) {
		seed ^= seed << 13;
		seed ^= seed >> 7;
		seed ^= seed << 17;
		octets[i] = (uint8_t)seed;
	}
}

/* One integer of the verdict that is not what the reader found. */
static const struct {
	const char *name;
	size_t offset;
	size_t size;
	uint64_t value;
} integers[] = {
#define INTEGER(field, value) {#field, offsetof(struct verdict, field), \
	sizeof(((struct verdict *)NULL)->field), value}
	INTEGER(answer.error.code, 9999),
	INTEGER(answer.error.code, UINT32_MAX),
	INTEGER(answer.is_confined, 2), INTEGER(is_decoded, 1),
	INTEGER(is_decoded, 7), INTEGER(has_manifest, 0),
	INTEGER(has_manifest, 255), INTEGER(has_next_ceremony, 9),
	INTEGER(is_emergency, 2), INTEGER(has_number, 2),
	INTEGER(has_number, 0), INTEGER(is_respelt, 2),
	INTEGER(created_s, UINT64_MAX / 2),
	INTEGER(next_ceremony_s, UINT64_C(1) << 63),
	INTEGER(dropped_count, UINT64_MAX), INTEGER(seal_count, 0),
	INTEGER(seal_count, 2), INTEGER(seal_count, VERDICT_SEALS_MAX + 1),
	INTEGER(seal_count, UINT32_MAX),
	INTEGER(this_update_s, UINT64_C(1) << 40),
	INTEGER(this_update_s, UINT64_C(1) << 32),
	INTEGER(this_update_s, 0), INTEGER(next_update_s, 1),
	INTEGER(next_update_s, UINT64_MAX / 2),
	INTEGER(next_publish_s, UINT64_MAX / 2), INTEGER(size_bytes, 0),
	INTEGER(size_bytes, UINT64_MAX), INTEGER(size_bytes, 1),
	INTEGER(revoked_count, UINT64_MAX), INTEGER(pair_count, 0),
	INTEGER(pair_count, 2), INTEGER(pair_count, UINT32_MAX),
	INTEGER(which[0], 1), INTEGER(which[0], UINT32_MAX),
	INTEGER(pairs[0].is_revoked, 3), INTEGER(pairs[0].reason, 11),
	INTEGER(pairs[0].reason, UINT32_MAX - 1),
	INTEGER(pairs[0].revoked_at_s, UINT64_MAX / 2),
#undef INTEGER
};

/* One text that does not end, or steers a terminal. */
static const struct {
	const char *name;
	size_t offset;
	size_t size;
} texts[] = {
#define TEXT(field) {#field, offsetof(struct verdict, field), \
	sizeof(((struct verdict *)NULL)->field)}
	TEXT(answer.error.what), TEXT(answer.error.remedy), TEXT(why),
	TEXT(published_as), TEXT(algorithm), TEXT(seals[0]),
#undef TEXT
};

/* "integer-N", "endless-N", "escape-N", "random-N" */
static bool
take_index(const char *kind, size_t *out)
{
	const char *lie = getenv("CRLFERRY_LIE");
	const size_t size = strlen(kind);

	if (lie == NULL || strncmp(lie, kind, size) != 0 || lie[size] != '-')
		return false;
	*out = strtoul(lie + size + 1, NULL, 10);
	return true;
}

#define EXECUTABLE (PROT_READ | PROT_WRITE | PROT_EXEC)
#define ANONYMOUS (MAP_PRIVATE | MAP_ANONYMOUS)
#define POINTER(to) ((long)(intptr_t)(to))
#define HERE POINTER(page)

static char page[8192];

/*
 * Calls that parsing does not need, and somebody who has taken the process over
 * does: memory that runs code first, then other files, processes and rights.
 */
static const struct {
	const char *name;
	long number;
	long arguments[6];
} calls[] = {
#define CALL(name, ...) {#name, SYS_##name, {__VA_ARGS__}}
	CALL(mmap, 0, 4096, EXECUTABLE, ANONYMOUS, -1),
	CALL(mmap, 0, 4096, PROT_EXEC, ANONYMOUS, -1),
	CALL(mmap, 0, 4096, PROT_READ | PROT_EXEC, MAP_SHARED |
	    MAP_ANONYMOUS, -1),
	CALL(mmap, 0, 4096, PROT_READ, MAP_PRIVATE, 1),
#if !defined(__SANITIZE_ADDRESS__)
	/* The sanitizers' own housekeeping. */
	CALL(mprotect, HERE, 4096, EXECUTABLE),
	CALL(mprotect, HERE, 4096, PROT_READ),
#endif
	CALL(pkey_mprotect, HERE, 4096, EXECUTABLE, -1),
	CALL(remap_file_pages, HERE, 4096, 0, 0, 0),
	CALL(personality, 0x0400000 /* READ_IMPLIES_EXEC */),
	CALL(memfd_create, POINTER("x"), 0), CALL(userfaultfd, 0),
	CALL(shmget, 0, 4096, 0600), CALL(shmat, 0, 0, SHM_EXEC),
	CALL(process_vm_readv, 1), CALL(process_vm_writev, 1),
	CALL(openat, AT_FDCWD, POINTER("/etc/passwd"), O_RDONLY),
	CALL(openat2, AT_FDCWD, POINTER("/etc/passwd"), HERE, 24),
	CALL(open_by_handle_at, AT_FDCWD, HERE, O_RDONLY),
	CALL(unlinkat, AT_FDCWD, POINTER("sub/state/version"), 0),
	CALL(renameat2, AT_FDCWD, POINTER("stores"), AT_FDCWD, POINTER("x"), 0),
	CALL(linkat, AT_FDCWD, POINTER("sub/state/version"), AT_FDCWD,
	    POINTER("x"), 0),
	CALL(symlinkat, POINTER("/etc/passwd"), AT_FDCWD, POINTER("x")),
	CALL(mkdirat, AT_FDCWD, POINTER("x"), 0755),
	CALL(mknodat, AT_FDCWD, POINTER("x"), 0100644, 0),
	CALL(fchmodat, AT_FDCWD, POINTER("stores"), 0777),
	CALL(fchownat, AT_FDCWD, POINTER("stores"), 1, 1, 0),
	CALL(truncate, POINTER("sub/state/version"), 0),
	CALL(utimensat, AT_FDCWD, POINTER("stores"), 0, 0),
	CALL(setxattr, POINTER("stores"), POINTER("user.x"), HERE, 1, 0),
	CALL(chdir, POINTER("/")), CALL(chroot, POINTER(".")), CALL(sync),
	CALL(read, 0, HERE, 1), CALL(write, 2, POINTER("x"), 1),
	CALL(writev, 1, HERE, 1), CALL(sendfile, 1, 0, 0, 1),
	CALL(splice, 0, 0, 1, 0, 1, 0), CALL(dup, 0), CALL(fcntl, 0, F_GETFD),
	CALL(ioctl, 0, 0), CALL(close, 0),
	CALL(socket, AF_INET, SOCK_STREAM, 0),
	CALL(socketpair, AF_UNIX, SOCK_STREAM, 0, HERE),
	CALL(connect, 0, HERE, 16), CALL(sendmsg, 1, HERE, 0),
	CALL(execve, POINTER("/bin/true"), 0, 0),
	CALL(execveat, AT_FDCWD, POINTER("/bin/true"), 0, 0, 0),
	CALL(clone, SIGCHLD, 0, 0, 0, 0), CALL(clone3, HERE, 64),
	CALL(ptrace, PTRACE_TRACEME), CALL(kill, 1, 0), CALL(tkill, 1, 0),
	CALL(tgkill, 1, 1, 0), CALL(pidfd_open, 1, 0),
	CALL(rt_sigaction, SIGSYS, 0, 0, 8), CALL(setuid, 0),
	CALL(setgid, 0), CALL(setgroups, 0, 0), CALL(capset, HERE, 0),
	CALL(unshare, 0), CALL(setns, 0, 0), CALL(mount), CALL(prctl, 38),
	CALL(seccomp, 0, 0, 0), CALL(setrlimit, 0, HERE),
	CALL(prlimit64, 0, 0, 0, 0), CALL(bpf), CALL(perf_event_open),
	CALL(io_uring_setup, 1, HERE), CALL(io_setup, 1, HERE),
	CALL(keyctl), CALL(add_key), CALL(nanosleep, HERE, 0),
#ifdef SYS_open
	CALL(open, POINTER("/etc/passwd"), O_RDONLY),
	CALL(creat, POINTER("x"), 0),
	CALL(fork), CALL(vfork), CALL(unlink, POINTER("sub/state/version")),
	CALL(rename, POINTER("stores"), POINTER("x")), CALL(modify_ldt),
#endif
#ifdef __X32_SYSCALL_BIT
	/* The same by another door, where the kernel has it. */
	{"x32 mmap", __X32_SYSCALL_BIT | SYS_mmap,
	    {0, 4096, EXECUTABLE, ANONYMOUS, -1}},
	{"x32 getpid", __X32_SYSCALL_BIT | SYS_getpid, {0}},
#endif
#undef CALL
};

/* The call of that number: it must not come back. */
static void
make_call(void)
{
	const long *with;
	size_t i;

	if (!take_index("call", &i))
		return;
	if (i >= COUNT_OF(calls))
		_exit(99);
	with = calls[i].arguments;
	syscall(calls[i].number, with[0], with[1], with[2], with[3], with[4],
	    with[5]);
	_exit(3);
}

static void
put_integer(struct verdict *verdict, size_t i)
{
	void *field = (char *)verdict + integers[i].offset;
	const uint8_t octet = (uint8_t)integers[i].value;
	const uint32_t word = (uint32_t)integers[i].value;

	if (integers[i].size == sizeof(octet))
		memcpy(field, &octet, sizeof(octet));
	else if (integers[i].size == sizeof(word))
		memcpy(field, &word, sizeof(word));
	else
		memcpy(field, &integers[i].value, integers[i].size);
}

/* The end of each table is a refusal of its own, so that it can be found. */
static void
distort(struct verdict *verdict)
{
	size_t i;

	if (take_index("integer", &i)) {
		if (i >= COUNT_OF(integers))
			_exit(99);
		put_integer(verdict, i);
	} else if (take_index("endless", &i)) {
		if (i >= COUNT_OF(texts))
			_exit(99);
		memset((char *)verdict + texts[i].offset, 'A', texts[i].size);
	} else if (take_index("escape", &i)) {
		if (i >= COUNT_OF(texts))
			_exit(99);
		strcpy((char *)verdict + texts[i].offset, "\x1b[2J");
	} else if (take_index("random", &i)) {
		fill(verdict, sizeof(*verdict), i);
		if (i % 2 == 0)
			verdict->answer.error.code = ERR_OK;
	} else if (is_lie("number")) {
		memset(verdict->number.octets, 0xff,
		    sizeof(verdict->number.octets));
	} else if (is_lie("stranger")) {
		strcpy(verdict->seals[0], "0123456789ABCDEF");
	} else if (is_lie("twice")) {
		verdict->seal_count = 2;
		verdict->which[1] = verdict->which[0];
		memcpy(verdict->seals[1], verdict->seals[0],
		    sizeof(verdict->seals[0]));
	} else if (is_lie("mute")) {
		verdict->answer.error.code = ERR_SEAL;
		verdict->answer.error.what[0] = '\0';
	}
}

void
__wrap_reader_judge(const struct reader_request *request,
    const struct reader_input *input, struct verdict *verdict)
{
	struct reader_request relaxed = *request;

	break_out();
	make_call();
	/* Judged by no history, nobody's seals, or at another time. */
	if (is_lie("history")) {
		relaxed.rules.seen_count = 0;
		relaxed.rules.order_count = 0;
		relaxed.previous = (struct span){NULL, 0};
	} else if (is_lie("seals")) {
		relaxed.seals_required = 0;
	} else if (is_lie("twice")) {
		relaxed.seals_required = 1;
	} else if (is_lie("dates")) {
		relaxed.rules.now_s -= 300 * DAY_S;
	}
	__real_reader_judge(&relaxed, input, verdict);
	distort(verdict);
	/* Other octets than were judged, where it hands some back. */
	if (is_lie("octets") && input->der_capacity > 0)
		input->der[verdict->size_bytes - 1] ^= 1;
	if (is_lie("room") && input->der_capacity > 0)
		verdict->size_bytes = input->der_capacity + 1;
}

/* The same of an order; what it found, and what it says of it. */
static enum err
distort_order(struct order *order, struct seals *seals,
    struct error *err)
{
	size_t i;

	if (take_index("random", &i)) {
		fill(order, sizeof(*order), i);
		fill(seals, sizeof(*seals), i + 1);
	}
	if (is_lie("number"))
		memset(order->number.octets, 0xff, NUMBER_OCTETS);
	if (is_lie("flag"))
		memset(&order->has_number, 2, 1);
	if (is_lie("count"))
		seals->count = ORDER_SEALS_MAX + 1;
	if (is_lie("none"))
		seals->count = 0;
	if (is_lie("which"))
		seals->which[0] = UINT32_MAX;
	if (is_lie("stranger"))
		strcpy(seals->key_ids[0], "0123456789ABCDEF");
	if (is_lie("twice")) {
		seals->count = 2;
		seals->which[1] = seals->which[0];
		memcpy(seals->key_ids[1], seals->key_ids[0],
		    sizeof(seals->key_ids[0]));
	}
	if (is_lie("endless"))
		memset(order->root, 'a', sizeof(order->root));
	if (is_lie("nonce"))
		order->nonce[0] = 'g';
	if (is_lie("escape"))
		strcpy(order->why, "\x1b[2J");
	if (is_lie("why"))
		strcpy(order->why, "another reason");
	if (is_lie("target"))
		order->sha256[0] ^= 1;
	if (is_lie("time"))
		order->at_s = INT64_MAX;
	if (is_lie("sequence"))
		order->sequence = UINT64_MAX;
	if (is_lie("code"))
		return (enum err)9999;
	if (is_lie("mute")) {
		err->what[0] = '\0';
		return ERR_SEAL;
	}
	return ERR_OK;
}

enum err
__wrap_order_open(struct span json, const struct span *seals,
    size_t seal_count, const struct seals_trust *trust, struct order *out,
    struct seals *sealed, struct error *err)
{
	struct seals_trust relaxed = *trust;
	enum err code;

	break_out();
	make_call();
	if (is_lie("seals"))
		relaxed.required = 0;
	code = __real_order_open(json, seals, seal_count, &relaxed, out,
	    sealed, err);
	/* It would not take one without any; what it says is what is sealed. */
	if (is_lie("seals") && code != ERR_OK) {
		sealed->count = 0;
		return order_parse(json, out, err);
	}
	return code == ERR_OK ? distort_order(out, sealed, err) : code;
}
