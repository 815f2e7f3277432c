/* SPDX-License-Identifier: MIT
 *
 * To be loaded into procmap before the C library: the first answer with
 * sockets breaks off, as where the kernel has no memory for the rest.
 */
#include <dlfcn.h>
#include <errno.h>
#include <stdbool.h>
#include <sys/socket.h>

enum { TABLE = 65536,		/* who asks for a table has as much room */
	SOCKET = 72 };		/* and one in it takes more than this */

ssize_t
recv(int fd, void *bytes, size_t len, int flags)
{
	static bool broken;
	static ssize_t (*real)(int, void *, size_t, int);
	if (real == 0)
		*(void **)&real = dlsym(RTLD_NEXT, "recv");
	if (len >= TABLE && !broken &&
	    real(fd, bytes, len, flags | MSG_PEEK) > SOCKET) {
		broken = true;
		errno = ENOBUFS;
		return -1;
	}
	return real(fd, bytes, len, flags);
}
