/* SPDX-License-Identifier: MIT
 *
 * Asking capd for the list, and the kernel's counters for rates.
 */
#include "tuiview/interfaces.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lib/json_read.h"

/* Bytes both ways since boot; 0 where the system does not tell so. */
static uint64_t
counter(const char *name)
{
	static const char *const ways[] = { "rx_bytes", "tx_bytes" };
	uint64_t sum = 0;
	if (strchr(name, '/') != NULL)
		return 0;
	for (int i = 0; i < 2; i++) {
		char path[160];
		unsigned long long value = 0;
		snprintf(path, sizeof(path),
		    "/sys/class/net/%.64s/statistics/%s", name, ways[i]);
		FILE *f = fopen(path, "re");
		if (f == NULL)
			return 0;
		if (fscanf(f, "%llu", &value) == 1)
			sum += value;
		fclose(f);
	}
	return sum;
}

static void
look(struct interfaces *in, uint64_t now)
{
	uint64_t passed = now - in->looked;
	for (int i = 0; i < in->count; i++) {
		uint64_t value = counter(in->list[i].name);
		if (in->looked != 0 && passed > 0 && value != 0 &&
		    value >= in->counters[i] && in->counters[i] != 0)
			in->list[i].rate = (int64_t)((value -
			    in->counters[i]) * 1000 / passed);
		in->counters[i] = value;
	}
	in->looked = now;
}

bool
interfaces_look(struct interfaces *in, uint64_t now)
{
	if (in->asked || in->count == 0 || now < in->looked + 1000)
		return false;
	look(in, now);
	return true;
}

static void
fail(struct interfaces *in)
{
	snprintf(in->error, sizeof(in->error), "capd cannot be asked: %s",
	    strerror(errno));
}

void
interfaces_ask(struct interfaces *in)
{
	int ends[2];
	if (in->asked)
		return;
	in->error[0] = '\0';
	if (pipe2(ends, O_CLOEXEC) == -1) {
		fail(in);
		return;
	}
	in->pid = fork();
	if (in->pid == 0) {
		int null = open("/dev/null", O_RDWR);
		dup2(null, STDIN_FILENO);
		dup2(ends[1], STDOUT_FILENO);
		dup2(null, STDERR_FILENO);
		execlp("capd", "capd", "-L", "--json", (char *)NULL);
		_exit(127);
	}
	if (in->pid == -1) {
		fail(in);
		close(ends[0]);
		close(ends[1]);
		return;
	}
	close(ends[1]);
	fcntl(ends[0], F_SETFL, O_NONBLOCK);
	in->fd = ends[0];
	in->asked = true;
	in->looked = 0;
	buf_reset(&in->text);
}

static void
text_of(const struct json *j, uint32_t object, const char *name, char *text,
    size_t size)
{
	text[0] = '\0';
	json_read_text(j, json_get(j, object, name), text, size);
	/* From the system, but a name is a name. */
	for (char *c = text; *c != '\0'; c++)
		if ((unsigned char)*c < 0x20 || *c == 0x7f)
			*c = '?';
}

static void
add(struct interfaces *in, const struct json *j, uint32_t object)
{
	if (in->count == INTERFACES)
		return;
	struct interface *f = &in->list[in->count];
	char state[16];
	*f = (struct interface){ .rate = -1 };
	text_of(j, object, "name", f->name, sizeof(f->name));
	text_of(j, object, "description", f->kind, sizeof(f->kind));
	text_of(j, object, "state", state, sizeof(state));
	f->state = strcmp(state, "running") == 0 ? "up" :
	    strcmp(state, "up") == 0 ? "no link" : "down";
	uint32_t list = json_get(j, object, "addresses");
	size_t len = 0;
	for (uint32_t n = json_first(j, list); n != JSON_NONE;
	    n = json_next(j, list, n)) {
		char one[64];
		if (!json_read_text(j, n, one, sizeof(one)) ||
		    len + strlen(one) + 3 > sizeof(f->addresses))
			continue;
		len += (size_t)snprintf(f->addresses + len,
		    sizeof(f->addresses) - len, "%s%s", len > 0 ? ", " : "",
		    one);
	}
	in->count += f->name[0] != '\0';
}

/* An array of objects, an object with such an array, or an object a line. */
static bool
parse(struct interfaces *in, const char *text, size_t len,
    uint64_t now)
{
	struct json j = { .text = NULL };
	in->count = 0;
	for (size_t from = 0; from < len;) {
		const char *end = memchr(text + from, '\n', len - from);
		size_t to = end != NULL ? (size_t)(end - text) : len;
		bool whole = json_parse(&j, text + from, to - from);
		if (!whole && from == 0 && json_parse(&j, text, len)) {
			whole = true;	/* over several lines */
			to = len;
		}
		uint32_t list = whole && j.nodes[0].kind == JSON_OBJECT ?
		    json_get(&j, 0, "interfaces") : 0;
		if (whole && list == JSON_NONE)
			add(in, &j, 0);
		for (uint32_t n = whole ? json_first(&j, list) : JSON_NONE;
		    n != JSON_NONE && list != JSON_NONE &&
		    j.nodes[list].kind == JSON_ARRAY;
		    n = json_next(&j, list, n))
			add(in, &j, n);
		from = to + 1;
	}
	json_done(&j);
	in->looked = 0;
	look(in, now);
	return in->count > 0;
}

bool
interfaces_step(struct interfaces *in, uint64_t now)
{
	if (!in->asked)
		return false;
	for (;;) {
		char *at = buf_reserve(&in->text, 4096);
		ssize_t n = read(in->fd, at, 4096);
		if (n == -1 && (errno == EAGAIN || errno == EINTR))
			return false;
		if (n <= 0)
			break;
		in->text.len += (size_t)n;
		if (in->text.len > 1024 * 1024)
			break;
	}
	int status = 0;
	close(in->fd);
	waitpid(in->pid, &status, 0);
	in->asked = false;
	if (!parse(in, buf_text(&in->text), in->text.len, now))
		snprintf(in->error, sizeof(in->error), WIFEXITED(status) &&
		    WEXITSTATUS(status) == 127 ? "capd is not in the PATH: "
		    "no list of interfaces" : "capd told of no interface");
	return true;
}

void
interfaces_done(struct interfaces *in)
{
	if (in->asked) {
		kill(in->pid, SIGTERM);
		waitpid(in->pid, NULL, 0);
		close(in->fd);
		in->asked = false;
	}
	buf_done(&in->text);
}
