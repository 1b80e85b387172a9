/* SPDX-License-Identifier: ISC */
#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "base/file.h"
#include "sub/watch/probe_socket.h"

#define STEP_MS (PROBE_STEP_S * INT64_C(1000))

static int64_t
now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

int64_t
probe_deadline(void)
{
	return now_ms() + STEP_MS;
}

/* False if the time is over. */
static bool
wait_for(int fd, short events, int64_t deadline_ms)
{
	struct pollfd poller = {.fd = fd, .events = events};
	int64_t left_ms;

	while ((left_ms = deadline_ms - now_ms()) > 0) {
		if (poll(&poller, 1, (int)left_ms) > 0)
			return true;
	}
	return false;
}

/* What the resolver works with, maybe longer than we wait for it. */
struct lookup {
	struct gaicb request;
	struct addrinfo hints;
	struct probe_target target;
};

static void
lookup_free(struct lookup **lookup)
{
	/* Left to a resolver that cannot be stopped; the process ends soon. */
	if (*lookup == NULL || (gai_error(&(*lookup)->request) ==
	    EAI_INPROGRESS && gai_cancel(&(*lookup)->request) !=
	    EAI_CANCELED))
		return;
	if ((*lookup)->request.ar_result != NULL)
		freeaddrinfo((*lookup)->request.ar_result);
	free(*lookup);
}

static enum err
resolve(struct lookup *lookup, struct error *err)
{
	struct gaicb *list[] = {&lookup->request};
	const char *host = lookup->target.host;
	int64_t deadline_ms = probe_deadline();
	int code;

	code = getaddrinfo_a(GAI_NOWAIT, list, 1, NULL);
	if (code != 0)
		return err_fail(err, ERR_IO, "%s cannot be looked up: %s",
		    host, gai_strerror(code));
	while ((code = gai_error(list[0])) == EAI_INPROGRESS) {
		const int64_t left_ms = deadline_ms - now_ms();
		const struct timespec left = {.tv_sec = left_ms / 1000,
		    .tv_nsec = left_ms % 1000 * 1000000};

		if (left_ms <= 0)
			return err_remedy(err, err_fail(err, ERR_IO, "%s was "
			    "not resolved within %d seconds", host,
			    PROBE_STEP_S), "check this machine's name "
			    "servers, or give the address, and the name as "
			    "--servername");
		(void)gai_suspend((const struct gaicb *const *)list, 1, &left);
	}
	if (code == 0)
		return ERR_OK;
	return err_remedy(err, err_fail(err, ERR_MISSING, "%s cannot be "
	    "resolved: %s", host, gai_strerror(code)), "check the name, and "
	    "this machine's name servers");
}

static void
write_address(const struct addrinfo *info, char address[64])
{
	char host[NI_MAXHOST];

	if (getnameinfo(info->ai_addr, info->ai_addrlen, host, sizeof(host),
	    NULL, 0, NI_NUMERICHOST) != 0)
		strcpy(host, "?");
	snprintf(address, 64, "%.63s", host);
}

/* errno, 0 once it is connected. */
static int
connect_one(const struct addrinfo *info, int64_t deadline_ms, int *out_fd)
{
	CLOSE_FD int fd = -1;
	int number = 0;
	socklen_t size = sizeof(number);

	fd = socket(info->ai_family, SOCK_STREAM | SOCK_CLOEXEC |
	    SOCK_NONBLOCK, 0);
	if (fd < 0)
		return errno;
	if (connect(fd, info->ai_addr, info->ai_addrlen) != 0) {
		if (errno != EINPROGRESS)
			return errno;
		if (!wait_for(fd, POLLOUT, deadline_ms))
			return ETIMEDOUT;
		if (getsockopt(fd, SOL_SOCKET, SO_ERROR, &number, &size) != 0)
			return errno;
	}
	if (number != 0)
		return number;
	*out_fd = fd;
	fd = -1;
	return 0;
}

enum err
probe_connect(const struct probe_target *target, int *out_fd,
    char address[64], struct error *err)
{
	__attribute__((cleanup(lookup_free))) struct lookup *lookup =
	    calloc(1, sizeof(*lookup));
	int64_t deadline_ms;
	int left = 0, number = 0;

	if (lookup == NULL)
		return err_no_memory(err);
	lookup->target = *target;
	lookup->hints = (struct addrinfo){.ai_socktype = SOCK_STREAM};
	lookup->request = (struct gaicb){.ar_name = lookup->target.host,
	    .ar_service = lookup->target.port,
	    .ar_request = &lookup->hints};
	TRY(resolve(lookup, err));
	for (const struct addrinfo *info = lookup->request.ar_result;
	    info != NULL; info = info->ai_next)
		left++;
	deadline_ms = probe_deadline();
	/* One that does not answer leaves time for the others. */
	for (const struct addrinfo *info = lookup->request.ar_result;
	    info != NULL; info = info->ai_next, left--) {
		const int64_t start_ms = now_ms();

		write_address(info, address);
		number = connect_one(info, start_ms +
		    (deadline_ms - start_ms) / left, out_fd);
		if (number == 0)
			return ERR_OK;
	}
	return err_remedy(err, err_fail(err, ERR_IO, "cannot connect to %s "
	    "port %s: %s", address, target->port, strerror(number)), "check "
	    "that the service runs and listens there, and that no firewall is "
	    "between");
}

enum err
probe_send(int fd, struct span in, int64_t deadline_ms, struct error *err)
{
	while (in.size > 0) {
		ssize_t sent = send(fd, in.data, in.size, MSG_NOSIGNAL);

		if (sent > 0) {
			in.data += sent;
			in.size -= (size_t)sent;
		} else if (errno == EAGAIN) {
			if (!wait_for(fd, POLLOUT, deadline_ms))
				return err_fail(err, ERR_IO, "it takes nothing "
				    "within %d seconds", PROBE_STEP_S);
		} else if (errno != EINTR) {
			return err_fail(err, ERR_IO, "the connection broke: "
			    "%s", strerror(errno));
		}
	}
	return ERR_OK;
}

enum err
probe_receive(int fd, void *out, size_t capacity, int64_t deadline_ms,
    size_t *size, struct error *err)
{
	ssize_t received;

	for (;;) {
		if (!wait_for(fd, POLLIN, deadline_ms))
			return err_fail(err, ERR_IO, "no answer within %d "
			    "seconds", PROBE_STEP_S);
		received = recv(fd, out, capacity, 0);
		if (received >= 0)
			break;
		if (errno != EINTR && errno != EAGAIN)
			return err_fail(err, ERR_IO, "the connection broke: "
			    "%s", strerror(errno));
	}
	*size = (size_t)received;
	return ERR_OK;
}
