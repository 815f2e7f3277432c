/* SPDX-License-Identifier: MIT
 *
 * Messages between keeper and capture child.
 */
#include "capd/talk.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

bool
talk_open(int ends[2])
{
	return socketpair(AF_UNIX, SOCK_SEQPACKET, 0, ends) == 0 &&
	    fcntl(ends[0], F_SETFL, O_NONBLOCK) == 0 &&
	    fcntl(ends[1], F_SETFL, O_NONBLOCK) == 0;
}

union control {
	struct cmsghdr head;
	char bytes[CMSG_SPACE(sizeof(int))];
};

bool
talk_send(int end, const struct talk *t, int fd)
{
	union control control = { 0 };
	struct iovec io = { (void *)(uintptr_t)t, sizeof(*t) };
	struct msghdr m = { .msg_iov = &io, .msg_iovlen = 1 };
	if (fd != -1) {
		m.msg_control = control.bytes;
		m.msg_controllen = sizeof(control.bytes);
		struct cmsghdr *c = CMSG_FIRSTHDR(&m);
		c->cmsg_level = SOL_SOCKET;
		c->cmsg_type = SCM_RIGHTS;
		c->cmsg_len = CMSG_LEN(sizeof(int));
		memcpy(CMSG_DATA(c), &fd, sizeof(fd));
	}
	ssize_t n;
	do	/* in the sandbox there is no sendmsg(2) */
		n = fd == -1 ? write(end, t, sizeof(*t)) : sendmsg(end, &m, 0);
	while (n == -1 && errno == EINTR);
	return n == (ssize_t)sizeof(*t);
}

bool
talk_say(int end, enum talk_type type)
{
	struct talk t = { .type = type };
	return talk_send(end, &t, -1);
}

int
talk_receive(int end, struct talk *t, int *fd)
{
	union control control = { 0 };
	struct iovec io = { t, sizeof(*t) };
	struct msghdr m = { .msg_iov = &io, .msg_iovlen = 1,
		.msg_control = control.bytes,
		.msg_controllen = sizeof(control.bytes) };
	*fd = -1;
	ssize_t n = recvmsg(end, &m, 0);
	if (n == -1 && (errno == EINTR || errno == EAGAIN))
		return 0;
	struct cmsghdr *c = n > 0 ? CMSG_FIRSTHDR(&m) : NULL;
	if (c != NULL && c->cmsg_level == SOL_SOCKET &&
	    c->cmsg_type == SCM_RIGHTS)
		memcpy(fd, CMSG_DATA(c), sizeof(*fd));
	if (n != (ssize_t)sizeof(*t)) {
		if (*fd != -1)
			close(*fd);
		*fd = -1;
		return -1;
	}
	t->text[TALK_TEXT - 1] = '\0';
	return 1;
}
